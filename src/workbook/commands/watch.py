"""`workbook watch`: check on every save, and answer keys in between.

Checks run in their own process, so the keys work whatever the learner's program does. A new save
stops the check that is running. Without a terminal, the verdicts are printed one after the other,
and there are no keys.
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
from workbook.terminal.screen import console, has_unicode
from workbook.watch.keys import Keyboard
from workbook.watch.saves import saves
from workbook.watch.screen import Frame, Screen, View
from workbook.watch.state import State
from workbook.watch.worker import Grader


def watch(project: Path, chapter: Chapter | None, polling: bool) -> None:
    """Check a chapter, by default the one saved last, and then every chapter saved, until `q`.

    Starts the chapter if necessary. Raises click.ClickException when that fails, when no
    certificate can be made, or when work/ cannot be watched.
    """
    development_certificate()  # without one, every test over TLS would fail
    state = State(project, chapter)
    in_terminal = sys.stdin.isatty() and sys.stdout.isatty() and not console().is_dumb_terminal
    asyncio.run((_TerminalWatch(state) if in_terminal else _PipeWatch(state)).run(polling))
    click.echo(state.farewell())


class _Watch:
    """Checks what is saved. The two classes below show the result and handle keys."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.is_checking = False
        self.finished = asyncio.Event()
        self._check_requested = asyncio.Event()

    async def run(self, polling: bool) -> None:
        """Check and watch until `finished` is set."""
        async with Grader() as grader:
            with self.listening():
                self.request_check()
                await _until_the_first_ends(
                    self._checks(grader), self._saves(polling), self.finished.wait()
                )

    def request_check(self) -> None:
        """Ask for a check of the chapter. It replaces a check that is running."""
        self.is_checking = True
        self._check_requested.set()
        self.show()

    @contextlib.contextmanager
    def listening(self) -> Iterator[None]:
        """Handle the signals that end a program, and keys, until the end of the block."""
        raise NotImplementedError
        yield

    def show(self) -> None:
        """Show the state, after a check began or ended."""
        raise NotImplementedError

    async def _checks(self, grader: Grader) -> None:
        while await self._check_requested.wait():
            self._check_requested.clear()
            chapter = self.state.chapter
            check = asyncio.create_task(grader.grade(chapter, chapter.work))
            again = asyncio.create_task(self._check_requested.wait())
            try:
                await asyncio.wait((check, again), return_when=asyncio.FIRST_COMPLETED)
            finally:
                again.cancel()
                check.cancel()
                await asyncio.wait((check,))
            if check.cancelled() or self._check_requested.is_set():
                continue
            self.is_checking = False
            self.state.record(check.result())
            self.show()

    async def _saves(self, polling: bool) -> None:
        try:
            async for changed in saves(self.state.project, polling):
                saved = [chapter for chapter in changed if chapter.work.exists()]
                if saved:
                    self.state.switch_to(saved[-1])
                if saved or self.state.chapter in changed:  # its file may be gone
                    self.request_check()
        except OSError as error:
            raise click.ClickException(
                f"The folder work/ cannot be watched: {error.strerror or error}."
            ) from error


class _PipeWatch(_Watch):
    """Prints each verdict below the last one."""

    @contextlib.contextmanager
    def listening(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self.finished.set)
        yield

    def show(self) -> None:
        lines = [*self.state.notice]
        if not self.is_checking:
            status = Text(f"{self.state.status(False)} Ctrl-C stops it.")
            lines += [*self.state.verdict(), *self.state.suggestions(), Text(), status, Text()]
        for line in lines:
            console().print(line, soft_wrap=True)
        self.state.clear()
        sys.stdout.flush()


class _TerminalWatch(_Watch):
    """Draws one screen again and again, and handles keys."""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        for name in ("COLUMNS", "LINES"):  # with these set, rich would miss a new size
            os.environ.pop(name, None)
        self._screen = Screen()
        self._top = 0  # the first visible line of the verdict
        self._frame = Frame([], page=1, length=0)
        self._is_list_shown = False  # until the next key
        self._keys: dict[str, Callable[[], None]] = {
            "h": state.hint,
            "d": state.diagram,
            "n": self._next,
            "c": self.request_check,
            "r": self.request_check,  # as it was called once
            "l": self._list,
            "down": self._down,
            "up": self._up,
            "j": self._down,
            "k": self._up,
            "?": state.explain_keys,
            "q": self.finished.set,
        }

    @contextlib.contextmanager
    def listening(self) -> Iterator[None]:
        with Keyboard(self._press).captured(self._redraw):
            yield
        self._screen.close()

    def show(self) -> None:
        if not self.is_checking:
            self._top, self._is_list_shown = 0, False
        self._draw()

    def _draw(self) -> None:
        if self._is_list_shown:
            return
        state = self.state
        view = View(
            self._verdict(),
            state.notice,
            state.status(self.is_checking),
            self._top,
            state.progress(has_unicode(console())),
        )
        self._frame = self._screen.draw(view)

    def _verdict(self) -> list[Text]:
        """Return the verdict. After a failure, the line of keys is suggestion enough."""
        return self.state.verdict() + (self.state.suggestions() if self.state.has_passed else [])

    def _press(self, key: str) -> None:
        """Do what a key stands for. A key without a meaning clears the notice."""
        if self._is_list_shown and key != "q":
            self._is_list_shown = False
            self._screen.invalidate()
            if key.isdigit() and self.state.go_to(int(key)):
                self.request_check()
        else:
            self._keys.get(key, self.state.clear)()
        self._draw()

    def _next(self) -> None:
        if self.state.next():
            self.request_check()

    def _down(self) -> None:
        """Scroll down by a page, or from the end to the top."""
        below = self._top + self._frame.page
        self._top = below if below < self._frame.length else 0

    def _up(self) -> None:
        self._top = max(0, self._top - self._frame.page)

    def _list(self) -> None:
        project = self.state.project
        self._screen.invalidate()
        with self.state.errors_in_notice():
            show_chapters(project, load(project), self.state.chapter)
            console().print(
                "\nType a chapter's number to go there, or any other key to go back.",
                style="dim",
                end="",
            )
            self._is_list_shown = True

    def _redraw(self) -> None:
        """Draw all of it, after a new size or after other programs used the terminal."""
        self._top, self._is_list_shown = 0, False
        self._screen.invalidate()
        self._draw()


async def _until_the_first_ends(*coroutines: Coroutine[object, object, object]) -> None:
    """Run coroutines until one ends, then cancel the others. Raises what the first one raised."""
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
