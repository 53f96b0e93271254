/* The line that carries progress from one device to another: src/workbook/checkout/progress_line.py. */

import { chapters, progress, setProgress } from "./progress";

const LINE = /^progress-1:((?:\d+\.\d+(?:,\d+\.\d+)*)?):((?:\d+(?:,\d+)*)?)$/;
/** Stands for the tasks of a chapter that a line does not name. */
const OTHERS = "others";

/** Returns the line for what has passed in this browser. */
export function progressLine(): string {
  const entries = Object.entries(progress());
  const tasks = entries.flatMap(([, of]) => Object.keys(of).filter((task) => of[task] && task !== OTHERS));
  const whole = entries.filter(([, of]) => Object.values(of).every(Boolean)).map(([name]) => number(name));
  return `progress-1:${tasks.sort(byNumber).join(",")}:${whole.sort((a, b) => a - b).join(",")}`;
}

/** Adds what has passed elsewhere, and returns how many tasks that are. Throws a sentence. */
export function takeProgressLine(line: string): number {
  const found = LINE.exec(line.trim());
  if (!found) throw new Error("This is not a progress line: it begins with progress-1:");
  const tasks = found[1]!.split(",").filter(Boolean);
  const whole = new Set(found[2]!.split(",").filter(Boolean).map(Number));
  const all = progress();
  for (const name of chapters()) {
    const passed = tasks.filter((task) => Number(task.split(".")[0]) === number(name));
    if (!passed.length) continue;
    const before = all[name] ?? {};
    const isWhole = whole.has(number(name));
    all[name] = { ...before, ...Object.fromEntries(passed.map((task) => [task, true])), [OTHERS]: isWhole || (before[OTHERS] ?? false) };
    if (isWhole) all[name] = Object.fromEntries(Object.keys(all[name]).map((task) => [task, true]));
  }
  setProgress(all);
  return tasks.length;
}

function number(chapter: string): number {
  return Number(chapter.slice(2, 4));
}

function byNumber(one: string, other: string): number {
  const [a, b] = [one, other].map((task) => task.split(".").map(Number));
  return a![0]! - b![0]! || a![1]! - b![1]!;
}
