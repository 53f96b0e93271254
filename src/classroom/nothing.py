"""Finds the tests that a program passes which does nothing in each task.

A test such as "nobody else hears it" passes where nobody hears anything. With partial credit, such
a test would give points for nothing, so it does not count.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from course import Chapter
from grader.report import PASSED, Result


def nothing(chapter: Chapter) -> bytes:
    """Return the starter with `pass` in place of each task."""
    tree = _Passes().visit(ast.parse(chapter.starter.read_text(encoding="utf-8")))
    return f"{ast.unparse(tree)}\n".encode()


def for_nothing(results: Iterable[Result]) -> frozenset[str]:
    """Return the names of the tests that this program has passed in every world."""
    every = [*results]
    failed = {each.function for each in every if each.verdict != PASSED}
    return frozenset(each.function for each in every) - failed


class _Passes(ast.NodeTransformer):
    def visit_Raise(self, node: ast.Raise) -> ast.stmt:
        match node.exc:
            case ast.Call(func=ast.Name(id="NotImplementedError")):
                return ast.Pass()
        return node
