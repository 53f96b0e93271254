/* What a reader can do with a picture of a conversation: step through it, and open it. */

import { button, el } from "../dom";
import type { Picture } from "../protocol";
import type { Opener } from "../talk/opened";
import { Wire } from "../talk/wire";

/** Puts the buttons below the picture in `box`. `play` is the fragment that opens it, or "". */
export function makePlayable(box: HTMLElement, play: string, opener: Opener): void {
  const drawing = box.querySelector("svg");
  const steps = drawing && stepsButton(drawing, box);
  const open = play && opener.button(play, box);
  if (steps || open) box.after(el("div", { class: "pg-steps" }, steps, open || null));
}

/* Returns a button that puts the picture's steps in its place; null for a picture of anything else. */
function stepsButton(drawing: SVGElement, box: HTMLElement): HTMLElement | null {
  const rows = rowsOf(drawing);
  if (rows.length < 2) return null;
  const steps = button("Step through", () => {
    const wire = new Wire("The conversation, step by step");
    const words = drawing.querySelector("desc")?.textContent ?? drawing.getAttribute("aria-label") ?? "";
    const picture: Picture = { svg: new XMLSerializer().serializeToString(drawing), words, rows };
    box.replaceChildren(wire.element);
    steps.remove();
    wire.show(picture, 0);
    wire.focus();
  });
  return steps;
}

/* What each row says: its words, as they are drawn. */
function rowsOf(drawing: SVGElement): string[] {
  const rows: string[] = [];
  for (const row of drawing.querySelectorAll<SVGElement>("[data-row], .row")) {
    const number = Number(row.dataset["row"] ?? row.style.getPropertyValue("--row"));
    const words = [...row.querySelectorAll("text")].map((text) => text.textContent).join(" ");
    rows[number] = rows[number] ? `${rows[number]} ${words}` : words;
  }
  return rows;
}
