/* A box of lines that grows at its end, as a terminal does.

   What is added goes to the page once for each frame, however much it is. The oldest lines are dropped. */

import { el } from "./dom";

const MOST = 400; // lines that are kept

export class Lines {
  private added: HTMLElement[] = [];
  private frame = 0;
  private readonly earlier = el("div", { class: "pg-noted" }, "Earlier lines are left out.");

  constructor(readonly element: HTMLElement) {}

  add(line: HTMLElement): void {
    this.added.push(line);
    this.follow();
  }

  /** Has the end in view from the next frame on. */
  follow(): void {
    this.frame ||= requestAnimationFrame(() => this.show());
  }

  clear(): void {
    this.added = [];
    this.element.replaceChildren();
  }

  private show(): void {
    this.frame = 0;
    this.element.append(...this.added.splice(0));
    const dropped = this.element.children.length - MOST;
    if (dropped > 0) {
      for (let count = 0; count < dropped; count++) this.element.firstChild!.remove();
      this.element.prepend(this.earlier);
    }
    this.element.scrollTop = this.element.scrollHeight;
  }
}
