"""The program that checks for `watch`: pytest is imported once, then file after file is graded.

    python -P -m workbook.watch.worker_main

An order, a pickled (chapter, file), comes in by standard input; a pickled `Graded` goes out
by standard output, its length before it. SIGINT stops the check that is under way: then None goes
out. End of file ends the program. The learner's code runs in children of this process.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
import sys
from pathlib import Path
from typing import BinaryIO

from course import Chapter
from workbook.checking.grade import Graded, grade

LENGTH = struct.Struct("!I")


def main() -> None:
    grades = _Interruptible()
    signal.signal(signal.SIGINT, grades.interrupt)
    orders, answers = sys.stdin.buffer, _taken_from_everybody_else(sys.stdout.fileno())
    while (order := _next(orders)) is not None:
        answer = pickle.dumps(grades.graded(*order))
        try:
            answers.write(LENGTH.pack(len(answer)) + answer)
            answers.flush()
        except BrokenPipeError:  # watch has gone
            os._exit(0)


class _Interruptible:
    """Lets an interrupt end a check, and nothing else: one that comes too late does nothing."""

    def __init__(self) -> None:
        self._is_grading = False

    def graded(self, chapter: Chapter, file: Path) -> Graded | None:
        """What came of the check, or None when it was interrupted."""
        try:
            try:
                self._is_grading = True
                return grade(chapter, file)
            finally:
                self._is_grading = False
        except KeyboardInterrupt:
            return None

    def interrupt(self, number: int, frame: object) -> None:
        if self._is_grading:
            raise KeyboardInterrupt


def _next(orders: BinaryIO) -> tuple[Chapter, Path] | None:
    try:
        order: tuple[Chapter, Path] = pickle.load(orders)
    except (EOFError, pickle.UnpicklingError):  # watch has gone, perhaps amid an order
        return None
    return order


def _taken_from_everybody_else(descriptor: int) -> BinaryIO:
    """The stream for answers. What anything here prints goes nowhere."""
    answers = os.fdopen(os.dup(descriptor), "wb")
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), descriptor)
    return answers


if __name__ == "__main__":
    main()
