/* Python, as the page sees it: questions and answers, with a worker behind it that can be replaced.

   A worker that gives no sign of life for a while hangs inside a call that Python cannot leave. Then
   it is ended, and another one starts at once: it is ready by the time the reader has read why. */

import type { Answers, Message, Request, SoFar } from "./protocol";

const SILENCE = 12_000; // ms without a sign from a worker that is ready; its own limit is 2 s
const HERE = new URL(".", import.meta.url);

export type State = "asleep" | "loading" | "ready" | "busy";

/** The worker was ended, by the reader or because it hung. What it knew is gone. */
export class Stopped extends Error {}

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: Error): void;
  onNews: ((news: SoFar) => void) | undefined;
}

export class Python {
  /** Counts the workers: what an earlier one knew, this one does not. */
  generation = 0;
  state: State = "asleep";
  private worker: Worker | undefined;
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
    const answer = new Promise<unknown>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject, onNews });
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
    if (this.wasReady) void this.ask({ ask: "forget" }).catch(() => undefined);
    this.wasReady = false;
  }

  private start(): Worker {
    this.generation += 1;
    const worker = new Worker(new URL("worker.js", HERE), { type: "module" });
    worker.onmessage = (event: MessageEvent<Message>) => this.hear(event.data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.stop("Python could not be loaded. Are you online? Try again.");
    };
    this.change("loading");
    return worker;
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
    if (!this.waiting.size || this.state === "loading") return;
    this.timer = setTimeout(() => {
      this.stop("Stopped: Python was inside one call that does not end. It has been started again.");
    }, SILENCE);
  }

  private change(state: State, loaded = 1): void {
    this.state = state;
    for (const listener of this.listeners) listener(state, loaded);
  }
}

function firstLine(text: string): string {
  const lines = text.trim().split("\n");
  return (lines[lines.length - 1] ?? "").slice(0, 200);
}
