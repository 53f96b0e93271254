"""Words a plain `assert` of a grader that did not hold, in place of pytest's own words.

A grader writes `assert received == expected, "What that means"`. Pytest explains a comparison to
programmers: it has diffs, options and names of the test's variables. A learner reads what is
missing and what is too many, or both sides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from room.failure import one_side

MOST = 4  # items that are listed
LONGEST = 70  # characters of one of them


def compared(operator: str, received: object, expected: object) -> list[str]:
    """Return the lines that say how the two sides of a comparison differ.

    `received` is the left side and `expected` the right one, as our graders write them.
    """
    if operator == "==" and isinstance(received, Mapping) and isinstance(expected, Mapping):
        return _items(
            [*map(_pair, received.items())], [*map(_pair, expected.items())], is_ordered=False
        )
    if operator == "==" and _are_lists(received, expected):
        assert isinstance(received, Collection)
        assert isinstance(expected, Collection)
        is_ordered = isinstance(expected, list | tuple)
        return _items([*map(_shown, received)], [*map(_shown, expected)], is_ordered)
    if (
        operator == "in"
        and isinstance(expected, Collection)
        and not isinstance(expected, str | bytes)
    ):
        return [f"expected  {' or '.join(map(_shown, expected))}", f"received  {_shown(received)}"]
    words = {"==": "", "!=": "anything but ", "is": "", "in": "a part of ", "not in": "no part of "}
    before = words.get(operator, f"{operator} ")
    return [f"expected  {before}{_shown(expected)}", f"received  {_shown(received)}"]


def message_of(error: AssertionError) -> str:
    """Return the message that the grader gave its `assert`; "" if it gave none."""
    said = str(error)
    return "" if said.startswith("assert ") else said.partition("\nassert ")[0]


def _are_lists(*sides: object) -> bool:
    return all(isinstance(side, list | tuple | set | frozenset) for side in sides)


def _items(received: list[str], expected: list[str], is_ordered: bool) -> list[str]:
    missing, extra = _without(expected, received), _without(received, expected)
    lines = [*_listed("missing", missing), *_listed("too many", extra)]
    if lines or not is_ordered:
        return lines
    return ["Nothing is missing, but the order is different:", *_listed("received", received)]


def _listed(title: str, items: list[str]) -> list[str]:
    lines = [f"{title}  {item}" for item in items[:MOST]]
    return [*lines, f"and {len(items) - MOST} more"] if len(items) > MOST else lines


def _without(items: Iterable[str], others: Iterable[str]) -> list[str]:
    """Return the items that are not among the others; each of those counts once."""
    left = [*others]
    found = []
    for item in items:
        if item in left:
            left.remove(item)
        else:
            found.append(item)
    return found


def _pair(item: tuple[object, object]) -> str:
    return f"{_shown(item[0])}: {_shown(item[1])}"


def _shown(value: object) -> str:
    if isinstance(value, bytes):
        return one_side(value)
    if isinstance(value, tuple) and all(isinstance(part, str) for part in value):
        return _cut(" ".join(value))  # a line of the log, with its level
    if isinstance(value, str):
        return one_side(value.encode("utf-8", "surrogateescape"))
    return _cut(repr(value))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
