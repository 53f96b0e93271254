/* What a block printed and drew, under the block. */

import { button, el } from "../dom";
import type { Output } from "../protocol";
import { picture } from "../picture";
import type { Opener } from "../talk/opened";
import { makePlayable } from "./playable";

export type Jump = (block: number, line: number) => void;

/** Returns an element for each output. `jump` leads to a line of a block. */
export function shown(outputs: Output[], jump: Jump, opener: Opener): HTMLElement[] {
  if (!outputs.length) return [el("p", { class: "pg-nothing" }, "This block prints nothing.")];
  return outputs.map((output) => el("div", { class: "output pg-live" }, ...inner(output, jump, opener)));
}

function inner(output: Output, jump: Jump, opener: Opener): Node[] {
  if (output.type === "picture") {
    const drawing = picture(output.svg, output.words);
    if (!drawing) return [pre(output.words)];
    const around = el("div", {}, el("div", { class: "picture" }, drawing));
    makePlayable(around.firstElementChild as HTMLElement, output.play, opener);
    return [...around.childNodes];
  }
  if (output.type === "text") return [pre(output.text.replace(/\n$/, ""))];
  const places = output.places.map(([block, line]) => {
    const number = Number(/\d+/.exec(block)?.[0] ?? 0);
    return button(`line ${line} of block ${number}`, () => jump(number, line), { class: "pg-link" });
  });
  const where = places.length ? [el("p", { class: "pg-places" }, "It came from ", ...between(places), ".")] : [];
  return [pre(output.text, "pg-error"), ...where];
}

function pre(text: string, look = ""): HTMLElement {
  return el("pre", { class: look, tabindex: 0, role: "group", "aria-label": "Output" }, text);
}

function between(places: Node[]): (Node | string)[] {
  const innermostFirst = [...places].reverse();
  return innermostFirst.flatMap((place, index) => (index ? [", called from ", place] : [place]));
}
