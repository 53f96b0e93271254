"""Puts our own code back as it was, when a program has changed it.

The learner's code shares a process with ours and can replace any function of it: for example the
one that notes exceptions. When the program has been imported for a conversation, and in a class
before each command of some conversations, what was replaced is put back. So a program that hides
its exceptions in this way is judged as if it had not tried. To look takes 40 microseconds: too much
for every command of a check, which nobody has a reason to fool. A program may have reasons to
change `logging` or `asyncio`, so the modules of the library are put back only when the judge asks
for it, because a report has not arrived (proof.py).

This stops nobody who goes to great lengths. But no client notices an exception that is hidden, and
a program can also catch it. So hiding earns no more than `try` does.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator
from operator import attrgetter, is_not
from types import FunctionType, ModuleType
from typing import Any

from room.contract import Command

OURS = ("__main__", "room", "simnet")
REPORTING = ("asyncio", "logging", "warnings")
"""Parts of the library that reports go through."""

_CODE = ("__code__", "__defaults__", "__kwdefaults__")
_code_of = attrgetter("__code__")
_PARTS = (staticmethod, classmethod, property)


class Original:
    """The functions and classes of some packages, as they are when this object is created."""

    def __init__(self, packages: Collection[str] = OURS) -> None:
        self._owners = [
            (owner, len(vars(owner)), (*found,), (*found.values(),))
            for owner in _owners(packages)
            if (found := _callables(owner))
        ]
        found_in_all = {each for _, _, _, found in self._owners for each in found}
        self._functions = [each for each in found_in_all if isinstance(each, FunctionType)]
        self._codes = [each.__code__ for each in self._functions]
        self._parts = [[getattr(each, name) for name in _CODE] for each in self._functions]

    def put_back(self) -> None:
        """Undo every change since then. To find none takes a tenth of a millisecond."""
        for owner, size, names, values in self._owners:
            now = vars(owner)
            if len(now) != size:
                for name in _callables(owner).keys() - {*names}:
                    delattr(owner, name)
            if any(map(is_not, map(now.get, names), values)):
                for name, value in zip(names, values, strict=True):
                    if now.get(name) is not value:
                        setattr(owner, name, value)
        if any(map(is_not, map(_code_of, self._functions), self._codes)):
            for function, parts in zip(self._functions, self._parts, strict=True):
                for name, value in zip(_CODE, parts, strict=True):
                    setattr(function, name, value)


class Guard:
    """Decides before which commands something is put back, and what."""

    def __init__(self) -> None:
        self._kept = [Original()]
        self._every = False  # before each command of this conversation
        self._imported = False  # by the command before this one

    def before(self, command: Command) -> None:
        """Put back what has to be as it was when this command is performed."""
        begins = command.get("do") == "open"
        if command.get("undo") and len(self._kept) == 1:  # the program has not run here yet
            self._kept.append(Original(REPORTING))
        if begins:
            self._every = bool(command.get("guard") or command.get("undo"))
        if begins or self._imported or self._every:
            for each in self._kept:
                each.put_back()
        self._imported = begins


def _owners(packages: Collection[str]) -> Iterator[Any]:
    """Yield their modules, and the classes in these."""
    for name, module in [*sys.modules.items()]:
        if name.partition(".")[0] in packages and isinstance(module, ModuleType):
            yield module
            for each in vars(module).values():
                if isinstance(each, type) and each.__module__ == name:
                    yield each


def _callables(owner: Any) -> dict[str, Any]:
    return {
        name: value
        for name, value in vars(owner).items()
        if callable(value) or isinstance(value, _PARTS)
    }
