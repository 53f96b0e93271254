/* What the browser keeps for the reader. A browser may refuse, or be full: then everything works until
   the page is closed, and the reader is told once. */

const PREFIX = "workbook:";

export type Trouble = (sentence: string) => void;

const memory = new Map<string, string>();
let trouble: Trouble = () => undefined;
let told = false;

/** Calls `listener` once, when the browser does not keep something. */
export function onTrouble(listener: Trouble): void {
  trouble = listener;
}

export function read(key: string): string | null {
  if (memory.has(key)) return memory.get(key)!;
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

export function write(key: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + key, value);
    memory.delete(key);
  } catch {
    memory.set(key, value);
    if (!told) {
      told = true;
      trouble("Your browser keeps nothing for this page, or has no room left. Download your file before you leave.");
    }
  }
}

export function remove(key: string): void {
  memory.delete(key);
  try {
    localStorage.removeItem(PREFIX + key);
  } catch {
    // It was never kept.
  }
}

/** Calls `listener` when another tab has written this key. */
export function onOtherTab(key: string, listener: (value: string | null) => void): void {
  window.addEventListener("storage", (event) => {
    if (event.key === PREFIX + key) listener(event.newValue);
  });
}
