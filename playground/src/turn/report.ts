/* The verdict of a check, in the words of the command line. */

import { el, withCode } from "../dom";
import type { Comparison, Failure, Report, Section, Task } from "../protocol";

const MARKS: Record<string, string> = { passed: "✓", failed: "✗", "not written yet": "○", "": "…" };

/** The tasks with their verdicts, as far as they are known. */
export function taskList(tasks: Task[]): HTMLElement {
  return el("ul", { class: "pg-tasks" }, ...tasks.map(taskItem));
}

function taskItem({ id, title, verdict }: Task): HTMLElement {
  const look = verdict.startsWith("waits") ? "waits" : verdict.replaceAll(" ", "-") || "running";
  return el(
    "li",
    { class: `pg-task pg-${look}` },
    el("span", { class: "pg-mark", "aria-hidden": "true" }, MARKS[verdict] ?? "◌"),
    el("span", { class: "pg-task-id" }, id),
    el("span", { class: "pg-task-title" }, ...withCode(title)),
    el("span", { class: "pg-verdict" }, verdict || "being checked"),
  );
}

/** The first thing to fix in full, and the others in a line each. */
export function whatToFix(report: Report): Node[] {
  const remarks = report.remarks.map((remark) => el("p", {}, ...withCode(remark)));
  const first = report.first;
  if (!first) return remarks;
  const title = first.beforeAnybody ? "Your server did not start:" : `${first.headline}:`;
  const isFailed = first.verdict === "failed";
  return [
    ...remarks,
    isFailed ? el("h4", { class: "pg-headline" }, title) : "",
    first.failure ? failureText(first.failure) : el("pre", {}, first.text),
    report.others.length ? el("p", {}, el("strong", {}, "Also failed:")) : "",
    report.others.length ? el("ul", { class: "pg-others" }, ...report.others.map((each) => el("li", {}, each.trim()))) : "",
    report.alike && !first.beforeAnybody ? el("p", {}, report.alike) : "",
  ].filter((part): part is HTMLElement => part !== "");
}

export function failureText(failure: Failure): HTMLElement {
  return el("div", { class: "pg-failure" }, ...failure.sections.map(sectionText));
}

function sectionText(section: Section): HTMLElement {
  return el(
    "div",
    { class: "pg-section" },
    ...section.map((block) => {
      if (block.type === "comparison") return comparison(block);
      if (block.type === "paragraph") {
        return el("p", {}, block.label && el("strong", {}, `${block.label} `), ...withCode(block.text));
      }
      const lines = block.lines.map((line) => line.replace(/^ {2}/, "")).join("\n");
      const text = block.title || block.lines.some((line) => line.startsWith("  "));
      return el("div", {}, block.title && el("p", {}, el("strong", {}, block.title)),
        text ? el("pre", { tabindex: 0, role: "group", "aria-label": block.title || "Details" }, lines) : el("p", {}, ...withCode(lines)));
    }),
  );
}

/* Both sides below each other, and a mark below the first difference. */
function comparison({ titles, expected, received, at, difference }: Comparison): HTMLElement {
  const [left, right] = titles;
  const width = Math.max(left.length, right.length) + 2;
  const mark = difference ? `\n${" ".repeat(width + at)}^ ${difference}` : "";
  return el(
    "pre",
    { class: "pg-comparison", tabindex: 0, role: "group", "aria-label": "What was expected, and what was received" },
    el("span", { class: "pg-expected" }, left.padEnd(width)),
    `${expected}\n`,
    el("span", { class: "pg-received" }, right.padEnd(width)),
    received,
    mark,
  );
}
