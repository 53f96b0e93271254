/* Shows a drawing that came from beside the learner's code, and nothing else that it might contain.

   What such a drawing is made of is listed here. Anything else is left out: scripts, links, styles
   and foreign content. The site's style sheet has the colors, by class. */

const ELEMENTS = new Set(["svg", "g", "path", "rect", "circle", "line", "text", "tspan", "title", "desc"]);
const ATTRIBUTES = new Set([
  ...["class", "d", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "width", "height", "viewBox"],
  ...["fill", "stroke", "stroke-width", "stroke-dasharray", "font-weight", "font-size", "font-family"],
  ...["textLength", "text-anchor", "role", "opacity", "xml:space", "transform"],
]);
const SVG = "http://www.w3.org/2000/svg";

/** Returns the drawing with `words` as what a screen reader says, or null if it is not one. */
export function picture(source: string, words: string): SVGElement | null {
  return new GrowingPicture().show(source, words);
}

/** A drawing that is drawn again when it has grown. What is as it was keeps its element. */
export class GrowingPicture {
  private drawing: SVGElement | undefined;
  private parts: { source: Element; copy: Element | null }[] = [];

  /** Returns the drawing as it is now: the same element each time. Returns null if it is not one. */
  show(source: string, words: string): SVGElement | null {
    const parsed = new DOMParser().parseFromString(source, "image/svg+xml").documentElement;
    if (parsed.localName !== "svg") return null;
    const drawing = (this.drawing ??= document.createElementNS(SVG, "svg"));
    copyAttributes(parsed, drawing);
    drawing.classList.add("pg-picture");
    drawing.setAttribute("role", "img");
    drawing.setAttribute("aria-label", words);
    const sources = [...parsed.children];
    for (const { copy } of this.parts.splice(sources.length)) copy?.remove();
    sources.forEach((child, index) => this.showPart(drawing, child, index));
    return drawing;
  }

  private showPart(drawing: SVGElement, source: Element, index: number): void {
    const before = this.parts[index];
    if (before?.source.isEqualNode(source)) return;
    const copy = copied(source);
    if (before?.copy && copy) before.copy.replaceWith(copy);
    else {
      before?.copy?.remove();
      const next = this.parts.slice(index + 1).find((part) => part.copy)?.copy;
      if (copy) drawing.insertBefore(copy, next ?? null);
    }
    this.parts[index] = { source, copy };
  }
}

function copyAttributes(element: Element, copy: Element): void {
  for (const { name, value } of element.attributes) {
    const row = name === "style" && /^--row:(\d+)$/.exec(value)?.[1];
    if (row) copy.setAttribute("data-row", row);
    if (ATTRIBUTES.has(name) && !/url\s*\(/i.test(value)) copy.setAttribute(name, value);
  }
}

function copied(element: Element): Element | null {
  if (!ELEMENTS.has(element.localName)) return null;
  const copy = document.createElementNS(SVG, element.localName);
  copyAttributes(element, copy);
  for (const child of element.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) copy.append(child.textContent ?? "");
    if (child instanceof Element) copy.append(copied(child) ?? "");
  }
  return copy;
}
