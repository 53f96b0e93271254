/* What the reader has written for one chapter, kept in the browser. */

import * as storage from "../storage";

const VERSION = 1;

interface Kept {
  version: number;
  /** The starter that the text began with, to notice when that has changed. */
  starter: string;
  text: string;
}

export class Draft {
  private readonly key: string;

  constructor(
    chapter: string,
    private readonly starter: string,
  ) {
    this.key = `draft:${chapter}`;
  }

  /** The text as it was left, or the starter. */
  get text(): string {
    return this.kept()?.text ?? this.starter;
  }

  /** Whether there is more than the starter. */
  get isKept(): boolean {
    return this.kept() !== null;
  }

  /** Whether the text began with a starter that is not this one. */
  get isOlder(): boolean {
    const kept = this.kept();
    return kept !== null && kept.starter !== digest(this.starter);
  }

  keep(text: string): void {
    if (text === this.starter && !this.kept()) return;
    const starter = this.kept()?.starter ?? digest(this.starter);
    storage.write(this.key, JSON.stringify({ version: VERSION, starter, text } satisfies Kept));
  }

  /** Begins with the starter again. What was there can be brought back. */
  reset(): void {
    storage.write(`${this.key}:before`, this.text);
    storage.remove(this.key);
  }

  /** What was there before the last reset, or null. */
  get before(): string | null {
    return storage.read(`${this.key}:before`);
  }

  /** Calls `listener` with the text when another tab has changed it. */
  onOtherTab(listener: (text: string) => void): void {
    storage.onOtherTab(this.key, () => listener(this.text));
  }

  private kept(): Kept | null {
    try {
      const kept = JSON.parse(storage.read(this.key) ?? "null") as Partial<Kept> | null;
      return kept?.version === VERSION && typeof kept.text === "string" ? (kept as Kept) : null;
    } catch {
      return null;
    }
  }
}

/** Returns a short text that differs when `text` does (FNV-1a, in 32 bits). */
function digest(text: string): string {
  let hash = 0x811c9dc5;
  for (const character of text) {
    hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  }
  return (hash >>> 0).toString(16);
}
