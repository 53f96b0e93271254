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
  const parsed = new DOMParser().parseFromString(source, "image/svg+xml");
  if (parsed.documentElement.localName !== "svg") return null;
  const drawing = copied(parsed.documentElement) as SVGElement | null;
  if (!drawing) return null;
  drawing.classList.add("pg-picture");
  drawing.setAttribute("role", "img");
  drawing.setAttribute("aria-label", words);
  return drawing;
}

function copied(element: Element): Element | null {
  if (!ELEMENTS.has(element.localName)) return null;
  const copy = document.createElementNS(SVG, element.localName);
  for (const { name, value } of element.attributes) {
    const row = name === "style" && /^--row:(\d+)$/.exec(value)?.[1];
    if (row) copy.setAttribute("data-row", row);
    if (ATTRIBUTES.has(name) && !/url\s*\(/i.test(value)) copy.setAttribute(name, value);
  }
  for (const child of element.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) copy.append(child.textContent ?? "");
    if (child instanceof Element) copy.append(copied(child) ?? "");
  }
  return copy;
}
