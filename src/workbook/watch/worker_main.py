"""The program that checks for `watch`. It imports pytest once, and then grades file after file.

    python -P -m workbook.watch.worker_main DESCRIPTOR

DESCRIPTOR is this program's end of a `multiprocessing` connection. An order, (chapter, file),
arrives on it, and a `Graded` goes back. SIGINT stops the check that is running, and None goes back.
End of file ends the program. The learner's code runs in child processes of this one.
"""

from __future__ import annotations

import os
import signal
import sys
from multiprocessing.connection import Connection
from pathlib import Path

from course import Chapter
from workbook.checking.grade import Graded, grade


def main() -> None:
    """Grade one file for each order, until the connection ends."""
    descriptor = int(sys.argv[1])
    os.set_inheritable(descriptor, False)  # no child may have it, least of all the learner's
    checks = _Interruptible()
    signal.signal(signal.SIGINT, checks.interrupt)
    with Connection(descriptor) as watch:
        try:
            while True:
                watch.send(checks.graded(*watch.recv()))
        except (EOFError, ConnectionError):  # watch has ended
            return


class _Interruptible:
    """Lets an interrupt end a check, and nothing else. One that comes too late does nothing."""

    def __init__(self) -> None:
        self._is_grading = False

    def graded(self, chapter: Chapter, file: Path) -> Graded | None:
        """Return what the check found, or None when it was interrupted."""
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


if __name__ == "__main__":
    main()
