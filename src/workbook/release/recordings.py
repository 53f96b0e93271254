"""Records what our solutions do on the released pages, by running the notebooks' cells here.

The cells are the page's blocks, which CI runs in a kernel. They need none of Jupyter: only `await`
outside of a function, which Python compiles on request.
"""

from __future__ import annotations

import ast
import asyncio
import contextlib
import gc
import inspect
import io
import json
import warnings
from collections.abc import Iterator, Sequence
from typing import Any
from unittest import mock

import click

import course
from course import Chapter
from course.solution import load_module
from room.in_process import InProcess
from room.recorded import Recorder, recording_text

_OF_THE_STUDENT = 2  # cells at a notebook's end: the starter, and the call that grades it


def record(chapters: Sequence[Chapter]) -> dict[Chapter, str]:
    """Return the text of a recording for each solution that these chapters' pages show.

    Raises `click.ClickException` if a cell fails.
    """
    recorders: dict[str, list[Recorder]] = {}
    for chapter in chapters:
        with _recording(chapter, recorders), _in_silence():
            asyncio.run(_run_cells(chapter))
            gc.collect()  # here, what the cells left behind is not reported
    return {
        chapter: recording_text([room for each in recorders[chapter.name] for room in each.rooms])
        for chapter in chapters
        if chapter.name in recorders
    }


@contextlib.contextmanager
def _in_silence() -> Iterator[None]:
    """Show nothing of what the cells print, and no warning: some show what goes wrong, and how."""
    output = io.StringIO()
    with (
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(output),
        warnings.catch_warnings(action="ignore"),
    ):
        yield


@contextlib.contextmanager
def _recording(chapter: Chapter, recorders: dict[str, list[Recorder]]) -> Iterator[None]:
    """Let `solution(...)`, as the cells import it, return a recorder of that solution."""

    def recorded_solution(name: str) -> Recorder:
        file = Chapter(chapter.root, name).solution
        serve = load_module(f"solution_{name}", file).serve
        recorder = Recorder(InProcess(serve), chapter.root)
        recorders.setdefault(name, []).append(recorder)
        return recorder

    with mock.patch.object(course, "solution", recorded_solution):
        yield


async def _run_cells(chapter: Chapter) -> None:
    cells = json.loads(chapter.notebook.read_text(encoding="utf-8"))["cells"]
    code_cells = [cell for cell in cells if cell["cell_type"] == "code"]
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for place, cell in enumerate(code_cells[:-_OF_THE_STUDENT], start=1):
        may_raise = "raises-exception" in cell["metadata"].get("tags", [])
        try:
            await _run("".join(cell["source"]), namespace)
        except Exception as error:
            if not may_raise:
                name = chapter.notebook.relative_to(chapter.root)
                problem = f"cell {place} of code fails with {type(error).__name__}: {error}"
                raise click.ClickException(f"{name} cannot be recorded: {problem}") from error


async def _run(source: str, namespace: dict[str, Any]) -> None:
    code = compile(source, "<cell>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    result = eval(code, namespace)
    if inspect.isawaitable(result):
        await result
