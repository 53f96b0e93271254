/* The worker: one Python, which answers one request after the other.

   What it needs is beside this file. The graders, which are a third of the weight, are unpacked for
   the first check. */

import type { PyodideInterface } from "pyodide";
import { lock } from "./lock";
import type { Envelope, Message, Request } from "./protocol";

type Answer = (request: string, tell: (news: string) => void) => string;

interface Worker {
  postMessage(message: Message): void;
  onmessage: ((event: MessageEvent<Envelope>) => void) | null;
}

declare const self: Worker & typeof globalThis;
/** The weight of each file in bytes, before compression: build.mjs puts it in. */
declare const WEIGHTS: Record<string, number>;
/** The head of Pyodide's list of packages. */
declare const LOCK_INFO: Record<string, string>;

const fetched = self.fetch.bind(self); // for us: it is taken away before anybody's code runs
const HERE = new URL(".", import.meta.url).href;
const ROOT = "/workbook";
const GRADERS = `${ROOT}/src/graders`; // beside our packages: a learner's mistake is in neither
const FIRST = ["pyodide/pyodide.asm.mjs", "pyodide/pyodide.asm.wasm", "pyodide/python_stdlib.zip", "workbook.zip"];

let python: Promise<PyodideInterface> | undefined;
let answer: Answer | undefined;
let graders: Promise<void> | undefined;
let last: Promise<void> = Promise.resolve();

self.onmessage = (event) => {
  const { id, request } = event.data;
  last = last.then(() => respond(id, request));
};

async function respond(id: number, request: Request): Promise<void> {
  try {
    const interpreter = await (python ??= start());
    if (request.ask === "check" || request.ask === "hint") await (graders ??= unpack(interpreter, "graders.zip", GRADERS));
    const told = answer!(JSON.stringify(request), (news) =>
      self.postMessage({ type: "news", id, news: JSON.parse(news) }),
    );
    self.postMessage({ type: "done", id, answer: JSON.parse(told) });
  } catch (error) {
    self.postMessage({ type: "broken", id, message: String(error) });
  }
}

async function start(): Promise<PyodideInterface> {
  const stopCounting = countWhatArrives(FIRST);
  const mine = fetch(`${HERE}workbook.zip`).then(arrived);
  const { loadPyodide } = (await import(`${HERE}pyodide/pyodide.mjs`)) as typeof import("pyodide");
  const interpreter = await loadPyodide({
    indexURL: `${HERE}pyodide/`,
    lockFileContents: { info: LOCK_INFO, packages: {} } as never,
    env: { HOME: "/tmp", PYTHONDONTWRITEBYTECODE: "1" },
    stdin: () => null as never, // the end of the file: Pyodide's own would ask with a prompt, which a worker has not
  });
  interpreter.unpackArchive(await (await mine).arrayBuffer(), "zip", { extractDir: ROOT });
  interpreter.runPython(START);
  answer = interpreter.globals.get("answer") as Answer;
  stopCounting();
  lock();
  return interpreter;
}

/* Pyodide says that the browser's loop is running. Ours runs inside a call, by itself. */
const START = `
import asyncio, os, sys
from pathlib import Path

asyncio._set_running_loop(None)
sys.path[:0] = ["${ROOT}/src", "${GRADERS}"]
os.chdir("${ROOT}")

from playground.bridge import Bridge
from playground.browser import settle_in

settle_in()
bridge = Bridge(Path("${ROOT}"))


def answer(request, tell):
    running = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        return bridge.answer(request, tell)
    finally:
        asyncio._set_running_loop(running)
`;

async function unpack(interpreter: PyodideInterface, archive: string, folder: string): Promise<void> {
  const { add, finish } = counter([archive]);
  const response = arrived(await fetched(HERE + archive));
  void count(response.clone(), add);
  const bytes = await response.arrayBuffer();
  interpreter.unpackArchive(bytes, "zip", { extractDir: folder });
  interpreter.runPython("import importlib; importlib.invalidate_caches()");
  finish();
}

function arrived(response: Response): Response {
  if (!response.ok) throw new Error(`${response.url} answers ${response.status}`);
  return response;
}

/* Reports how much of these files has arrived. */
function counter(files: string[]): { add(bytes: number): void; finish(): void } {
  const total = files.reduce((sum, file) => sum + (WEIGHTS[file] ?? 0), 0);
  let done = 0;
  const add = (bytes: number): void => {
    done += bytes;
    self.postMessage({ type: "loading", done: Math.min(done, total), total });
  };
  add(0);
  return { add, finish: () => add(total - done) };
}

/* Counts what Pyodide fetches by itself, until the function that it returns is called. */
function countWhatArrives(files: string[]): () => void {
  const { add, finish } = counter(files);
  self.fetch = async (...asked: Parameters<typeof fetch>) => {
    const response = await fetched(...asked);
    if (response.ok && response.body) void count(response.clone(), add);
    return response;
  };
  return () => {
    self.fetch = fetched;
    finish();
  };
}

async function count(response: Response, add: (bytes: number) => void): Promise<void> {
  const reader = response.body!.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    add(value.length);
  }
}
