"""Executes the learner's file and finds its `serve`, or says in one sentence why that fails.

The file is read and compiled once, and executed again for every room (repeated.py). So each room
begins with a program that remembers nothing of the room before.
"""

from __future__ import annotations

import ast
import inspect
import linecache
import os
import re
import sys
import tokenize
from collections.abc import Callable, Coroutine
from pathlib import Path
from types import ModuleType
from typing import Any

from room.child.notes import reached
from room.child.places import text_of, where_raised
from room.child.repeated import Repeated
from room.child.stage import NOT_ASYNC
from room.child.unwritten import HOOK, has_unwritten, passed_over
from room.contract import Note, WorldFailure

Serve = Callable[[tuple[str, int], Any], Coroutine[Any, Any, Any]]


class Program:
    """The learner's program in the file at `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._name = f"student_{path.stem}"
        self._code: Repeated | None = None

    def load(self) -> Serve:
        """Execute the file in a new module and return its `serve`. Raises `WorldFailure`."""
        module = self._execute()
        serve = getattr(module, "serve", None)
        if serve is None:
            message = (
                f"{self.path.name} has no serve: it needs an `async def serve(bind, ssl_options)`"
            )
            raise WorldFailure("no serve", message, str(self.path))
        if not inspect.iscoroutinefunction(serve):
            line = getattr(getattr(serve, "__code__", None), "co_firstlineno", 0)
            raise WorldFailure("not async", NOT_ASYNC, str(self.path), line)
        return serve  # type: ignore[no-any-return]

    def slow_import(self) -> Note | None:
        """Return a note on the line that makes every import slow, once it is known."""
        return self._code.note if self._code else None

    def forget(self) -> None:
        """Release the module, so that nothing keeps alive what the room left in it."""
        sys.modules.pop(self._name, None)

    def _execute(self) -> ModuleType:
        if self._code is None:
            self._code = self._compile()
            self._check_letters()
        folder = str(self.path.parent)
        if folder not in sys.path:
            sys.path.append(folder)  # last: a random.py in there is not the library's
        module = ModuleType(self._name)
        module.__file__ = str(self.path)
        setattr(module, HOOK, reached)
        sys.modules[module.__name__] = module  # dataclasses and pickle look up a class's module
        try:
            self._code.execute(module.__dict__)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            raise self._failed(error) from error
        return module

    def _compile(self) -> Repeated:
        try:
            source = self.path.read_bytes()
        except OSError as error:
            message = f"{self.path} cannot be read: {error.strerror}"
            raise WorldFailure("missing", message, str(self.path)) from error
        try:
            return Repeated(source, str(self.path))
        except SyntaxError as error:
            raise self._misspelled(error) from error
        except Exception as error:  # a null byte, or nesting that is too deep
            message = f"{self.path.name} is not Python: {text_of(error)}"
            raise WorldFailure(
                "syntax", message, str(self.path), type=type(error).__name__
            ) from error

    def _check_letters(self) -> None:
        """Raise `WorldFailure` for a letter that Python refuses when it runs the file by itself.

        Compiled from bytes, as we do it, a comment may have any bytes.
        """
        try:
            self._read_letters()
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            wrong = f"(unicode error) {error.encoding!r} codec can't decode byte"
            message = f"{wrong} 0x{error.object[error.start]:02x}: {error.reason}"
            place = (str(self.path), line, 0, None)
            raise self._misspelled(SyntaxError(message, place)) from error

    def _read_letters(self) -> None:
        try:
            with tokenize.open(self.path) as file:
                file.read()
        except SyntaxError:  # what it makes of a wrong letter in the first two lines
            self.path.read_bytes().decode()

    def _misspelled(self, error: SyntaxError) -> WorldFailure:
        text = f": {error.text.strip()}" if error.text and error.text.strip() else ""
        message = f"{self.path.name}, line {error.lineno or 1}: {error.msg}{text}"
        kind = type(error).__name__
        return WorldFailure("syntax", message, str(self.path), error.lineno or 1, kind)

    def _failed(self, error: BaseException) -> WorldFailure:
        kind = type(error).__name__
        file, line = where_raised(error)
        if isinstance(error, SystemExit):
            message = f"{self.path.name} called sys.exit() while it was imported"
            return WorldFailure("exit", message, file, line, kind)
        if isinstance(error, MemoryError):
            message = f"{self.path.name} ran out of memory while it was imported"
            return WorldFailure("memory", message, file, line, kind)
        message = f"{self.path.name} cannot be imported: {kind}: {text_of(error)}"
        which = "import" if isinstance(error, ImportError) else "raised"
        return WorldFailure(which, message, file, line, kind)


def passed_over_in_cell(serve: Serve) -> Serve:
    """Return the same function of a notebook's cell, with its unwritten tasks passed over.

    The cell is run again, in a copy of its namespace. A function from anywhere else, or from a cell
    without unwritten tasks, is returned as it is.
    """
    source = _cell_of(serve)
    if os.path.exists(serve.__code__.co_filename) or not source:
        return serve
    tree = ast.parse(source)
    if not has_unwritten(tree):
        return serve
    name = f"<cell with {serve.__name__}>"  # IPython may call all cells the same
    linecache.cache[name] = len(source), None, source.splitlines(keepends=True), name
    namespace = {**serve.__globals__, HOOK: reached}
    exec(compile(passed_over(tree), name, "exec", dont_inherit=True), namespace)
    again: Serve = namespace.get(serve.__name__, serve)
    return again


def _cell_of(serve: Serve) -> str:
    """Return the source of the cell that defines a function; "" if it cannot be found.

    IPython keeps its input in the list `In`. Without that list, the line cache has the cell, unless
    another cell has the same name.
    """
    definition = re.compile(rf"^(async )?def {re.escape(serve.__name__)}\b", re.MULTILINE)
    typed = serve.__globals__.get("In")
    cells = typed if isinstance(typed, list) else []
    cached = "".join(linecache.getlines(serve.__code__.co_filename))
    for cell in [*reversed(cells), cached]:
        if isinstance(cell, str) and definition.search(cell):
            return cell
    return ""
