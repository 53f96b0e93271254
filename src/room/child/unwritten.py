"""Passes over tasks that are not written yet, and records that the program reached them.

A starter has `raise NotImplementedError("Task 3.1: ...")` in place of each task. That exception
would end its function, so code above or below it would seem to work, or to fail, for the wrong
reason. So each such line becomes a call that records "3.1 was reached", and the program goes on
with the next line. No line moves, and nothing else changes.
"""

from __future__ import annotations

import ast
import re

TASK = re.compile(r"Task \d+\.\d+: .+", re.DOTALL)
HOOK = "__reached__"
"""The name, in a program's module, of the function that records a task."""


def passed_over(tree: ast.Module) -> ast.Module:
    """Return the same program, with each `raise` of a starter turned into a call of HOOK."""
    _PassOver().visit(tree)
    return ast.fix_missing_locations(tree)


def has_unwritten(tree: ast.Module) -> bool:
    """Return whether the program has a task that is not written."""
    return any(isinstance(node, ast.Raise) and _task(node.exc) for node in ast.walk(tree))


class _PassOver(ast.NodeTransformer):
    def visit_Raise(self, node: ast.Raise) -> ast.stmt:
        task = _task(node.exc)
        if task is None:
            return node
        call = ast.Call(ast.Name(HOOK, ast.Load()), [ast.Constant(task)], [])
        return ast.copy_location(ast.Expr(call), node)


def _task(raised: ast.expr | None) -> str | None:
    """Return the text of `NotImplementedError("Task 3.1: title")`; None for anything else."""
    match raised:
        case ast.Call(
            func=ast.Name(id="NotImplementedError"), args=[ast.Constant(value=str(text))]
        ):
            return text if TASK.fullmatch(text) else None
    return None
