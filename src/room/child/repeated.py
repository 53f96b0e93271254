"""Executes the learner's file for room after room, and measures what that costs.

The first time loads modules, which stay. Every later time costs as much as the second, usually a
small part of a millisecond. If it is much more, the third time finds out which line is slow. The
cost is counted in processor time, because the machine may be busy, and in sleep. From the second
time on, sleep returns at once.
"""

from __future__ import annotations

import ast
import threading
import time
import warnings
from types import CodeType
from typing import Any

from room.child.notes import LONGEST_NAP
from room.child.unwritten import passed_over
from room.contract import Note

SLOW = 0.02  # seconds of work or sleep
_POSTPONED = annotations.compiler_flag  # the only __future__ feature that matters


class Repeated:
    """A compiled file. `note`, of kind "slow import", is set once a slow line is known."""

    def __init__(self, source: bytes, path: str) -> None:
        self.note: Note | None = None
        self._source = source
        self._path = path
        self._code: CodeType = compile(self._tree(), path, "exec", dont_inherit=True)
        self._times = 0
        self._is_slow = False

    def execute(self, module: dict[str, Any]) -> None:
        """Execute the file in a new module. Raises whatever the file raises."""
        self._times += 1
        if self._times == 2:
            with _Clock() as clock:
                exec(self._code, module)
            self._is_slow = clock.seconds() > SLOW
        elif not self._is_slow or self._times == 1:
            exec(self._code, module)
        elif self.note is None:
            self._find_the_line(module)
        else:
            with _Clock():
                exec(self._code, module)

    def _find_the_line(self, module: dict[str, Any]) -> None:
        """Execute the file statement by statement, and note the line that takes longest."""
        statements = self._statements(module)
        took: dict[int, float] = {}
        with _Clock() as clock:
            for line, code in statements:
                before = clock.seconds()
                exec(code, module)
                took[line] = clock.seconds() - before
        line = max(took, key=lambda line: took[line], default=0)
        seconds = f"{took.get(line, 0.0):.3f} of {sum(took.values()):.3f}"
        self.note = Note("slow import", seconds, file=self._path, line=line)

    def _statements(self, module: dict[str, Any]) -> list[tuple[int, CodeType]]:
        """Return each statement's line and code, and put the docstring into the module."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # compiling the whole file reported them already
            tree = self._tree()
            module["__doc__"] = ast.get_docstring(tree, clean=False)
            return [(each.lineno, self._alone(each)) for each in tree.body if not _is_text(each)]

    def _tree(self) -> ast.Module:
        return passed_over(ast.parse(self._source, self._path))

    def _alone(self, statement: ast.stmt) -> CodeType:
        flags = self._code.co_flags & _POSTPONED
        tree = ast.Module([statement], type_ignores=[])
        code: CodeType = compile(tree, self._path, "exec", flags, dont_inherit=True)
        return code


def _is_text(statement: ast.stmt) -> bool:
    """Return whether it is a string: executed alone, it would replace the docstring."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


class _Clock:
    """Counts the processor time of a block and the seconds it sleeps. Sleep returns at once."""

    def __init__(self) -> None:
        self._slept = 0.0
        self._thread = threading.get_ident()
        self._is_over = False

    def __enter__(self) -> _Clock:
        self._begun = time.process_time()
        self._sleep, time.sleep = time.sleep, self._nap
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over = True
        if time.sleep == self._nap:
            time.sleep = self._sleep

    def seconds(self) -> float:
        return time.process_time() - self._begun + self._slept

    def _nap(self, seconds: Any) -> None:
        """Count a sleep. Code that imported this as `sleep` keeps it, so later it really sleeps."""
        is_here = not self._is_over and threading.get_ident() == self._thread
        if is_here and isinstance(seconds, int | float) and 0 <= seconds <= LONGEST_NAP:
            self._slept += seconds
            seconds = 0
        self._sleep(seconds)
