"""The program in a notebook: what a student wrote in the cells under "Write it here".

A notebook of the workbook ends with that heading, the starter, and a cell that calls `grade`. A
student may have split the starter into several cells, so every code cell below the heading counts.
In a notebook without the heading, it is the last cell that defines `serve`.
"""

from __future__ import annotations

import ast
import json
from typing import Any

from classroom.errors import Refusal

HEADING = "Write it here"
_HELPERS = {"grade", "hint"}  # what a notebook gets from our grader


def notebook_source(data: bytes, name: str) -> bytes:
    """Return the program in a notebook. Raises `Refusal` when there is none."""
    try:
        notebook = json.loads(data)
        cells = [_cell(cell) for cell in notebook["cells"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Refusal(f"{name} is not a notebook (of format 4).") from None
    below = _below_the_heading(cells)
    programs = [_program(source) for kind, source in below if kind == "code"]
    programs = [each for each in programs if each.strip()]
    if not any(_defines_serve(each) for each in programs):
        every = [_program(source) for kind, source in cells if kind == "code"]
        programs = [each for each in every if _defines_serve(each)][-1:] or programs
    if not programs:
        raise Refusal(f"{name} has no cell below the heading {HEADING!r}, and none with serve.")
    return ("\n\n".join(programs).rstrip("\n") + "\n").encode("utf-8", "surrogatepass")


def _cell(cell: dict[str, Any]) -> tuple[str, str]:
    source = cell["source"]
    return str(cell["cell_type"]), source if isinstance(source, str) else "".join(source)


def _below_the_heading(cells: list[tuple[str, str]]) -> list[tuple[str, str]]:
    for place in range(len(cells) - 1, -1, -1):
        kind, source = cells[place]
        if kind == "markdown" and HEADING in source:
            return cells[place + 1 :]
    return []


def _program(source: str) -> str:
    """Return a cell without what only a notebook understands, and without the calls of `grade`."""
    lines = [line for line in source.splitlines() if not line.lstrip().startswith(("%", "!", "?"))]
    try:
        tree = ast.parse("\n".join(lines))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "\n".join(lines)  # the judge says what is wrong with it
    for node in tree.body:
        if _is_ours(node):
            for number in range(node.lineno - 1, node.end_lineno or node.lineno):
                lines[number] = ""
    return "\n".join(lines).strip("\n")


def _is_ours(node: ast.stmt) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.module == "grader"
    call = node.value if isinstance(node, ast.Expr) else None
    return (
        isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in _HELPERS
    )


def _defines_serve(source: str) -> bool:
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "def serve" in source
    return any(
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == "serve"
        for node in body
    )
