/* One block of Python on a page: its buttons, its editor, and what it has shown. */

import { button, el } from "../dom";
import type { Editor } from "../editor";
import type { Output } from "../protocol";
import { type Jump, shown } from "./output";
import type { Opener } from "../talk/opened";

export interface Callbacks {
  run(block: Block): void;
  stop(): void;
  jump: Jump;
  opener: Opener;
}

export class Block {
  readonly number: number;
  /** Whether the block is there to fail. */
  readonly raises: boolean;
  /** The worker in which the block has run, by its `generation`; 0 if it has not. */
  ranIn = 0;
  private readonly given: string;
  private readonly bar: HTMLElement;
  private readonly runButton: HTMLButtonElement;
  private readonly resetButton: HTMLButtonElement;
  private readonly status: HTMLElement;
  private readonly live: HTMLElement;
  private readonly recorded: HTMLElement[];
  private readonly predict: boolean;
  private editor: Editor | undefined;
  private editing: HTMLElement | undefined;
  private prediction: string | undefined;

  constructor(
    private readonly code: HTMLElement,
    private readonly calls: Callbacks,
  ) {
    this.number = Number(code.dataset["block"]);
    this.raises = "raises" in code.dataset;
    this.given = (code.querySelector("code")?.textContent ?? "").replace(/\n+$/, "") + "\n";
    this.recorded = outputsAfter(code);
    this.predict = "predict" in code.dataset && this.recorded.length > 0;
    this.runButton = button("Run", () => this.pressed(), { class: "pg-button pg-run", "aria-label": `Run block ${this.number}` });
    const edit = button("Edit", () => this.edit(), { "aria-label": `Edit block ${this.number}` });
    this.resetButton = button("Reset", () => this.reset(), { hidden: true, "aria-label": `Reset block ${this.number}` });
    this.status = el("span", { class: "pg-status", role: "status" });
    this.bar = el("div", { class: "pg-bar" }, this.runButton, edit, this.resetButton, this.status);
    this.live = el("div", { class: "pg-outputs" });
    lastOf(code).after(this.bar, this.live);
    if (this.predict) this.ask();
  }

  get source(): string {
    return this.editor?.text() ?? this.given;
  }

  /** Says what the block is waiting for; "" says nothing. */
  say(words: string, share?: number): void {
    this.status.replaceChildren(words);
    if (share !== undefined) this.status.append(el("progress", { max: 1, value: share, "aria-label": words }));
  }

  /** Shows that the block runs, with a button that stops it, or that it does not. */
  isRunning(running: boolean): void {
    this.bar.classList.toggle("pg-is-running", running);
    this.runButton.textContent = running ? "Stop" : "Run";
    this.runButton.setAttribute("aria-label", `${running ? "Stop" : "Run"} block ${this.number}`);
  }

  show(outputs: Output[]): void {
    for (const each of this.recorded) each.hidden = true;
    this.resetButton.hidden = false;
    const said = this.prediction
      ? [el("p", { class: "pg-you-said" }, "You said: ", el("q", {}, this.prediction))]
      : [];
    this.live.replaceChildren(...said, ...shown(outputs, this.calls.jump, this.calls.opener));
    this.live.dataset["state"] = "shown";
  }

  /** Shows a sentence where the output would be. */
  tell(words: string): void {
    this.live.dataset["state"] = "told";
    this.live.replaceChildren(el("p", { class: "pg-nothing" }, words));
  }

  async edit(line = 0): Promise<void> {
    if (!this.editor) {
      const { makeEditor } = await import("../editor");
      this.editor = makeEditor({
        text: this.given.replace(/\n$/, ""),
        label: `Block ${this.number}`,
        run: () => this.pressed(),
        changed: () => {
          this.ranIn = 0;
          this.resetButton.hidden = false;
        },
      });
      this.editing = el("div", { class: "pg-editor" }, this.editor.element);
      this.code.before(this.editing);
      this.code.hidden = true;
    }
    if (line) {
      this.editor.mark(line);
      this.editor.goTo(line);
    } else {
      this.editor.focus();
    }
  }

  private pressed(): void {
    if (this.bar.classList.contains("pg-is-running")) this.calls.stop();
    else this.calls.run(this);
  }

  private reset(): void {
    this.editing?.remove();
    this.editing = this.editor = undefined;
    this.code.hidden = false;
    this.ranIn = 0;
    this.prediction = undefined;
    this.live.replaceChildren();
    delete this.live.dataset["state"];
    for (const each of this.recorded) each.hidden = false;
    this.resetButton.hidden = true;
    this.runButton.focus();
    if (this.predict) this.ask();
  }

  /* Keeps the recorded output back until the reader has said what it will be, or wants to see it. */
  private ask(): void {
    for (const each of this.recorded) each.hidden = true;
    const guess = el("input", { type: "text", id: `pg-guess-${this.number}`, autocomplete: "off" });
    const go = (event: Event): void => {
      event.preventDefault();
      this.prediction = guess.value.trim();
      this.calls.run(this);
    };
    const look = button("Show the answer", () => {
      this.live.replaceChildren();
      for (const each of this.recorded) {
        each.hidden = false;
        if (each instanceof HTMLDetailsElement) each.open = true;
      }
    }, { class: "pg-link" });
    this.live.replaceChildren(
      el("form", { class: "pg-predict", on: { submit: go } },
        el("label", { for: guess.id }, "What will it show?"),
        guess,
        el("button", { type: "submit", class: "pg-button pg-run" }, "Run and compare"),
        look,
      ),
    );
  }
}

/* Returns the block, or what the site says about its lines, which is below it. */
function lastOf(code: HTMLElement): Element {
  const next = code.nextElementSibling;
  return next?.classList.contains("new-lines") ? next : code;
}

function outputsAfter(code: HTMLElement): HTMLElement[] {
  const found: HTMLElement[] = [];
  let next = lastOf(code).nextElementSibling;
  while (next instanceof HTMLElement && next.classList.contains("output")) {
    found.push(next);
    next = next.nextElementSibling;
  }
  return found;
}
