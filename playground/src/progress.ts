/* Which tasks have passed, kept in the browser, and the ticks in the list of chapters. */

import { el } from "./dom";
import type { Task } from "./protocol";
import * as storage from "./storage";

const KEY = "progress";

/** For each chapter, each task and whether it has passed. */
type Progress = Record<string, Record<string, boolean>>;

export function progress(): Progress {
  try {
    const kept = JSON.parse(storage.read(KEY) ?? "{}") as unknown;
    return typeof kept === "object" && kept !== null ? (kept as Progress) : {};
  } catch {
    return {};
  }
}

/** Keeps a check's verdicts. A task that has passed once stays passed. */
export function keep(chapter: string, tasks: Task[]): void {
  const all = progress();
  const before = all[chapter] ?? {};
  all[chapter] = Object.fromEntries(
    tasks.map(({ id, verdict }) => [id, verdict === "passed" || before[id] === true]),
  );
  setProgress(all);
}

export function setProgress(all: Progress): void {
  storage.write(KEY, JSON.stringify(all));
  tick();
}

/** The chapters in the list of the site, in order. */
export function chapters(): string[] {
  return [...new Set(links().map(chapterOf).filter(Boolean))];
}

/** Puts a tick on each chapter of the list whose tasks have all passed. */
export function tick(): void {
  const all = progress();
  for (const link of links()) {
    const name = chapterOf(link);
    if (!name) continue;
    const tasks = Object.values(all[name] ?? {});
    const passed = tasks.length > 0 && tasks.every(Boolean);
    link.querySelector(".pg-tick")?.remove();
    if (passed) link.append(el("span", { class: "pg-tick", role: "img", "aria-label": "passed" }, "✓"));
  }
}

function links(): HTMLAnchorElement[] {
  const links = document.querySelectorAll<HTMLAnchorElement>(".md-nav--primary a.md-nav__link");
  return [...links].filter((link) => !link.hash); // the others lead to a heading of this page
}

function chapterOf(link: HTMLAnchorElement): string {
  return /\/(ch\d\d_\w+)\/(?:[?#]|$)/.exec(link.href)?.[1] ?? "";
}

storage.onOtherTab(KEY, tick);
