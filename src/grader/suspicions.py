"""Finds mistakes that raise nothing, in the syntax tree of the learner's file.

bfnet never calls a method whose name is misspelled, or a function without a decorator, and Python
never complains about `butterfly.stop` without parentheses. Such mistakes show only in the source. A
suspicion is reported only if a test has failed and nothing better is known.
"""

from __future__ import annotations

import ast
import functools
import linecache
import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import TypeVar

from room.failure import place

HOOKS = ("on_connection", "on_disconnect")
"""The methods of a handler that bfnet calls."""

_CLOSE = 0.75  # how alike a misspelled name is, from 0 to 1
_COPIES = ("strip", "replace", "decode", "encode", "upper", "lower", "split", "join")
_METHODS = ("stop", "cancel", "close", "strip", "decode", "encode", "upper", "append", "pop")

Function = ast.FunctionDef | ast.AsyncFunctionDef
T = TypeVar("T", bound=ast.expr)


def suspicion(file: str, source: str | None = None) -> str:
    """Return a sentence on the first such mistake in the file; "" if there is none."""
    return _first(_source(file) if source is None else source, file)


@functools.lru_cache(maxsize=4)  # every test that fails asks again
def _first(source: str, file: str) -> str:
    try:
        return next(_found(_parsed(source), file), "")
    except RecursionError:  # an expression that nobody has typed
        return ""


def outside(name: str, file: str, line: int, source: str | None = None) -> str:
    """Return a sentence if `name` is a parameter of the function right above this line; or "".

    Python did not know the name at this line, so the line is probably not indented enough.
    """
    above = [
        function
        for function in _functions(_parsed(_source(file) if source is None else source))
        if (function.end_lineno or 0) < line and name in _parameters(function)
    ]
    if not above:
        return ""
    nearest = max(above, key=lambda function: function.end_lineno or 0)
    return (
        f"`{name}` belongs to `{nearest.name}`, and {place(file, line)} is outside it. Is the "
        "line indented far enough?"
    )


def _source(file: str) -> str:
    linecache.checkcache(file)
    return "".join(linecache.getlines(file))


def _parsed(source: str) -> ast.Module:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


def _found(tree: ast.Module, file: str) -> Iterator[str]:
    """Yield the suspicions, the surest first."""
    for line, sentence in (
        *_never_awaited(tree),
        *_not_called(tree),
        *_calling_themselves(tree),
        *_misspelled(tree),
        *_undecorated(tree),
        *_written_after_stop(tree),
        *_logged_too_low(tree),
        *_reading_again(tree),
        *_thrown_away(tree),
        *_quoted(tree),
    ):
        yield sentence.replace("LINE", place(file, line))


def _never_awaited(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for call in _statements(tree, ast.Call):
        if ast.unparse(call.func) in ("asyncio.gather", "gather"):
            yield call.lineno, "the `gather(...)` at LINE is not awaited: write `await` in front."


def _not_called(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for named in _statements(tree, ast.Attribute):
        if named.attr in _METHODS:
            yield (
                named.lineno,
                f"LINE names `{ast.unparse(named)}` and does not call it: add parentheses.",
            )


def _calling_themselves(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for method in _functions(tree):
        for call in ast.walk(method):
            if (
                method.name in HOOKS
                and isinstance(call, ast.Call)
                and ast.unparse(call.func) == f"self.{method.name}"
            ):
                yield (
                    call.lineno,
                    f"`{method.name}` calls itself at LINE, again and again. The inherited one is "
                    f"`super().{method.name}(butterfly)`.",
                )


def _misspelled(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for cls in _handlers(tree):
        methods = [method for method in cls.body if isinstance(method, Function)]
        missing = [hook for hook in HOOKS if hook not in {method.name for method in methods}]
        for method in methods:
            if method.name in HOOKS:
                continue
            inside = {*ast.walk(method)}
            called = any(
                isinstance(node, ast.Attribute) and node.attr == method.name
                for node in ast.walk(tree)
                if node not in inside
            )
            close = get_close_matches(method.name, missing, 1, _CLOSE)
            if close and not called:
                yield (
                    method.lineno,
                    f"bfnet never calls `{method.name}` (LINE). The method that it calls is "
                    f"`{close[0]}`.",
                )


def _undecorated(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Find functions in `serve` that nothing calls and that bfnet does not receive."""
    for serve in _functions(tree):
        if serve.name != "serve":
            continue
        used = {node.id for node in ast.walk(serve) if isinstance(node, ast.Name)}
        for function in serve.body:
            if (
                isinstance(function, Function)
                and not function.decorator_list
                and function.name not in used
            ):
                yield (
                    function.lineno,
                    f"nothing calls `{function.name}` (LINE). Above a data handler is a decorator, "
                    "such as `@net.any_data`.",
                )


def _written_after_stop(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        for block in (getattr(node, name, None) for name in ("body", "orelse")):
            if not isinstance(block, list):
                continue
            stopped: set[str] = set()
            for statement in block:
                target, method = _called_method(statement)
                if method == "stop":
                    stopped.add(target)
                elif method == "write" and target in stopped:
                    yield (
                        statement.lineno,
                        f"LINE writes to `{target}` after its `stop()`. What is written after "
                        "stop() goes nowhere: write first.",
                    )


def _logged_too_low(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for call in _statements(tree, ast.Call):
        if re.fullmatch(r"(self\.|handler\.)?(logger|logging)\.debug", ast.unparse(call.func)):
            yield call.lineno, "LINE logs at level DEBUG, which is not shown: use info."


def _reading_again(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Find data handlers that read again, although their argument has what was read."""
    for function in _functions(tree):
        names = [argument.arg for argument in function.args.args]
        if len(names) != 3 or not function.decorator_list:
            continue
        for call in ast.walk(function):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == f"{names[1]}.read":
                yield (
                    call.lineno,
                    f"LINE waits for more. What the client said is in `{names[0]}` already.",
                )


def _thrown_away(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Find results that are lost. In a `try`, a call may only ask whether it raises."""
    tries = [node for node in ast.walk(tree) if isinstance(node, ast.Try)]
    asked = {id(node.value) for each in tries for node in each.body if isinstance(node, ast.Expr)}
    for call in _statements(tree, ast.Call):
        if id(call) in asked:
            continue
        match call.func:
            case ast.Attribute(attr="cancelled"):
                yield call.lineno, "LINE only asks whether it is cancelled. To cancel: `cancel()`."
            case ast.Attribute(attr=name) if name in _COPIES:
                yield call.lineno, f"LINE makes something new with `{name}` and does not keep it."
            case ast.Name(id="bytes" | "str" | "len" as name):
                yield call.lineno, f"LINE does not keep what `{name}` makes. Is `return` missing?"


def _quoted(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(
                value=ast.Attribute(attr="butterflies"), slice=ast.Constant(value=str(key))
            ) if key.isidentifier():
                yield (
                    node.lineno,
                    f'the key at LINE is the text "{key}". Without quotes it is the variable.',
                )


def _handlers(tree: ast.Module) -> Iterator[ast.ClassDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and any("Handler" in ast.unparse(b) for b in node.bases):
            yield node


def _functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def _statements(tree: ast.AST, kind: type[T]) -> Iterator[T]:
    """Yield expressions of a kind that are statements by themselves, so their value is lost."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, kind):
            yield node.value


def _called_method(statement: ast.stmt) -> tuple[str, str]:
    """Return ("butterfly", "stop") for the statement `butterfly.stop()`; else ("", "")."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=target, attr=method))):
            return ast.unparse(target), method
    return "", ""


def _parameters(function: Function) -> set[str]:
    return {argument.arg for argument in function.args.args}
