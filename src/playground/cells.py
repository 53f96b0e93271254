"""The blocks of a page, run as a notebook runs its cells: one namespace from top to bottom.

A block may `await` at its top level. Its coroutine runs on a simulated loop, so waiting costs no
time, and the page does the same every time. The value of a last line that is an expression is
shown, pictures as pictures.
"""

from __future__ import annotations

import ast
import asyncio
import contextlib
import gc
import inspect
import io
import linecache
import traceback
import warnings
from collections.abc import Iterator
from typing import Any

from playground.as_data import Json
from playground.serve_source import Block, source_of
from playground.share import fragment
from room.child.places import text_of
from room.runaway import Runaway, stopped_after
from room.script import Script
from simnet import SimulatedLoop

MOST_PRINTED = 100_000  # characters that one block prints
PLAYED = "playground"  # the name of the page that such a link opens
_VALUE = "__value_of_the_block__"


class Flood(KeyboardInterrupt):
    """A block printed too much. It is no `Exception`, so that few programs catch it."""


class Cells:
    """The blocks of one page. `run` executes one of them."""

    def __init__(self) -> None:
        self._loop = SimulatedLoop()
        self._typed: list[str] = [
            ""
        ]  # `In` of a notebook: the grader looks for a cell's source there
        self._blocks: list[Block] = []
        self._names: dict[str, Any] = {"__name__": "__main__", "In": self._typed}

    def run(self, source: str, name: str) -> list[Json]:
        """Run a block and return its outputs, in the order of a notebook's.

        They have the shape of `Output` in protocol.ts. `name` is the block's name in tracebacks,
        such as "block 3".
        """
        file = f"<{name}>"
        linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
        self._typed.append(source)
        self._blocks.append((file, source))
        printed = _Printed()
        outputs: list[Json] = []
        try:
            with _captured(printed), stopped_after():
                value = self._value(source, file)
                if value is not None:
                    outputs.append(self._shown(value))
        except Runaway as runaway:
            text = (
                f"Stopped after {runaway.seconds:g} seconds at line {runaway.line}: something in "
                "this block never ends."
            )
            outputs.append(
                {"type": "error", "text": text, "places": [[runaway.file, runaway.line]]}
            )
        except Flood:
            text = f"Stopped: this block printed more than {MOST_PRINTED:,} characters."
            outputs.append({"type": "error", "text": text, "places": []})
        except BaseException as error:
            outputs.append(_error(error))
        text = printed.getvalue()
        return [{"type": "text", "text": text}, *outputs] if text else outputs

    def close(self) -> None:
        """Cancel what the blocks left waiting, and drop what they made."""
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        with contextlib.suppress(Exception, SystemExit, Runaway), stopped_after():
            self._loop.settle()
        self._loop.close()
        self._names.clear()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # a page leaves its rooms open
            gc.collect()

    def _value(self, source: str, file: str) -> object:
        """Run the block, and return the value of its last line, or None."""
        tree = ast.parse(source, file)
        if tree.body and isinstance(last := tree.body[-1], ast.Expr):
            target = ast.copy_location(ast.Name(_VALUE, ast.Store()), last)
            tree.body[-1] = ast.copy_location(ast.Assign([target], last.value), last)
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        code = compile(tree, file, "exec", flags, dont_inherit=True)
        result = eval(code, self._names)
        if code.co_flags & inspect.CO_COROUTINE:
            self._loop.run_until_complete(result)
        return self._names.pop(_VALUE, None)

    def _shown(self, value: object) -> Json:
        picture = getattr(value, "_repr_svg_", None)
        if not callable(picture) or isinstance(value, type):
            return {"type": "text", "text": repr(value)}
        play = self._play(getattr(value, "script", None))
        return {"type": "picture", "svg": str(picture()), "words": repr(value), "play": play}

    def _play(self, script: object) -> str:
        """Return the fragment that opens the conversation of a picture, or "" if there is none."""
        if not isinstance(script, Script) or script.serve is None:
            return ""
        source = source_of(script.serve, self._blocks)
        return fragment(script, source, PLAYED) if source else ""


def _error(error: BaseException) -> Json:
    text = f"{type(error).__name__}: {text_of(error)}"
    places = [
        [frame.filename, frame.lineno]
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.startswith("<block") and frame.lineno
    ]
    if isinstance(error, SyntaxError):
        text = f"{type(error).__name__}: {error.msg}"
        places = [[error.filename, error.lineno]] if error.lineno else []
    return {"type": "error", "text": text, "places": places}


class _Printed(io.StringIO):
    """What a block printed, with a limit."""

    def write(self, text: str) -> int:
        if self.tell() > MOST_PRINTED:
            raise Flood
        return super().write(text)


@contextlib.contextmanager
def _captured(printed: io.StringIO) -> Iterator[None]:
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        yield
