/* Makes elements. Text is always text: nothing here reads markup. */

type Child = Node | string | null | undefined | false;
type Listener = (event: Event) => unknown;

interface Properties {
  class?: string;
  on?: Record<string, Listener>;
  [attribute: string]: string | number | boolean | undefined | Record<string, Listener>;
}

/** Makes an element: `el("button", { class: "pg-run", on: { click: run } }, "Run")`. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "on") {
      for (const [event, listener] of Object.entries(value as Record<string, Listener>)) {
        element.addEventListener(event, listener);
      }
    } else if (value !== false && value !== undefined) {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...children.filter((child): child is Node | string => !!child));
  return element;
}

export function button(label: string, press: Listener, properties: Properties = {}): HTMLButtonElement {
  return el("button", { type: "button", class: "pg-button", ...properties, on: { click: press } }, label);
}

/** Text with `code` between backquotes. */
export function withCode(text: string): Node[] {
  return text
    .split(/(`[^`\n]+`)/)
    .filter(Boolean)
    .map((part) =>
      /^`[^`]+`$/.test(part) ? el("code", {}, part.slice(1, -1)) : document.createTextNode(part),
    );
}
