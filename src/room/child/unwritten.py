"""Tasks that are not written yet: recorded when the program reaches them, and then passed over.

A starter has `raise NotImplementedError("Task 3.1: ...")` in place of each task. Left as it is, the
exception would end the function it is in, and what is above it or below it would seem to work, or
to fail, because of that. So each such line becomes a call that records "3.1 was reached", and the
program goes on with the next line. No line moves, and everything else stays as it is written.
"""

from __future__ import annotations

import ast
import linecache
import os
import re
import sys

from room.child import notes
from room.contract import Note, Serve

TASK = re.compile(r"Task \d+\.\d+: .+", re.DOTALL)
HOOK = "__reached__"
"""The name in a program's module under which it finds `reached`."""


def passed_over(tree: ast.Module) -> ast.Module:
    """Return the same program, with each `raise` of a task's starter turned into a record of it."""
    _PassOver().visit(tree)
    return ast.fix_missing_locations(tree)


def passed_over_in_cell(serve: Serve) -> Serve:
    """Return the same function of a notebook's cell, with its unwritten tasks passed over.

    The cell is run again, in a copy of its namespace. A function of any other origin, and one whose
    cell has no unwritten task, is returned as it is.
    """
    name = serve.__code__.co_filename
    source = "".join(linecache.getlines(name))
    if os.path.exists(name) or not source:
        return serve
    tree = ast.parse(source, name)
    if not any(isinstance(node, ast.Raise) and _task(node.exc) for node in ast.walk(tree)):
        return serve
    namespace = {**serve.__globals__, HOOK: reached}
    exec(compile(passed_over(tree), name, "exec", dont_inherit=True), namespace)
    again: Serve = namespace.get(serve.__name__, serve)
    return again


def reached(task: str) -> None:
    """Record that the line which calls this was reached. `task` is "Task 3.1: title"."""
    if notes.current is not None:
        frame = sys._getframe(1)
        place = frame.f_code.co_filename, frame.f_lineno
        notes.current.reached(Note("reached", task, "", "", *place))


class _PassOver(ast.NodeTransformer):
    def visit_Raise(self, node: ast.Raise) -> ast.stmt:
        task = _task(node.exc)
        if task is None:
            return node
        call = ast.Call(ast.Name(HOOK, ast.Load()), [ast.Constant(task)], [])
        return ast.copy_location(ast.Expr(call), node)


def _task(raised: ast.expr | None) -> str | None:
    """ "Task 3.1: title" of `NotImplementedError("Task 3.1: title")`; None of anything else."""
    match raised:
        case ast.Call(
            func=ast.Name(id="NotImplementedError"), args=[ast.Constant(value=str(text))]
        ):
            return text if TASK.fullmatch(text) else None
    return None
