"""Where a learner is while `watch` runs: the chapter, what its last check found, what a key asked.

Nothing in here waits, draws or grades; so what each key does can be tried without a terminal.
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

from course import Chapter
from grader.report import Told, passed_of, verdicts, what_to_tell
from workbook.checking.conversation import Conversation, choose
from workbook.checking.grade import Graded
from workbook.checking.report import report_lines, suggestions
from workbook.checkout.next_step import Step, next_chapter, next_step
from workbook.checkout.progress import load
from workbook.checkout.project import last_saved, short_path, workbook_command
from workbook.commands.diagram import draw
from workbook.commands.hint import in_a_box, next_hint
from workbook.commands.start import start_chapter
from workbook.terminal.screen import console


class State:
    """What there is to see. `chapter` is what is worked on, `graded` what is known of it."""

    def __init__(self, project: Path, chapter: Chapter | None = None) -> None:
        """Start the chapter if it is not; without one, go to that saved last, or begin the book.

        Raises click.ClickException when it cannot be started.
        """
        self.project = project
        self.graded: Graded | None = None
        self.notice: list[RenderableType] = []
        self._checked_at = ""
        self._hinted = ""  # the task that the notice is a hint for
        self._step: Step | None = None
        chapter = chapter or last_saved(project) or next_chapter(project, load(project))
        if chapter is None:
            raise click.ClickException("There is no chapter with tasks here, so nothing to watch.")
        self.chapter = chapter
        if not chapter.work.is_file():
            self._start(chapter)

    def switch_to(self, chapter: Chapter) -> None:
        """A chapter was saved. A hint stays while it may be needed."""
        if chapter != self.chapter:
            self.chapter, self.graded = chapter, None
            self.clear()
        elif not self._hinted:
            self.clear()

    def record(self, graded: Graded) -> None:
        """A check has ended: remember what it found."""
        self.graded = graded
        self._checked_at = f"{datetime.now():%H:%M:%S}"
        told = what_to_tell(graded.results)
        if self._hinted and not _helps_with(told, self._hinted):
            self.clear()
        with self.errors_in_notice():
            progress = load(self.project)
            if graded.is_whole:
                progress.record_check(graded.chapter, graded.results)
            self._step = next_step(self.project, progress)

    def verdict(self) -> list[Text]:
        """What the last check found, in the width of the terminal."""
        if self.graded is None:
            return []
        if self.graded.trouble:
            return [Text(self.graded.trouble)]
        try:
            return report_lines(self.graded, console())
        except click.ClickException as refusal:
            return [Text(refusal.message)]

    def suggestions(self) -> list[Text]:
        """What can be typed next; in `watch` itself, keys stand for most of it."""
        if self.graded is None or self.graded.trouble:
            return []
        return suggestions(self.graded, console(), self._step)

    @property
    def has_passed(self) -> bool:
        return self.graded is not None and self.graded.passed

    def status(self, is_checking: bool) -> str:
        """One line on what is going on."""
        if is_checking:
            return f"Checking {short_path(self.chapter.work)} ..."
        return f"Checked at {self._checked_at}. Every save is checked."

    def farewell(self) -> str:
        """What is said when the learner leaves."""
        graded, go_on = self.graded, f"Go on with: {workbook_command()} watch"
        if graded is None or not graded.results:
            return go_on
        return f"Chapter {graded.chapter.number}: {passed_of(verdicts(graded.results))} {go_on}"

    def clear(self) -> None:
        """Take away what a key asked for."""
        self.notice, self._hinted = [], ""

    def hint(self) -> None:
        """The next hint for the task that is told in full."""
        told = what_to_tell(self.graded.results) if self.graded else None
        if told is None:
            self._say("No hint is needed now: " + self._how_it_stands())
            return
        with self.errors_in_notice():
            hint = next_hint(self.project, load(self.project), told.first.task)
            more = "More: h once more." if hint.has_next else hint.more
            self.notice = [in_a_box(hint, console()), Text(more)]
            self._hinted = told.first.task

    def diagram(self) -> None:
        """Draw the conversation that failed, or the first one."""
        results = self.graded.results if self.graded else ()
        if not any(result.events for result in results):
            self._say("There is no conversation to draw: " + self._how_it_stands())
            return
        with self.errors_in_notice():
            assert self.graded
            file = draw(Conversation(self.chapter, self.graded.file, choose(results)))
            self._say(f"The conversation is drawn: open {short_path(file)} in a browser.")

    def next(self) -> bool:
        """Turn to the next chapter, started if it was not; False when it is not its time yet."""
        self.clear()
        with self.errors_in_notice():
            progress = load(self.project)
            if not progress.has_passed(self.chapter):
                number = self.chapter.number
                other = f"To begin another one all the same: {workbook_command()} start"
                self._say(f"Not yet: {self._how_it_stands()} {other} {int(number) + 1}")
                return False
            chapter = next_chapter(self.project, progress)
            if chapter is None:
                self._say("All chapters have passed. There is no next one.")
                return False
            self.switch_to(chapter)
            if not chapter.work.is_file():
                self._start(chapter)
            return True
        return False

    def _how_it_stands(self) -> str:
        if self.graded is None:
            return f"chapter {self.chapter.number} is being checked."
        if not self.graded.results:
            return f"chapter {self.chapter.number} could not be checked."
        return f"chapter {self.chapter.number} has {passed_of(verdicts(self.graded.results))}"

    def _start(self, chapter: Chapter) -> None:
        """Start a chapter, and let the notice be what is said then."""
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            start_chapter(chapter)
        self._say(said.getvalue().strip())

    def _say(self, text: str) -> None:
        self.clear()
        self.notice = [Text(text)]

    @contextlib.contextmanager
    def errors_in_notice(self) -> Iterator[None]:
        """Let what is refused or warned of be the notice: the screen is not to be written on."""
        warned = io.StringIO()
        try:
            with contextlib.redirect_stderr(warned):
                yield
        except click.ClickException as refusal:
            warned.write(refusal.message)
        if warned.getvalue():
            self._say(warned.getvalue().strip())


def _helps_with(told: Told | None, task: str) -> bool:
    """Whether a hint for this task is still of use."""
    return told is not None and told.first.task == task and not told.first.before_anybody
