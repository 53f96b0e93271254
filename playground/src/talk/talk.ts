/* Lets the reader talk to the server: terminals, the wire, and what goes on inside the server.

   A conversation is a list of actions. With the same code, weather and seed, they make the same
   conversation again: after a change of the code, or from a link. */

import { button, el } from "../dom";
import { type Python, Stopped } from "../engine";
import type { Action, Conversation, Event, Happened, Weather } from "../protocol";
import { Server } from "./server";
import { Terminal } from "./terminal";
import { Wire } from "./wire";

const NAMES = ["alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi"];
const AT_FIRST = 3;
const MOST_ASKED = 200; // actions in a request
const ASKED_EVERY = 60; // ms, at most: between two of them, the page has time for its frames
const DRAWN_EVERY = 250; // ms, at most: to draw takes longer than to talk
const DRAWN_FOR = 4; // times as long as the last drawing took, it is not drawn again
const MOST_PLAYED = 40; // rows of the drawing, when more have been added
const FLOOD = { rows: 8, within: 1_000 }; // ms: so much since the last drawing is shown at once, and not played
let count = 0; // of what is on the page

export interface Host {
  name: string;
  source(): string;
  goTo(line: number): void;
  /** Copies a link to this conversation. */
  share(conversation: Conversation): void;
}

export class Talk {
  readonly element: HTMLElement;
  private readonly terminals = new Map<string, Terminal>();
  private readonly cards = el("div", { class: "pg-terminals" });
  private readonly wire = new Wire("The wire");
  private readonly server: Server;
  private readonly status = el("span", { class: "pg-status", role: "status" });
  private readonly clock = el("span", { class: "pg-clock" });
  private readonly weather: HTMLSelectElement;
  private readonly seed: HTMLInputElement;
  private readonly again: HTMLButtonElement;
  private actions: Action[] = [];
  private generation = 0;
  private last: Promise<void> = Promise.resolve();
  /** What the clients shall do. A restart begins another list. */
  private asked: Action[] = [];
  private undrawn = 0; // events
  private askedAt = 0; // ms
  private drawnAt = 0; // ms
  private drawAfter = 0; // ms
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly python: Python,
    private readonly host: Host,
  ) {
    this.server = new Server((line) => host.goTo(line));
    this.weather = el("select", { id: `pg-weather-${++count}` }, el("option", { value: "calm" }, "calm"), el("option", { value: "choppy" }, "choppy"));
    this.seed = el("input", { id: `pg-seed-${count}`, type: "number", min: 0, max: 9999, value: 0, size: 4 });
    this.again = button("Same again", () => this.replay(this.actions), { title: "Starts the server with the code as it is now, and does all of it again" });
    const another = button("One more client", () => {
      const [name, next] = NAMES.filter((each) => !this.terminals.has(each));
      if (name) this.add(name).focus();
      another.disabled = !next;
    });
    this.element = el("section", { class: "pg-talk", "aria-label": "Talk to your server" },
      el("div", { class: "pg-toolbar pg-talk-bar" },
        button("Restart", () => this.restart()),
        this.again,
        el("label", { for: this.weather.id }, "Weather"), this.weather,
        el("label", { for: this.seed.id }, "Seed"), this.seed,
        button("Copy link", () => host.share(this.conversation)),
        this.status,
      ),
      el("div", { class: "pg-talk-grid" },
        el("div", { class: "pg-left" }, this.cards, el("div", { class: "pg-row" }, another,
          button("Wait 1 s", () => this.act({ do: "wait", seconds: 1 })),
          button("Wait 1 min", () => this.act({ do: "wait", seconds: 60 })), this.clock)),
        this.wire.element,
      ),
      this.server.element,
    );
    for (const name of NAMES.slice(0, AT_FIRST)) this.add(name);
    this.weather.addEventListener("change", () => this.restart());
    this.seed.addEventListener("change", () => this.restart());
    python.onChange((state, loaded) => {
      if (state === "loading") this.status.textContent = `Loading Python, ${Math.round(loaded * 100)} %`;
      else this.status.textContent = "";
    });
  }

  get conversation(): Conversation {
    return { weather: this.weather.value as Weather, seed: this.seed.valueAsNumber || 0, actions: this.actions };
  }

  /* Whether the worker that has the server is still there. */
  private get isOpen(): boolean {
    return this.generation === this.python.generation && this.python.state !== "asleep";
  }

  /** Starts the server with the code as it is now. Nobody is connected. */
  restart(): void {
    this.actions = [];
    this.asked = [];
    this.next(() => this.open());
  }

  /** Starts the server and holds a conversation, from its first action on. */
  replay(actions: Action[]): void {
    this.actions = [];
    this.asked = [];
    this.next(() => this.open());
    for (const action of actions) this.act(action);
  }

  /** Sets weather and seed, and shows who takes part. Nothing runs. */
  prepare({ weather, seed, actions }: Conversation): void {
    this.weather.value = weather;
    this.seed.value = String(seed);
    this.actions = actions;
    const takingPart = new Set(actions.flatMap(single).flatMap((action) => ("client" in action ? action.client : [])));
    for (const name of takingPart) if (!this.terminals.has(name)) this.add(name);
    for (const name of new Set([...takingPart, ...this.terminals.keys()])) this.cards.append(this.terminals.get(name)!.element);
  }

  private add(name: string): Terminal {
    const terminal = new Terminal(name, (action) => this.act(action));
    this.terminals.set(name, terminal);
    this.cards.append(terminal.element);
    return terminal;
  }

  private act(action: Action): void {
    const asked = this.asked;
    asked.push(action);
    if (asked.length === 1) this.next(() => this.perform(asked));
  }

  /* Has Python do what was asked for, as much at once as it does in a moment. */
  private async perform(asked: Action[]): Promise<void> {
    if (!this.isOpen) {
      this.actions = [];
      await this.open();
    }
    while (asked === this.asked && asked.length) {
      await pause(this.askedAt + ASKED_EVERY - performance.now());
      if (asked !== this.asked) return;
      this.askedAt = performance.now();
      const draw = asked.length <= MOST_ASKED && this.askedAt > this.drawAfter;
      const request = { ask: "act", name: this.host.name, actions: asked.slice(0, MOST_ASKED), draw } as const;
      const happened = await this.python.ask(request);
      if (asked !== this.asked) return;
      const done = asked.splice(0, happened.failure ? asked.length : happened.steps.length);
      this.actions = [...this.actions, ...done];
      this.show(happened, done);
    }
    if (!this.undrawn) return;
    this.wire.isBehind(true);
    this.timer ??= setTimeout(() => this.next(() => this.draw()), this.drawAfter - performance.now());
  }

  private async draw(): Promise<void> {
    this.timer = undefined;
    if (!this.undrawn || !this.isOpen) return;
    this.askedAt = performance.now();
    this.show(await this.python.ask({ ask: "act", name: this.host.name, actions: [], draw: true }), []);
  }

  private async open(): Promise<void> {
    for (const terminal of this.terminals.values()) terminal.clear();
    this.server.clear();
    this.undrawn = 0;
    const { weather, seed } = this.conversation;
    const happened = await this.python.ask({ ask: "open", name: this.host.name, source: this.host.source(), seed, weather });
    this.generation = this.python.generation;
    this.askedAt = performance.now(); // only now: until here, Python was loaded
    this.show(happened, []);
  }

  private show(happened: Happened, actions: Action[]): void {
    const { steps, picture } = happened;
    for (let step = 0; step < Math.max(actions.length, steps.length); step++) {
      const action = actions[step];
      for (const each of action ? single(action) : []) if ("client" in each) this.terminals.get(each.client)?.did(each);
      for (const event of steps[step] ?? []) this.hear(event);
    }
    if (picture) {
      const isFlood = this.undrawn > FLOOD.rows && performance.now() - this.drawnAt < FLOOD.within;
      this.wire.show(picture, picture.rows.length - (isFlood ? 0 : Math.min(this.undrawn, MOST_PLAYED)));
      const now = performance.now();
      if (this.undrawn) this.drawnAt = now;
      this.undrawn = 0;
      this.drawAfter = now + Math.max(DRAWN_EVERY, DRAWN_FOR * (now - this.askedAt));
      this.wire.isBehind(false);
    }
    this.server.show(happened);
    this.clock.textContent = `${happened.time.toFixed(3)} s`;
    this.again.disabled = this.actions.length === 0;
  }

  private hear(event: Event): void {
    this.undrawn += 1;
    const client = event.source === "server" ? event.target : event.source;
    const terminal = this.terminals.get(client) ?? this.terminals.get(client.replace(/ \(\d+\)$/, ""));
    terminal?.hear(event);
  }

  /* One after the other, in the order in which they were asked for. */
  private next(step: () => Promise<void>): void {
    this.last = this.last.then(step).catch((error: unknown) => {
      if (!(error instanceof Stopped)) throw error;
      this.status.textContent = error.message;
      for (const terminal of this.terminals.values()) terminal.lose();
      this.actions = [...this.actions, ...this.asked]; // for the same again, with other code
      this.asked = [];
    });
  }
}

function single(action: Action): Action[] {
  return action.do === "at once" ? action.actions : [action];
}

function pause(ms: number): Promise<void> {
  return ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : Promise.resolve();
}
