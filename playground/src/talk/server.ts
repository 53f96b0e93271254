/* Inside the server: its log, who is in `butterflies`, and where its tasks wait. */

import { button, el } from "../dom";
import { Entries } from "../entries";
import { Lines } from "../lines";
import type { Happened, Note } from "../protocol";
import { failureText } from "../turn/report";

const LEVELS: Record<string, string> = { exception: "error", "never awaited": "error", blocked: "warning", leftover: "warning", reached: "info" };

/** The state of the task in an entry of `butterflies`. */
const STATES: Record<string, string> = {
  pending: "task: running",
  done: "task: done",
  cancelled: "task: cancelled",
  failed: "task: failed",
};

export class Server {
  readonly element: HTMLElement;
  private readonly log = new Lines(el("div", { class: "pg-log pg-server-log", role: "log", tabindex: 0, "aria-label": "The server's log" }));
  private readonly butterflies = new Entries<[key: string, client: string, state: string]>(el("ul", { class: "pg-butterflies" }), ([key, client, state]) =>
    el("li", { "data-state": state }, el("code", {}, JSON.stringify(key)),
      client && el("span", {}, `butterfly of ${client}`), el("span", { class: "pg-state" }, STATES[state] ?? state)));
  private readonly waiting = new Entries<Note>(el("ul", { class: "pg-waiting" }), (note) =>
    el("li", {}, el("code", {}, note.type), ` waits for ${note.message}`, this.link(note)));
  private readonly trouble = el("div", { class: "pg-trouble" });

  constructor(private readonly goTo: (line: number) => void) {
    this.element = el("section", { class: "pg-server", "aria-label": "Inside the server" },
      this.trouble,
      el("div", { class: "pg-part" }, el("h4", {}, "Log"), this.log.element),
      el("div", { class: "pg-part" }, el("h4", {}, "butterflies"), this.butterflies.element),
      el("div", { class: "pg-part" }, el("h4", {}, "Waiting"), this.waiting.element),
    );
    this.clear();
  }

  clear(): void {
    this.log.clear();
    this.trouble.replaceChildren();
    this.butterflies.show([], "nobody");
    this.waiting.show([], "nothing");
  }

  show(happened: Happened): void {
    if (happened.printed) this.add("", happened.printed.replace(/\n$/, ""), "printed");
    for (const note of happened.notes) this.hear(note);
    if (happened.failure) {
      this.trouble.replaceChildren(el("p", {}, el("strong", {}, "The server has stopped.")), failureText(happened.failure));
    }
    this.butterflies.show(happened.butterflies, "nobody");
    this.waiting.show(happened.waiting, "Your code waits nowhere.");
  }

  private hear(note: Note): void {
    if (note.kind === "waiting") return;
    const said = note.kind === "exception" ? `${note.type}: ${note.message}` : note.kind === "reached" ? `${note.message} (not written yet)` : note.message;
    this.add(note.level || note.kind, said, LEVELS[note.kind] ?? note.level.toLowerCase(), this.link(note));
  }

  private add(level: string, text: string, look: string, link: HTMLElement | "" = ""): void {
    this.log.add(el("div", { class: `pg-entry pg-log-${look}` }, level && el("span", { class: "pg-level" }, level), el("span", {}, text), link));
  }

  private link(note: Note): HTMLElement | "" {
    if (!note.line || !note.file.includes("/work/")) return "";
    const to = (line: number): HTMLElement => button(`line ${line}`, () => this.goTo(line), { class: "pg-link" });
    const calls = [...note.calls].reverse().flatMap((line) => [", called from ", to(line)]);
    return el("span", {}, to(note.line), ...calls);
  }
}
