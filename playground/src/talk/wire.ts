/* The conversation as a picture that can be played: forward, step by step, or to any point. */

import { button, el } from "../dom";
import { GrowingPicture } from "../picture";
import type { Picture } from "../protocol";

const STEP = 550; // ms from one arrow to the next
const SLOW = 4; // times as long

const isStill = window.matchMedia("(prefers-reduced-motion: reduce)");

export class Wire {
  readonly element: HTMLElement;
  private readonly box = el("div", { class: "pg-wire-box", tabindex: 0, role: "group", "aria-label": "The conversation, drawn" });
  private readonly said = el("p", { class: "pg-row-said", role: "status" });
  private readonly play: HTMLButtonElement;
  private readonly scrub: HTMLInputElement;
  private readonly slow: HTMLInputElement;
  private rows: SVGElement[][] = [];
  private words: string[] = [];
  private readonly growing = new GrowingPicture();
  private drawing: SVGElement | undefined;
  private shown = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(label: string) {
    this.play = button("Play", () => this.playOrPause());
    this.scrub = el("input", { type: "range", min: 0, value: 0, "aria-label": "How much of the conversation is shown", on: { input: () => this.goTo(Number(this.scrub.value)) } });
    this.slow = el("input", { type: "checkbox" });
    const controls = el("div", { class: "pg-row pg-controls" },
      button("◂", () => this.goTo(this.shown - 1), { "aria-label": "One step back" }),
      this.play,
      button("▸", () => this.step(), { "aria-label": "One step forward" }),
      this.scrub,
      el("label", { class: "pg-check-label" }, this.slow, "Slow"),
    );
    this.element = el("section", { class: "pg-wire", "aria-label": label }, this.box, this.said, controls);
  }

  /** Shows a conversation, and plays what is new since `from` rows. */
  show({ svg, words, rows }: Picture, from: number): void {
    this.pause();
    const drawing = this.growing.show(svg, words);
    if (!drawing) return;
    this.drawing = drawing;
    this.words = rows;
    const found: SVGElement[][] = rows.map(() => []);
    for (const row of drawing.querySelectorAll<SVGElement>("[data-row]")) found[Number(row.dataset["row"])]?.push(row);
    this.rows = found;
    if (drawing.parentNode !== this.box) this.box.replaceChildren(drawing);
    this.scrub.max = String(rows.length);
    if (isStill.matches || from >= rows.length) {
      this.goTo(rows.length);
    } else {
      this.goTo(Math.max(0, from));
      this.schedule();
    }
  }

  /** Says whether more has happened than is drawn. */
  isBehind(is: boolean): void {
    this.box.setAttribute("aria-busy", String(is));
  }

  /** Moves the focus to the button that plays and pauses. */
  focus(): void {
    this.play.focus({ preventScroll: true });
  }

  /** How many rows there are. */
  get length(): number {
    return this.words.length;
  }

  private goTo(place: number): void {
    this.pause();
    this.reveal(Math.min(Math.max(place, 0), this.length));
  }

  private step(): void {
    this.pause();
    if (this.shown < this.length) this.travel();
  }

  private playOrPause(): void {
    if (this.timer !== undefined) {
      this.pause();
      return;
    }
    if (this.shown >= this.length) this.reveal(0);
    this.schedule();
  }

  private schedule(): void {
    this.play.textContent = "Pause";
    const advance = (): void => {
      if (this.shown >= this.length) {
        this.pause();
        return;
      }
      this.travel();
      this.timer = setTimeout(advance, this.pace);
    };
    this.timer = setTimeout(advance, 80);
  }

  private pause(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.play.textContent = "Play";
  }

  private get pace(): number {
    return this.slow.checked ? STEP * SLOW : STEP;
  }

  /* Shows the next row, and a dot that travels along its arrow. */
  private travel(): void {
    const row = this.rows[this.shown]?.[0];
    this.reveal(this.shown + 1);
    const shaft = row?.querySelector<SVGPathElement>("g[stroke] path");
    if (!row || !shaft || isStill.matches) return;
    const length = shaft.getTotalLength();
    const [start, end] = [shaft.getPointAtLength(0), shaft.getPointAtLength(length)];
    const dot = document.createElementNS("http://www.w3.org/2000/svg", "circle");
    dot.setAttribute("r", "5");
    dot.setAttribute("class", "pg-dot");
    row.append(dot);
    const frames = [start, end].map(({ x, y }) => ({ transform: `translate(${x}px, ${y}px)` }));
    const travelling = dot.animate(frames, { duration: this.pace * 0.8, easing: "ease-in-out" });
    travelling.onfinish = () => dot.remove();
  }

  private reveal(count: number): void {
    this.shown = count;
    this.scrub.value = String(count);
    this.said.textContent = count ? this.words[count - 1] ?? "" : "Nothing has happened yet.";
    this.rows.forEach((row, index) => row.forEach((part) => part.classList.toggle("pg-later", index >= count)));
    if (this.drawing) this.cut(count);
  }

  /* Hides what is below the last row that is shown: the lines of the parties have not come so far. */
  private cut(count: number): void {
    const drawing = this.drawing as SVGSVGElement;
    const last = this.rows[count - 1]?.[0] as SVGGraphicsElement | undefined;
    const first = this.rows[0]?.[0] as SVGGraphicsElement | undefined;
    if (count >= this.length || !first) {
      drawing.style.clipPath = "";
      if (last) keepInView(this.box, last);
      return;
    }
    const height = drawing.viewBox.baseVal.height;
    const bottom = last ? last.getBBox().y + last.getBBox().height + 6 : first.getBBox().y;
    drawing.style.clipPath = `inset(0 0 ${(100 * (1 - bottom / height)).toFixed(2)}% 0)`;
    if (last) keepInView(this.box, last);
  }
}

/* Scrolls the box, and nothing else. */
function keepInView(box: HTMLElement, row: Element): void {
  const [around, inside] = [box.getBoundingClientRect(), row.getBoundingClientRect()];
  if (inside.bottom > around.bottom - 16) box.scrollTop += inside.bottom - around.bottom + 40;
  if (inside.top < around.top) box.scrollTop += inside.top - around.top - 16;
}
