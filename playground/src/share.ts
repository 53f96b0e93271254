/* A link to code and conversation. All of it is in the fragment, which no server ever sees. */

import type { Action, Weather } from "./protocol";

const PREFIX = "#play=";
const LONGEST = 200_000; // characters of a link that we read

export interface Shared {
  version: 1;
  chapter: string;
  source: string;
  weather: Weather;
  seed: number;
  actions: Action[];
}

/** Returns the link that opens the page at `page` with this. */
export async function linkTo(page: string, shared: Shared): Promise<string> {
  const packed = await through(new TextEncoder().encode(JSON.stringify(shared)), new CompressionStream("deflate-raw"));
  const text = btoa(String.fromCharCode(...packed)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  return page.replace(/#.*$/, "") + PREFIX + text;
}

/** Returns what the address of this page has in it, null for nothing. Throws a sentence for a broken link. */
export async function fromAddress(hash: string): Promise<Shared | null> {
  if (!hash.startsWith(PREFIX)) return null;
  try {
    if (hash.length > LONGEST) throw new Error("too long");
    const text = hash.slice(PREFIX.length).replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    const unpacked = await through(bytes, new DecompressionStream("deflate-raw"));
    return checked(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(unpacked)));
  } catch {
    throw new Error("This link is broken: a part of it is missing or was changed on the way. Ask for it again.");
  }
}

const DOES = new Set(["connect", "send", "half-close", "close", "reset", "pause", "resume", "wait", "at once"]);

function checked(read: Partial<Shared>): Shared {
  const actions = read.actions;
  const isRight =
    read.version === 1 &&
    typeof read.source === "string" &&
    typeof read.chapter === "string" &&
    (read.weather === "calm" || read.weather === "choppy") &&
    Number.isSafeInteger(read.seed) &&
    Array.isArray(actions) &&
    actions.every(isAction);
  if (!isRight) throw new Error("not a conversation");
  return read as Shared;
}

function isAction(action: unknown): boolean {
  if (typeof action !== "object" || action === null) return false;
  const { do: does, client, pieces, seconds, actions } = action as Record<string, unknown>;
  if (typeof does !== "string" || !DOES.has(does)) return false;
  if (does === "at once") return Array.isArray(actions) && actions.every((each) => isAction(each) && (each as Action).do !== "at once");
  if (does === "wait") return typeof seconds === "number" && seconds >= 0 && seconds <= 1e6;
  if (typeof client !== "string" || !/^\P{C}{1,24}$/u.test(client)) return false;
  const isText = (piece: unknown): boolean => typeof piece === "string" && /^[\0-\xff]*$/.test(piece);
  return does !== "send" || (Array.isArray(pieces) && pieces.every(isText));
}

/* Read piece by piece: Firefox reports an error of a stream that a `Response` reads, even if it is caught. */
async function through(bytes: Uint8Array<ArrayBuffer>, transform: GenericTransformStream): Promise<Uint8Array> {
  const pair = transform as ReadableWritablePair<Uint8Array<ArrayBuffer>, Uint8Array>;
  const reader = new Blob([bytes]).stream().pipeThrough(pair).getReader();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new Uint8Array(await new Blob(pieces).arrayBuffer());
    pieces.push(value);
  }
}
