/* What the reader has written for one chapter, kept in the browser. */

import * as storage from "../storage";

const VERSION = 1;
const MOST_EARLIER = 6;

interface Kept {
  version: number;
  /** The starter that the text began with, to notice when that has changed. */
  starter: string;
  text: string;
}

/** A text that was replaced by another one, and when: as `Date.now()` counts. */
export interface Earlier {
  when: number;
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

  /** Forgets the text, so that it is the starter again. */
  reset(): void {
    storage.remove(this.key);
  }

  /** Keeps a text that something else replaces, so that it can be brought back. */
  setAside(text: string): void {
    if (text === this.starter || !text.trim()) return;
    const others = this.earlier.filter((each) => each.text !== text);
    const kept: Earlier[] = [{ when: Date.now(), text }, ...others].slice(0, MOST_EARLIER);
    storage.write(`${this.key}:earlier`, JSON.stringify(kept));
  }

  /** The texts that were set aside, the latest first. */
  get earlier(): Earlier[] {
    try {
      const kept = JSON.parse(storage.read(`${this.key}:earlier`) ?? "[]") as Earlier[];
      return kept.filter((each) => typeof each.text === "string" && Number.isFinite(each.when));
    } catch {
      return [];
    }
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
