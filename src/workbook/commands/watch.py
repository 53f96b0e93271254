"""`workbook watch`: a check on every save, and keys for what a learner wants to know then.

Checks run in a process of their own, so that the keys answer whatever the learner's program does. A
new save stops the check that is under way. Without a terminal, verdicts are printed one below the
other, and there are no keys.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path

import click
from rich.text import Text

from course import Chapter
from grader.certificate import development_certificate
from workbook.checkout.progress import load
from workbook.commands.list import show_chapters
from workbook.terminal.screen import console
from workbook.watch.keys import Keyboard
from workbook.watch.saves import saves
from workbook.watch.screen import Frame, Screen, View
from workbook.watch.state import State
from workbook.watch.worker import Grader


def watch(project: Path, chapter: Chapter | None, polling: bool) -> None:
    """Check a chapter, by default the one saved last, and then whatever is saved, until `q`.

    A chapter that is not started is started. Raises click.ClickException when that cannot be done,
    when no certificate can be made, or when work/ cannot be watched.
    """
    development_certificate()  # without one, no test over TLS could say a thing
    state = State(project, chapter)
    in_terminal = sys.stdin.isatty() and sys.stdout.isatty() and not console().is_dumb_terminal
    asyncio.run((_InTerminal(state) if in_terminal else _OnAPipe(state)).run(polling))
    click.echo(state.farewell())


class _Watch:
    """Checks what is saved. How that is shown, and what can be pressed, is for the two below."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.is_checking = False
        self.over = asyncio.Event()
        self._wanted = asyncio.Event()

    async def run(self, polling: bool) -> None:
        """Check and watch until it is over."""
        async with Grader() as grader:
            with self.hearing():
                self.check()
                await _until_the_first_ends(
                    self._checks(grader), self._saves(polling), self.over.wait()
                )

    def check(self) -> None:
        """Want a check of the chapter, in place of one that is under way."""
        self.is_checking = True
        self._wanted.set()
        self.show()

    @contextlib.contextmanager
    def hearing(self) -> Iterator[None]:
        """Hear of the signals that end a program, and of what is pressed."""
        raise NotImplementedError
        yield

    def show(self) -> None:
        """A check begins, or has ended."""
        raise NotImplementedError

    async def _checks(self, grader: Grader) -> None:
        while await self._wanted.wait():
            self._wanted.clear()
            chapter = self.state.chapter
            check = asyncio.create_task(grader.grade(chapter, chapter.work))
            again = asyncio.create_task(self._wanted.wait())
            try:
                await asyncio.wait((check, again), return_when=asyncio.FIRST_COMPLETED)
            finally:
                again.cancel()
                check.cancel()
                await asyncio.wait((check,))
            if check.cancelled() or self._wanted.is_set():
                continue
            self.is_checking = False
            self.state.record(check.result())
            self.show()

    async def _saves(self, polling: bool) -> None:
        try:
            async for saved in saves(self.state.project, polling):
                self.state.switch_to(saved[-1])
                self.check()
        except OSError as error:
            raise click.ClickException(
                f"The folder work/ cannot be watched: {error.strerror or error}."
            ) from error


class _OnAPipe(_Watch):
    """Each verdict is printed below the one before."""

    @contextlib.contextmanager
    def hearing(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self.over.set)
        yield

    def show(self) -> None:
        lines = [*self.state.notice]
        if not self.is_checking:
            status = Text(f"{self.state.status(False)} Ctrl-C ends it.")
            lines += [*self.state.verdict(), *self.state.suggestions(), Text(), status, Text()]
        for line in lines:
            console().print(line, soft_wrap=True)
        self.state.clear()
        sys.stdout.flush()


class _InTerminal(_Watch):
    """One screen, which is drawn anew, and keys."""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        for name in ("COLUMNS", "LINES"):  # a size once set would not follow the terminal's
            os.environ.pop(name, None)
        self._screen = Screen()
        self._top = 0  # the first line of the verdict that is shown
        self._frame = Frame([], page=1, length=0)
        self._is_aside = False  # something else is shown until the next key
        self._keys: dict[str, Callable[[], None]] = {
            "h": state.hint,
            "d": state.diagram,
            "n": self._next,
            "r": self.check,
            "l": self._list,
            "down": self._down,
            "up": self._up,
            "q": self.over.set,
        }

    @contextlib.contextmanager
    def hearing(self) -> Iterator[None]:
        with Keyboard(self._press).taken(self._redraw):
            yield
        self._screen.close()

    def show(self) -> None:
        if not self.is_checking:
            self._top, self._is_aside = 0, False
        self._draw()

    def _draw(self) -> None:
        if self._is_aside:
            return
        state = self.state
        shown = View(self._verdict(), state.notice, state.status(self.is_checking), self._top)
        self._frame = self._screen.draw(shown)

    def _verdict(self) -> list[Text]:
        """After a failure the keys at the end are enough of what to do next."""
        return self.state.verdict() + (self.state.suggestions() if self.state.has_passed else [])

    def _press(self, key: str) -> None:
        """What a key does; one that means nothing brings back the verdict."""
        if self._is_aside and key != "q":
            self._is_aside = False
            self._screen.invalidate()
        else:
            self._keys.get(key, self.state.clear)()
        self._draw()

    def _next(self) -> None:
        if self.state.next():
            self.check()

    def _down(self) -> None:
        """A page further; from the end, to the top."""
        below = self._top + self._frame.page
        self._top = below if below < self._frame.length else 0

    def _up(self) -> None:
        self._top = max(0, self._top - self._frame.page)

    def _list(self) -> None:
        project = self.state.project
        self._screen.invalidate()
        with self.state.errors_in_notice():
            show_chapters(project, load(project), self.state.chapter)
            console().print("\nAny key goes back.", style="dim", end="")
            self._is_aside = True

    def _redraw(self) -> None:
        """The terminal has another size, or was used by others."""
        self._top, self._is_aside = 0, False
        self._screen.invalidate()
        self._draw()


async def _until_the_first_ends(*coroutines: Coroutine[object, object, object]) -> None:
    """Run them at once until one ends; the others are cancelled. Raises what the first raised."""
    tasks = [asyncio.create_task(each) for each in coroutines]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        done = [task for task in tasks if task.done()]
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    for task in done:
        task.result()
