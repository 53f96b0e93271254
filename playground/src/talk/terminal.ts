/* One client's terminal. What was typed and what was received are on sides of their own. */

import { button, el } from "../dom";
import { Lines } from "../lines";
import type { Action, Event } from "../protocol";
import { fromEscapes, fromHex, Received, utf8 } from "./bytes";

let count = 0; // of all terminals on the page, for ids

type State = "away" | "connected" | "finished" | "gone";

const STATES: Record<State, string> = {
  away: "not connected",
  connected: "connected",
  finished: "finished sending",
  gone: "disconnected",
};
const LONG = 2_000; // characters received in a row, after which the next line begins an element of its own
const ENDINGS: Record<string, string> = {
  eof: "The server finished sending.",
  close: "The server hung up.",
  reset: "The server reset the connection.",
  refused: "Nobody listens: the connection was refused.",
};

export class Terminal {
  readonly element: HTMLElement;
  private state: State = "away";
  private isReading = true;
  private serverEnded = false;
  private received = new Received();
  private readonly badge = el("span", { class: "pg-badge" });
  private readonly log: Lines;
  private readonly line: HTMLInputElement;
  private readonly connect: HTMLButtonElement;
  private readonly more: HTMLElement;
  private readonly reading: HTMLButtonElement;
  private readonly complaint = el("p", { class: "pg-complaint", role: "alert" });
  private lastReceived: { element: HTMLElement; length: number } | undefined;

  constructor(
    readonly name: string,
    private readonly act: (action: Action) => void,
  ) {
    const id = `pg-line-${++count}`;
    this.log = new Lines(el("div", { class: "pg-log", role: "log", tabindex: 0, "aria-label": `${name}: typed and received` }));
    this.line = el("input", { id, type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false", enterkeyhint: "send" });
    this.connect = button("Connect", () => this.act({ do: "connect", client: name }), { "aria-label": `Connect ${name}` });
    this.reading = button("Stop reading", () => this.act({ do: this.isReading ? "pause" : "resume", client: name }));
    this.more = el("details", { class: "pg-more" }, el("summary", {}, "More"), this.raw(), this.endings());
    this.element = el(
      "section",
      { class: "pg-terminal", "aria-label": name },
      el("header", {}, el("strong", {}, name), this.badge, this.connect),
      this.log.element,
      el("form", { class: "pg-say", on: { submit: (event) => this.say(event) } },
        el("label", { for: id, class: "pg-hidden" }, `${name} says`),
        this.line,
        el("button", { type: "submit", class: "pg-button" }, "Send"),
      ),
      this.complaint,
      this.more,
    );
    this.change("away");
  }

  /** Shows what has happened on this client's connection. */
  hear(event: Event): void {
    if (event.target === "server") {
      if (event.kind === "connect") this.begin();
      return;
    }
    if (event.kind === "data") {
      this.receive(this.received.next(event.data));
      return;
    }
    const ending = ENDINGS[event.kind];
    if (!ending) return;
    this.note(ending);
    this.serverEnded = true;
    if (event.kind !== "eof" || this.state === "finished") this.change("gone");
    else this.show();
  }

  /** Shows what this client did. */
  did(action: Action): void {
    switch (action.do) {
      case "send":
        this.typed(action.pieces.join(""));
        break;
      case "half-close":
        this.note("You finished sending.");
        this.change(this.serverEnded ? "gone" : "finished");
        break;
      case "close":
        this.note("You hung up.");
        this.change("gone");
        break;
      case "reset":
        this.note("You reset the connection.");
        this.change("gone");
        break;
      case "pause":
      case "resume":
        this.isReading = action.do === "resume";
        this.reading.textContent = this.isReading ? "Stop reading" : "Read again";
        this.note(this.isReading ? "You read again." : "You stopped reading.");
        break;
    }
  }

  /** Shows that the server has ended, if it was running. */
  lose(): void {
    if (this.state === "away" || this.state === "gone") return;
    this.note("The server was stopped.");
    this.change("gone");
  }

  clear(): void {
    this.log.clear();
    this.lastReceived = undefined;
    this.received = new Received();
    this.isReading = true;
    this.serverEnded = false;
    this.reading.textContent = "Stop reading";
    this.change("away");
  }

  focus(): void {
    (this.line.disabled ? this.connect : this.line).focus();
  }

  /* A client that has left can come again: it is a new connection. */
  private begin(): void {
    if (this.state === "gone") this.note("A new connection.");
    this.received = new Received();
    this.isReading = true;
    this.serverEnded = false;
    this.reading.textContent = "Stop reading";
    this.change("connected");
  }

  private change(state: State): void {
    this.state = state;
    this.show();
  }

  private show(): void {
    const connected = this.state === "connected";
    this.badge.textContent = connected && this.serverEnded ? "the server finished" : STATES[this.state];
    this.element.dataset["state"] = this.state;
    this.connect.hidden = this.state !== "away" && this.state !== "gone";
    this.line.disabled = !connected;
    this.more.hidden = this.state === "away" || this.state === "gone";
  }

  private say(event: globalThis.Event): void {
    event.preventDefault();
    if (this.line.disabled) return;
    this.act({ do: "send", client: this.name, pieces: [utf8(`${this.line.value}\n`)] });
    this.line.value = "";
  }

  private raw(): HTMLElement {
    const id = `pg-raw-${count}`;
    const bytes = el("input", { id, type: "text", autocomplete: "off", spellcheck: "false", placeholder: "caf\\xc3\\xa9\\r\\n" });
    const kind = el("select", { "aria-label": `How ${this.name}'s bytes are written` }, el("option", { value: "escapes" }, "escapes"), el("option", { value: "hex" }, "hex"));
    const send = (event: globalThis.Event): void => {
      event.preventDefault();
      try {
        const data = kind.value === "hex" ? fromHex(bytes.value) : fromEscapes(bytes.value);
        this.complaint.textContent = "";
        if (data) this.act({ do: "send", client: this.name, pieces: [data] });
      } catch (error) {
        this.complaint.textContent = (error as Error).message;
      }
    };
    return el("form", { class: "pg-say", on: { submit: send } },
      el("label", { for: id }, "Bytes"), bytes, kind, el("button", { type: "submit", class: "pg-button" }, "Send"));
  }

  private endings(): HTMLElement {
    const client = this.name;
    return el("div", { class: "pg-row" },
      button("Finish sending", () => this.act({ do: "half-close", client })),
      button("Hang up", () => this.act({ do: "close", client })),
      button("Reset", () => this.act({ do: "reset", client })),
      this.reading,
    );
  }

  private typed(data: string): void {
    const text = new Received().next(data);
    this.add(el("div", { class: "pg-typed" }, el("span", { class: "pg-hidden" }, "typed: "), text.replace(/\n$/, "")));
  }

  private receive(text: string): void {
    if (!this.lastReceived) {
      this.lastReceived = { element: el("div", { class: "pg-received-text" }), length: 0 };
      this.log.add(this.lastReceived.element);
    }
    this.lastReceived.element.append(text);
    this.lastReceived.length += text.length;
    if (this.lastReceived.length > LONG && text.endsWith("\n")) this.lastReceived = undefined;
    this.log.follow();
  }

  private note(sentence: string): void {
    this.add(el("div", { class: "pg-noted" }, sentence));
  }

  private add(line: HTMLElement): void {
    this.lastReceived = undefined;
    this.log.add(line);
  }
}
