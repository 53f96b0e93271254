"""The state of `watch`: the chapter, the result of its last check, and the answer to a key.

Nothing here waits, draws or grades, so tests can try each key without a terminal.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click
from rich.console import RenderableType
from rich.text import Text

from course import Chapter, all_chapters
from grader.report import Summary, passed_of, summarize, verdicts
from workbook.checking.conversation import Conversation, choose
from workbook.checking.failure_on_screen import broken
from workbook.checking.grade import Graded
from workbook.checking.report import report_lines, suggestions
from workbook.checkout.changes import what_changed
from workbook.checkout.next_step import Step, next_chapter, next_step
from workbook.checkout.progress import Progress, load
from workbook.checkout.project import last_saved, short_path, workbook_command
from workbook.checkout.tasks import about
from workbook.commands.diagram import draw
from workbook.commands.hint import in_a_box, next_hint
from workbook.commands.start import start_chapter
from workbook.terminal.screen import console


class State:
    """What `watch` knows. `graded` is the last check of `chapter`, `notice` answers a key."""

    def __init__(self, project: Path, chapter: Chapter | None = None) -> None:
        """Take this chapter, or else the one saved last, or else the first. Start it if necessary.

        Raises click.ClickException when it cannot be started.
        """
        self.project = project
        self.graded: Graded | None = None
        self.notice: list[RenderableType] = []
        self._checked_at = ""
        self._hinted = ""  # the task of the hint in the notice
        self._has_just_started = False
        self._step: Step | None = None
        self._passed: list[bool] = []  # one for each chapter
        with self.errors_in_notice():
            self._passed = _passed(project, load(project))
        self._changed = ""  # in the chapter, since it was started or checked last
        chapter = chapter or last_saved(project) or next_chapter(project, load(project))
        if chapter is None:
            raise click.ClickException(
                "There is no chapter with tasks here, so there is nothing to watch."
            )
        self.chapter = chapter
        if not chapter.work.is_file():
            self._start(chapter)

    def switch_to(self, chapter: Chapter) -> None:
        """Make this the chapter to check. A hint stays if it belongs to the same chapter."""
        if chapter != self.chapter:
            self.chapter, self.graded = chapter, None
            self.clear()
        elif self._has_just_started:  # this is the save of the starter itself
            self._has_just_started = False
        elif not self._hinted:
            self.clear()

    def record(self, graded: Graded) -> None:
        """Remember the result of a check, and save its marks."""
        self.graded = graded
        self._checked_at = f"{datetime.now():%H:%M:%S}"
        summary = summarize(graded.results)
        is_gone = not graded.file.exists()
        if is_gone or (self._hinted and not _hint_helps(summary, self._hinted)):
            self.clear()
        with self.errors_in_notice():
            progress = load(self.project)
            self._changed = what_changed(graded.chapter, progress)
            if graded.is_whole:
                progress.record_check(graded.chapter, graded.results)
            self._step = next_step(self.project, progress)
            self._passed = _passed(self.project, progress)

    def verdict(self) -> list[Text]:
        """Return the result of the last check, in the width of the terminal."""
        if self.graded is None:
            return []
        if self.graded.trouble:
            return [Text(line) for line in broken(self._trouble(), console())]
        try:
            return report_lines(self.graded, console(), changed=self._changed)
        except click.ClickException as refusal:
            return [Text(refusal.message)]

    def _trouble(self) -> str:
        assert self.graded
        file, number = short_path(self.chapter.work), self.chapter.number
        if self.chapter.work.exists():
            return self.graded.trouble
        return (
            f"{file} is gone. Put it back, and watch will check it again. "
            f"To start the chapter over: {workbook_command()} start {number}"
        )

    def progress(self, has_unicode: bool) -> str:
        """Return a bar with a place for each chapter, and how many of them have passed."""
        passed = self._passed
        full, empty = "■□" if has_unicode else "#-"
        bar = "".join(full if each else empty for each in passed)
        return f"{bar} {sum(passed)} of {len(passed)} chapters"

    def suggestions(self) -> list[Text]:
        """Return commands to type next. In `watch` itself, keys replace most of them."""
        if self.graded is None or self.graded.trouble:
            return []
        return suggestions(self.graded, console(), self._step)

    @property
    def has_passed(self) -> bool:
        """Whether the last check passed every task."""
        return self.graded is not None and self.graded.passed

    def status(self, is_checking: bool) -> str:
        """Return one line about the check that is running, or about the last one."""
        if is_checking:
            return f"Checking {short_path(self.chapter.work)} ..."
        return f"Checked at {self._checked_at}. Every save is checked."

    def farewell(self) -> str:
        """Return the line to print when the learner leaves."""
        graded, go_on = self.graded, f"Go on with: {workbook_command()} watch"
        if graded is None or not graded.results:
            return go_on
        return f"Chapter {graded.chapter.number}: {passed_of(verdicts(graded.results))} {go_on}"

    def clear(self) -> None:
        """Remove the notice."""
        self.notice, self._hinted = [], ""

    def hint(self) -> None:
        """Show the next hint for the first task that failed."""
        summary = summarize(self.graded.results) if self.graded else None
        if summary is None:
            self._notify("No hint is needed now. " + self._task_count())
            return
        with self.errors_in_notice():
            hint = next_hint(self.project, load(self.project), summary.first.task)
            more = "For more, press h again." if hint.has_next else hint.more
            self.notice = [in_a_box(hint, console()), Text(more)]
            self._hinted = summary.first.task

    def diagram(self) -> None:
        """Draw the first conversation that failed, or else the first one, as an SVG file."""
        results = self.graded.results if self.graded else ()
        if not any(result.events for result in results):
            self._notify("There is no conversation to draw. " + self._task_count())
            return
        with self.errors_in_notice():
            assert self.graded
            file = draw(Conversation(self.chapter, self.graded.file, choose(results)))
            self._notify(f"The conversation is drawn. Open {short_path(file)} in a browser.")

    def next(self) -> bool:
        """Switch to the next chapter, started if necessary. Return False when it is too early."""
        self.clear()
        with self.errors_in_notice():
            progress = load(self.project)
            if not progress.has_passed(self.chapter):
                number = self.chapter.number
                other = f"To start another one anyway: {workbook_command()} start"
                self._notify(f"Not yet. {self._task_count()} {other} {int(number) + 1}")
                return False
            chapter = next_chapter(self.project, progress)
            if chapter is None:
                self._notify("All chapters have passed. This was the last one.")
                return False
            self.switch_to(chapter)
            if not chapter.work.is_file():
                self._start(chapter)
            return True
        return False

    def go_to(self, number: int) -> bool:
        """Switch to the chapter with this number, started if necessary. False if there is none."""
        chapter = next((each for each in all_chapters(self.project) if each.number == number), None)
        if chapter is None:
            self._notify(f"There is no chapter {number}.")
            return False
        with self.errors_in_notice():
            self.switch_to(chapter)
            if not chapter.work.is_file():
                self._start(chapter)
            return True
        return False

    def explain_keys(self) -> None:
        """Say in the notice what every key does."""
        self._notify(
            "h gives a hint for the first task that failed. d draws its conversation. "
            "n goes to the next chapter. c checks again. l lists the chapters. q quits. "
            "space, the arrow keys, page up and page down scroll."
        )

    def _task_count(self) -> str:
        if self.graded is None:
            return f"Chapter {self.chapter.number} is being checked."
        if not self.graded.results:
            return f"Chapter {self.chapter.number} could not be checked."
        return f"Chapter {self.chapter.number}: {passed_of(verdicts(self.graded.results))}"

    def _start(self, chapter: Chapter) -> None:
        """Start a chapter, and show as the notice what `start` prints."""
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            start_chapter(chapter)
        self._notify(output.getvalue().strip())
        self._has_just_started = True

    def _notify(self, text: str) -> None:
        self.clear()
        self.notice = [Text(text)]

    @contextlib.contextmanager
    def errors_in_notice(self) -> Iterator[None]:
        """Show errors and warnings as the notice, because they must not write on the screen."""
        errors = io.StringIO()
        try:
            with contextlib.redirect_stderr(errors):
                yield
        except click.ClickException as refusal:
            errors.write(refusal.message)
        if errors.getvalue():
            self._notify(errors.getvalue().strip())


def _passed(project: Path, progress: Progress) -> list[bool]:
    """Return for each chapter with tasks whether it has passed."""
    return [progress.has_passed(each) for each in all_chapters(project) if about(each).tasks]


def _hint_helps(summary: Summary | None, task: str) -> bool:
    """Return whether a hint for this task is still useful."""
    if summary is None or summary.first.task != task:
        return False
    return not summary.first.before_anybody
