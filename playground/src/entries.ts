/* A list that shows data, one entry for each item. An item that was there keeps its element. */

import { el } from "./dom";

export class Entries<T> {
  private shown = new Map<string, HTMLElement>();

  constructor(
    readonly element: HTMLElement,
    private readonly make: (item: T) => HTMLElement,
  ) {}

  /** Shows these items. Without any, the list says `none`. */
  show(items: T[], none: string): void {
    const before = this.shown;
    this.shown = new Map();
    for (const item of items) {
      const key = this.freeKey(JSON.stringify(item));
      this.shown.set(key, before.get(key) ?? this.make(item));
    }
    if (!items.length) this.shown.set(none, before.get(none) ?? el("li", { class: "pg-none" }, none));
    const keys = [...before.keys()];
    if (keys.length === this.shown.size && keys.every((key) => this.shown.has(key))) return;
    this.element.replaceChildren(...this.shown.values());
  }

  private freeKey(key: string): string {
    let free = key;
    for (let number = 2; this.shown.has(free); number += 1) free = `${key} ${number}`;
    return free;
  }
}
