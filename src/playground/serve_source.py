"""The source of a `serve`: a solution's file, or what it needs of a page's blocks, as one file."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Sequence
from pathlib import Path

from course.sections import MarkedSource
from room.contract import Serve

Block = tuple[str, str]
"""The file name of a block, such as "<block 3>", and its source."""

_MAKES_NAMES = (
    *(ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef),
    *(ast.Assign, ast.AnnAssign),
)


def source_of(serve: Serve, blocks: Sequence[Block]) -> str:
    """Return a file that defines this `serve`, or "" if none is found.

    `blocks` are those that have run, in their order.
    """
    code = getattr(inspect.unwrap(serve), "__code__", None)
    if code is None:
        return ""
    file = Path(code.co_filename)
    if file.suffix == ".py" and file.is_file():
        return MarkedSource(file).text()
    places = [place for place, (name, _) in enumerate(blocks) if name == code.co_filename]
    return (
        _needed([source for _, source in blocks[: places[-1] + 1]], code.co_name) if places else ""
    )


def _needed(sources: Sequence[str], wanted: str) -> str:
    """Return the statements that make a name, and the names that these need, in their order."""
    makers: dict[str, tuple[int, int]] = {}
    parsed = [ast.parse(source) for source in sources]
    for block, tree in enumerate(parsed):
        for place, statement in enumerate(tree.body):
            makers.update(dict.fromkeys(_made(statement), (block, place)))
    needed: set[tuple[int, int]] = set()
    names = [wanted]
    while names:
        maker = makers.get(names.pop())
        if maker is None or maker in needed:
            continue
        needed.add(maker)
        statement = parsed[maker[0]].body[maker[1]]
        names += [node.id for node in ast.walk(statement) if isinstance(node, ast.Name)]
    if not needed:
        return ""
    texts = [_text(sources[block], parsed[block].body[place]) for block, place in sorted(needed)]
    named = [] if wanted == "serve" else [f"serve = {wanted}"]
    return _spaced([*texts, *named])


def _made(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement at the left margin makes."""
    if not isinstance(statement, _MAKES_NAMES):
        return
    if isinstance(statement, ast.Import | ast.ImportFrom):
        for alias in statement.names:
            yield alias.asname or alias.name.partition(".")[0]
    elif isinstance(statement, ast.Assign | ast.AnnAssign):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        yield from (target.id for target in targets if isinstance(target, ast.Name))
    else:
        yield statement.name


def _text(source: str, statement: ast.stmt) -> str:
    """Return the lines of a statement, with its decorators."""
    decorators = getattr(statement, "decorator_list", [])
    first = min(node.lineno for node in [statement, *decorators])
    return "\n".join(source.splitlines()[first - 1 : statement.end_lineno])


def _spaced(texts: Sequence[str]) -> str:
    """Join statements: imports and other short ones on lines below each other."""
    joined = ""
    for before, text in zip(["", *texts], texts, strict=False):
        is_short = "\n" not in before and "\n" not in text
        joined += ("" if not joined else "\n" if is_short else "\n\n\n") + text
    return joined + "\n"
