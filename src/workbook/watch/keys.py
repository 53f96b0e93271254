"""Reads the keyboard for `watch`: keys arrive without Enter, and are not shown.

However `watch` ends, the terminal is restored. Ctrl-C, Ctrl-Z and the signals that end a program
work as usual: the terminal is restored first, and is set up again after `fg`.

prompt_toolkit would not make this shorter: it knows keys, but not these signals.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import sys
import termios
import tty
from collections.abc import Callable, Iterator

_KEYS = {
    "\x1b[A": "up", "\x1bOA": "up", "\x1b[5~": "up", "b": "up",
    "\x1b[B": "down", "\x1bOB": "down", "\x1b[6~": "down", " ": "down",
    "\x04": "q",
}  # fmt: skip
_ONE_KEY = re.compile(r"\x1b[\[O][0-9;]*[A-Za-z~]|.", re.DOTALL)


class Keyboard:
    """The learner's keyboard, inside a `captured()` block."""

    def __init__(self, pressed: Callable[[str], None]) -> None:
        """`pressed` is called with each key: a letter, "up" or "down", and "q" at the end."""
        self._pressed = pressed
        self._stdin = sys.stdin.fileno()
        self._before = termios.tcgetattr(self._stdin)

    @contextlib.contextmanager
    def captured(self, redraw: Callable[[], None]) -> Iterator[None]:
        """Read keys until the end of the block. Needs a running loop.

        `redraw` is called when the screen changed: after `fg`, and with a new size.
        """
        loop = asyncio.get_running_loop()

        def finish() -> None:
            self._pressed("q")

        def suspend() -> None:
            self._restore()
            sys.stdout.write("\n")
            sys.stdout.flush()
            os.kill(os.getpid(), signal.SIGSTOP)

        def resume() -> None:
            self._set_up()
            redraw()

        handlers = {
            signal.SIGINT: finish, signal.SIGTERM: finish, signal.SIGHUP: finish,
            signal.SIGTSTP: suspend, signal.SIGCONT: resume, signal.SIGWINCH: redraw,
        }  # fmt: skip
        for number, handler in handlers.items():
            loop.add_signal_handler(number, handler)
        loop.add_reader(self._stdin, self._read)
        try:
            self._set_up()
            yield
        finally:
            loop.remove_reader(self._stdin)
            for number in handlers:
                loop.remove_signal_handler(number)
            self._restore()

    def _set_up(self) -> None:
        tty.setcbreak(self._stdin)

    def _restore(self) -> None:
        with contextlib.suppress(termios.error):  # the terminal is gone
            termios.tcsetattr(self._stdin, termios.TCSADRAIN, self._before)

    def _read(self) -> None:
        try:
            typed = os.read(self._stdin, 1024)
        except OSError:  # the terminal is gone
            typed = b""
        if not typed:
            asyncio.get_running_loop().remove_reader(self._stdin)
            self._pressed("q")
        for key in _ONE_KEY.findall(typed.decode("utf-8", "replace")):
            self._pressed(_KEYS.get(key, key.lower()))
