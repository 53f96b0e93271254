/* What the page and its worker say to each other.

   The page posts an `Envelope`, and the worker answers each with exactly one `Done` or `Broken`, in
   order. Before that, a check posts `News`, and the first request of a worker posts `Loading`. The
   Python side of every request is src/playground/bridge.py. Bytes travel as Latin-1 text, one
   character for each byte. */

export interface Envelope {
  id: number;
  request: Request;
}

export type Request =
  /** Runs a block of the page in the namespace that all its blocks share. */
  | { ask: "run"; source: string; name: string }
  /** Forgets all that the blocks have made. */
  | { ask: "forget" }
  /** Grades a file as the exercise of a chapter. */
  | { ask: "check"; chapter: string; source: string }
  /** Asks for the next hint: first the one for the mistake that the last check saw. */
  | { ask: "hint"; chapter: string; task: string }
  /** Starts a server, in place of the one that had this name. */
  | { ask: "open"; name: string; source: string; seed: number; weather: Weather }
  /** Moves clients of the server with this name, or its clock. What takes longer than a moment is left: the answer has
      fewer steps than actions, unless the server has failed. Without `draw`, or then, it has no picture. */
  | { ask: "act"; name: string; actions: Action[]; draw: boolean };

/** What is answered to each request. */
export interface Answers {
  run: Output[];
  forget: null;
  check: Report | Trouble;
  hint: string;
  open: Happened;
  act: Happened;
}

export type Message =
  | { type: "loading"; done: number; total: number }
  | { type: "news"; id: number; news: SoFar }
  | { type: "done"; id: number; answer: unknown }
  /** Python itself has failed: the worker is of no more use. */
  | { type: "broken"; id: number; message: string };

export type Weather = "calm" | "choppy";

export type Action =
  | { do: "connect" | "half-close" | "close" | "reset" | "pause" | "resume"; client: string }
  | { do: "send"; client: string; pieces: string[] }
  | { do: "wait"; seconds: number }
  /** Things that clients do, which arrive at one moment. */
  | { do: "at once"; actions: Action[] };

/** With the same code, this makes the same conversation again. */
export interface Conversation {
  weather: Weather;
  seed: number;
  actions: Action[];
}

export type Output =
  | { type: "text"; text: string }
  /** `play` is the fragment that opens the conversation of the picture (share.ts), or "". */
  | { type: "picture"; svg: string; words: string; play: string }
  | { type: "error"; text: string; places: [block: string, line: number][] };

/** One arrival on the network, as in src/simnet/trace.py. `words` is what the transcript says. */
export interface Event {
  time: number;
  source: string;
  target: string;
  kind: "connect" | "refused" | "data" | "eof" | "close" | "reset";
  data: string;
  words: string;
}

/** Something that the program did and its clients cannot see: src/room/contract.py. */
export interface Note {
  kind: string;
  message: string;
  type: string;
  level: string;
  file: string;
  line: number;
  /** The lines of the file whose calls led there, the innermost last. */
  calls: number[];
}

/** What has happened at the server since the last answer. After a failure it can only be reopened.
    `steps` has the events of each action that was performed, in their order. */
export interface Happened {
  time: number;
  steps: Event[][];
  notes: Note[];
  waiting: Note[];
  picture: Picture | null;
  /** `client` is whose butterfly it is, or "". The state is "pending", "done", "cancelled" or "failed". */
  butterflies: [key: string, client: string, state: string][];
  printed: string;
  failure: Failure | null;
}

/** A conversation as src/room/diagram.py draws it, and what each of its rows says. */
export interface Picture {
  svg: string;
  words: string;
  rows: string[];
}

export type Section = (
  | { type: "paragraph"; label: string; text: string }
  | { type: "lines"; title: string; lines: string[] }
  | Comparison
)[];

export interface Comparison {
  type: "comparison";
  titles: [expected: string, received: string];
  expected: string;
  received: string;
  /** Columns in front of the first difference, on both sides. */
  at: number;
  difference: string;
}

export interface Failure {
  sections: Section[];
  kind: string;
  isUnwritten: boolean;
}

/** A task's verdict is "passed", "failed", "not written yet", "waits for 3.1", or "" until it is known. */
export interface Task {
  id: string;
  title: string;
  verdict: string;
}

export interface SoFar {
  tasks: Task[];
  tests: number;
}

export interface Report {
  tasks: Task[];
  sentence: string;
  passed: boolean;
  remarks: string[];
  first: FirstToFix | null;
  others: string[];
  alike: string;
}

export interface FirstToFix {
  task: string;
  test: string;
  verdict: string;
  headline: string;
  seed: number;
  /** The line of the file to look at first, or 0. */
  line: number;
  beforeAnybody: boolean;
  failure: Failure | null;
  text: string;
  /** The conversation that went wrong, if there was one: drawn, and what its clients did. */
  picture: Picture | null;
  conversation: Conversation | null;
}

/** Why nothing could be graded. */
export interface Trouble {
  trouble: string;
}
