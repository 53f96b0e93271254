"""The terminal while `watch` has it: keys come without Enter, and are not shown.

However it ends, the terminal is as it was before. Ctrl-C, Ctrl-Z and the signals that end a
program stay what they are: the terminal is given back before, and taken again after `fg`.
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
    """The learner's keyboard, between `taken()` and its end."""

    def __init__(self, pressed: Callable[[str], None]) -> None:
        """`pressed` is called with each key: a letter, or "up", "down"; "q" when all is over."""
        self._pressed = pressed
        self._stdin = sys.stdin.fileno()
        self._before = termios.tcgetattr(self._stdin)

    @contextlib.contextmanager
    def taken(self, redraw: Callable[[], None]) -> Iterator[None]:
        """Have the terminal. Needs a running loop. `redraw` is called when the screen is lost."""
        loop = asyncio.get_running_loop()

        def quit_() -> None:
            self._pressed("q")

        def stop() -> None:
            self._give_back()
            sys.stdout.write("\n")
            sys.stdout.flush()
            os.kill(os.getpid(), signal.SIGSTOP)

        def go_on() -> None:
            self._take()
            redraw()

        handlers = {
            signal.SIGINT: quit_, signal.SIGTERM: quit_, signal.SIGHUP: quit_,
            signal.SIGTSTP: stop, signal.SIGCONT: go_on, signal.SIGWINCH: redraw,
        }  # fmt: skip
        for number, handler in handlers.items():
            loop.add_signal_handler(number, handler)
        loop.add_reader(self._stdin, self._read)
        try:
            self._take()
            yield
        finally:
            loop.remove_reader(self._stdin)
            for number in handlers:
                loop.remove_signal_handler(number)
            self._give_back()

    def _take(self) -> None:
        tty.setcbreak(self._stdin)

    def _give_back(self) -> None:
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
