"""Renders the results of a check for a screen, for `check` and `watch`.

grader/report.py decides what to show first, and room/failure/ words a failure. Here the tasks get
marks, and the lines are wrapped to the width of the terminal.

What to type next comes last, because that is where the reader is looking.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from grader.report import (
    NOT_WRITTEN,
    WAITS,
    Result,
    Summary,
    easiest_first,
    headline,
    passed_of,
    remarks,
    summarize,
    verdicts,
)
from workbook.checking.failure_on_screen import broken, fitted, without_its_hint
from workbook.checking.grade import Graded
from workbook.checkout.next_step import Step
from workbook.checkout.project import last_saved, short_path, workbook_command
from workbook.checkout.tasks import about
from workbook.terminal.screen import mark


def report_lines(
    graded: Graded, screen: Console, every: bool = False, changed: str = ""
) -> list[Text]:
    """Return the tasks with their marks, the first failure in full, and a line for each other.

    With `every`, all failures are in full. `changed` says what is new in the chapter since it was
    started; it is left out when everything has passed. Raises click.ClickException if the chapter's
    tasks.toml cannot be read.
    """
    lines, summary = _tasks(graded, screen), summarize(graded.results)
    if summary is None:
        return lines
    if changed:
        lines += [Text(), *_styled(changed, "yellow", screen)]
    if not every:
        return [*lines, *_in_full(summary.first, screen), *_in_short(summary, screen)]
    # A program that keeps every room from opening fails each test in the same way.
    alike = () if summary.first.before_anybody else summary.alike
    failures = sorted([summary.first, *summary.others, *alike], key=easiest_first)
    return [*lines, *(line for result in failures for line in _in_full(result, screen))]


def suggestions(graded: Graded, screen: Console, step: Step | None = None) -> list[Text]:
    """Return what the learner can type now, to understand the first failure or after a pass.

    `step` is the next step in the workbook, if it is known.
    """
    summary = summarize(graded.results)
    if summary:
        rows = _after_a_failure(graded, summary)
        return [Text(), *_rows(rows, screen)] if rows else []
    return _after_a_pass(graded, screen, step)


def _tasks(graded: Graded, screen: Console) -> list[Text]:
    judged = verdicts(graded.results)
    titles = {result.task: result.title for result in graded.results}
    number, verdict = max(map(len, judged)), max(map(len, judged.values()))
    rows = []
    for task in judged:
        before = f" {task:<{number}}  {judged[task]:<{verdict}}  "
        first, *more = broken(titles[task], screen, len(before) + 3)
        rows.append(Text.assemble("  ", mark(judged[task], screen), before, first))
        rows.extend(Text(" " * (len(before) + 3) + line) for line in more)
    title = f"Chapter {graded.chapter.number}, {about(graded.chapter).title}"
    return [
        *_styled(f"{title}: {short_path(graded.file)}", "bold", screen),
        Text(),
        *rows,
        Text(),
        Text(passed_of(judged)),
        *(
            line
            for each in remarks(graded.results)
            for line in (Text(), *_styled(each, "", screen))
        ),
    ]


def _in_full(result: Result, screen: Console) -> list[Text]:
    title = f"{headline(result)}:"
    if result.before_anybody:
        title = "Your server did not start:"
    lines = fitted(without_its_hint(result), screen)
    if result.verdict in (NOT_WRITTEN, WAITS):
        return [Text(), *lines]
    return [Text(), *_styled(title, "bold", screen), Text(), *lines]


def _in_short(summary: Summary, screen: Console) -> list[Text]:
    tests = summary.others_in_words()
    listed = [Text(part) for line in tests for part in broken(line, screen)]
    lines = [Text(), Text("Also failed:", "bold"), *listed] if listed else []
    # A server that does not start fails every test, so a count adds nothing.
    if summary.alike and not summary.first.before_anybody:
        lines += [Text(), *_styled(summary.alike_in_words(), "", screen)]
    return lines


def _after_a_failure(graded: Graded, summary: Summary) -> list[tuple[str, str]]:
    first, checked = summary.first, _checked(graded)
    rows = [] if first.before_anybody else [(f"hint {first.task}", "gives you a hint")]
    seed = f" --seed {first.seed}" if first.seed else ""
    world = " --world tls" if first.world == "tls" else ""
    if first.verdict in (NOT_WRITTEN, WAITS):
        return rows
    if first.events and graded.is_of_work:
        rows.append((f"replay {checked}{seed}{world}", "shows this conversation step by step"))
    if seed or world:
        which = "this seed" if seed else "TLS"
        rows.append((f"check {checked}{seed}{world}", f"runs only {which}"))
    if summary.others:
        rows.append((f"check {checked} --all-failures", "shows every failure in full"))
    return rows


def _after_a_pass(graded: Graded, screen: Console, step: Step | None) -> list[Text]:
    workbook, checked = workbook_command(), _checked(graded)
    if graded.world or graded.seed is not None:
        parts = [f"with seed {graded.seed}"] if graded.seed is not None else []
        parts += ["over TLS" if graded.world == "tls" else "simulated"] if graded.world else []
        part = f"That was only part of the check, {' and '.join(parts)}. To run all of it:"
        return [Text(), *_styled(part, "", screen), Text(f"  {workbook} check {checked}", "cyan")]
    if not graded.is_of_work:
        return []
    is_last = last_saved(graded.chapter.root) == graded.chapter
    talk = [
        ("run" if is_last else f"run {checked}", "in one terminal"),
        ("connect", "in another one"),
    ]
    compare: list[Text] = []
    if graded.chapter.solution.is_file():  # a student edition may have none
        heading = _styled("Compare it with our solution:", "", screen)
        compare = [Text(), *heading, *_rows([(f"diff {checked}", "")], screen)]
    return [
        Text(),
        Text(f"You have passed chapter {checked}.", "bold green"),
        Text(),
        *_styled("Your server works. Talk to it:", "", screen),
        *_rows(talk, screen),
        *compare,
        *_what_comes_next(step, screen),
    ]


def _what_comes_next(step: Step | None, screen: Console) -> list[Text]:
    if step is None:
        return []
    lines = [Text(), *_styled(f"Next: {step.text}", "", screen)]
    return [*lines, Text(f"  {step.command}", "cyan")] if step.command else lines


def _rows(rows: Iterable[tuple[str, str]], screen: Console) -> list[Text]:
    """Return commands and what they do, side by side if they fit."""
    listed = [(f"{workbook_command()} {command}", does) for command, does in rows]
    widest = max(len(command) for command, _ in listed)
    lines = [
        Text.assemble("  ", (f"{typed:<{widest}}", "cyan"), f"   {does}")
        if does
        else Text.assemble("  ", (typed, "cyan"))
        for typed, does in listed
    ]
    if not screen.is_terminal or max(line.cell_len for line in lines) <= screen.width:
        return lines
    return [
        line
        for typed, does in listed
        for line in (Text(f"  {does}:"), Text(f"    {typed}", "cyan"))
    ]


def _checked(graded: Graded) -> str:
    """Return the arguments that name the checked file to `check`."""
    if graded.is_of_work:
        return str(graded.chapter.number)
    return f"{graded.chapter.number} {short_path(graded.file)}"


def _styled(text: str, style: str, screen: Console) -> list[Text]:
    return [Text(line, style) for line in broken(text, screen)]
