/* Lets the reader step through a picture of a conversation, recorded or new, where it stands. */

import { button, el } from "../dom";
import type { Picture } from "../protocol";
import { Wire } from "../talk/wire";

/** Returns a button that puts the picture's steps in its place; null for a picture of anything else. */
export function stepsButton(drawing: SVGElement, place: Element): HTMLElement | null {
  const rows = rowsOf(drawing);
  if (rows.length < 2) return null;
  const steps = button("Step through", () => {
    const wire = new Wire("The conversation, step by step");
    const words = drawing.querySelector("desc")?.textContent ?? drawing.getAttribute("aria-label") ?? "";
    const picture: Picture = { svg: new XMLSerializer().serializeToString(drawing), words, rows };
    place.replaceWith(wire.element);
    bar.remove();
    wire.show(picture, 0);
    wire.focus();
  });
  const bar = el("div", { class: "pg-steps" }, steps);
  return bar;
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
