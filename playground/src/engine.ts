/* Python, as the page sees it: questions and answers, with a worker behind it that can be replaced.

   A worker that gives no sign of life for a while hangs inside a call that Python cannot leave. Then
   it is ended, and another one takes its place. Where there is memory for two, that one is a spare,
   which loads Python while nothing else is asked for, or when the silence is longer than Python's
   own limit. */

import type { Answers, Message, Request, SoFar } from "./protocol";

/* ms without a sign from a worker that is ready. Its own limit is 2 s, which it may need several
   times in one test of a check. */
const SILENCE = 6_000;
const SILENCE_OF_A_CHECK = 12_000;
const SUSPICIOUS = 2_500;
const IDLE = 4_000; // ms without a request after which there is time for a spare
const ENOUGH_MEMORY = 4; // GiB in the device, as far as the browser says
const HERE = new URL(".", import.meta.url);

export type State = "asleep" | "loading" | "ready" | "busy";

/** The worker was ended, by the reader or because it hung. What it knew is gone. */
export class Stopped extends Error {}

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: Error): void;
  onNews: ((news: SoFar) => void) | undefined;
  silence: number;
}

interface Spare {
  worker: Worker;
  isReady: boolean;
}

export class Python {
  /** Counts the workers: what an earlier one knew, this one does not. */
  generation = 0;
  state: State = "asleep";
  private worker: Worker | undefined;
  private spare: Spare | undefined;
  private count = 0;
  private wasReady = false;
  private waiting = new Map<number, Waiting>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private listeners: ((state: State, loaded: number) => void)[] = [];

  /** Calls `listener` at each change of the state, with how much is loaded, from 0 to 1. */
  onChange(listener: (state: State, loaded: number) => void): void {
    this.listeners.push(listener);
  }

  ask<R extends Request>(request: R, onNews?: (news: SoFar) => void): Promise<Answers[R["ask"]]> {
    const worker = (this.worker ??= this.start());
    const id = ++this.count;
    const silence = request.ask === "check" ? SILENCE_OF_A_CHECK : SILENCE;
    const answer = new Promise<unknown>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject, onNews, silence });
    });
    worker.postMessage({ id, request });
    if (this.state === "ready") this.change("busy");
    this.expectASign();
    return answer as Promise<Answers[R["ask"]]>;
  }

  /** Ends the worker and all that it was asked. */
  stop(why: string): void {
    this.worker?.terminate();
    this.worker = undefined;
    clearTimeout(this.timer);
    const asked = [...this.waiting.values()];
    this.waiting.clear();
    this.change("asleep");
    for (const each of asked) each.reject(new Stopped(why));
    const wasReady = this.wasReady;
    this.wasReady = false;
    if (wasReady) void this.ask({ ask: "forget" }).catch(() => undefined);
  }

  private start(): Worker {
    this.generation += 1;
    const worker = this.spare?.worker ?? newWorker();
    this.wasReady = this.spare?.isReady ?? false;
    this.spare = undefined;
    worker.onmessage = (event: MessageEvent<Message>) => this.hear(event.data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.stop("Python could not be loaded. Are you online? Try again.");
    };
    this.change(this.wasReady ? "ready" : "loading");
    return worker;
  }

  /* Lets another worker load Python, for when this one has to be ended. */
  private keepASpare(): void {
    if (this.spare || !((navigator as Device).deviceMemory! >= ENOUGH_MEMORY)) return;
    const spare: Spare = { worker: newWorker(), isReady: false };
    this.spare = spare;
    spare.worker.onmessage = (event: MessageEvent<Message>) => {
      if (event.data.type === "done") spare.isReady = true;
    };
    spare.worker.onerror = (event) => {
      event.preventDefault();
      if (this.spare === spare) this.spare = undefined;
    };
    spare.worker.postMessage({ id: 0, request: { ask: "forget" } });
  }

  private hear(message: Message): void {
    this.expectASign();
    if (message.type === "loading") {
      this.change("loading", message.done / message.total);
      return;
    }
    const asked = this.waiting.get(message.id);
    if (message.type === "news") {
      this.change("busy");
      asked?.onNews?.(message.news);
      return;
    }
    if (message.type === "broken") {
      console.warn(message.message);
      this.stop(`Python stopped (${firstLine(message.message)}). Try again.`);
      return;
    }
    this.waiting.delete(message.id);
    this.wasReady = true;
    this.change(this.waiting.size ? "busy" : "ready");
    this.expectASign();
    asked?.resolve(message.answer);
  }

  private expectASign(): void {
    clearTimeout(this.timer);
    if (this.state === "loading") return;
    if (!this.waiting.size) {
      this.timer = setTimeout(() => this.keepASpare(), IDLE);
      return;
    }
    const silence = Math.max(...[...this.waiting.values()].map((each) => each.silence));
    this.timer = setTimeout(() => {
      this.keepASpare();
      this.timer = setTimeout(() => {
        this.stop("Stopped: Python was inside one call that does not end. It has been started again.");
      }, silence - SUSPICIOUS);
    }, SUSPICIOUS);
  }

  private change(state: State, loaded = 1): void {
    this.state = state;
    for (const listener of this.listeners) listener(state, loaded);
  }
}

/** What a browser may say about the device: https://www.w3.org/TR/device-memory/ */
type Device = Navigator & { deviceMemory?: number };

function newWorker(): Worker {
  return new Worker(new URL("worker.js", HERE), { type: "module" });
}

function firstLine(text: string): string {
  const lines = text.trim().split("\n");
  return (lines[lines.length - 1] ?? "").slice(0, 200);
}
