"""Deals what varies from conversation to conversation: names, texts, choices and pauses.

Ten seeds have to meet every kind of each, so kinds are dealt like cards, not drawn at random. In
ten conversations with the seeds 0 to 9, each has a different kind of first name, a different kind
of second name, and so on. The test's own name shifts the deal, so that the kinds meet each other in
different ways in different tests. Only details (which short name, which words) are random.

Authors of tests do not have to remember any of this: `room.name()` is enough.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar
from zlib import crc32

from room.words import ACCENTED, NAMES, OTHER_SCRIPTS, PUNCTUATED, SEVERAL_WORDS, TWENTY, WORDS

KINDS = 10
"""The number of consecutive seeds that meet every kind of everything."""

PAUSES = (0.0, 0.2, 1.0, 4.0, 8.0, 30.0, 61.0, 300.0, 3600.0, 0.01)
"""Virtual seconds for which someone thinks."""

T = TypeVar("T")


class Cast:
    """Deals everything that varies in one room. `test` is the name of the room's test."""

    def __init__(self, seed: int, test: str = "") -> None:
        self._seed = seed
        self._test = test
        self._random = Random(f"{test} {seed}")
        self._used: list[str] = []
        self._dealt: dict[str, int] = {}

    def name(self, word: bool = False) -> str:
        """Return a new name of the next kind. With `word`, it has no spaces in it."""
        kinds = WORD_KINDS if word else NAME_KINDS
        kind = kinds[self._next("name") % len(kinds)]
        name = kind(self._random, self._used)
        while name in self._used:
            name = _another(self._random, self._used)
        self._used.append(name)
        return name

    def text(self) -> str:
        """Return something to say, of the next kind, without a newline and never empty."""
        kind = TEXT_KINDS[self._next("text") % len(TEXT_KINDS)]
        return kind(self._random)

    def pick(self, those: Sequence[T]) -> T:
        """Return one of them. Ten seeds pick each of up to ten."""
        return those[self._next("pick") % len(those)]

    def how_many(self, least: int, most: int) -> int:
        """Return a number from `least` to `most`. Ten seeds cover up to ten numbers."""
        return least + self._next("how many") % (most - least + 1)

    def pause(self) -> float:
        """Return how many virtual seconds someone thinks, from none to an hour."""
        return PAUSES[self._next("pause") % len(PAUSES)]

    def reserve(self, name: str) -> None:
        """Do not deal this name: the test uses it already."""
        self._used.append(name)

    def _next(self, what: str) -> int:
        """Return the place in the deal: one further for each seed, three for each card of a sort.

        The place where a sort begins depends on the test, so that kinds of two sorts meet in
        different ways in different tests.
        """
        count = self._dealt[what] = self._dealt.get(what, -1) + 1
        return self._seed + 3 * count + crc32(f"{what} in {self._test}".encode())


def _another(random: Random, used: Sequence[str]) -> str:
    free = [name for name in NAMES if name not in used]
    return random.choice(free) if free else f"guest {len(used)}"


def _extended(random: Random, used: Sequence[str]) -> str:
    """Return a name that begins like the last name: Adam after Ada, or Ada after Adam."""
    if not used:
        return _another(random, used)
    last = used[-1]
    return f"{last}{random.choice('aeinors')}" if len(last) < 20 else last[:-1].split()[0]


Naming = Callable[[Random, Sequence[str]], str]

WORD_KINDS: tuple[Naming, ...] = (
    _another,
    lambda random, used: _another(random, used).lower(),
    lambda random, used: random.choice(ACCENTED),
    lambda random, used: random.choice("xyzQUV"),
    lambda random, used: f"mc{_another(random, used)}",
    lambda random, used: random.choice(OTHER_SCRIPTS),
    lambda random, used: _another(random, used).upper(),
    lambda random, used: f"{_another(random, used)}{random.randint(2, 99)}",
    _another,
    _extended,
)

NAME_KINDS: tuple[Naming, ...] = (
    _another,
    lambda random, used: _another(random, used).lower(),
    lambda random, used: random.choice(ACCENTED),
    lambda random, used: random.choice("xyzQUV"),
    lambda random, used: random.choice(SEVERAL_WORDS),
    lambda random, used: random.choice(OTHER_SCRIPTS),
    lambda random, used: random.choice(TWENTY),
    lambda random, used: random.choice(PUNCTUATED),
    lambda random, used: f"mc{_another(random, used)}",
    _extended,
)
"""Ten kinds of names, each with 1 to 20 printable characters and no space at either end."""


def _words(random: Random, least: int = 2, most: int = 6) -> str:
    return " ".join(random.choices(WORDS, k=random.randint(least, most)))


TEXT_KINDS: tuple[Callable[[Random], str], ...] = (
    _words,
    lambda random: random.choice(WORDS),
    lambda random: f"{_words(random).capitalize()}, {random.choice(WORDS)}!",
    lambda random: f"{_words(random, 40, 60)} " * 10,  # about 3,500 characters
    lambda random: random.choice("xyz?"),
    lambda random: f"{random.choice(ACCENTED)}: {_words(random)} — 李雷 ☺",
    lambda random: f"  {_words(random)}  ",
    lambda random: f"{_words(random).upper()} {random.randint(0, 9999)}",
    lambda random: f'{random.choice(WORDS)} said "{_words(random)}" & it\'s {{fine}} 100%',
    lambda random: " ".join([random.choice(WORDS)] * 3),
)
"""Ten kinds of texts: short and long, quiet and loud, with letters of every kind."""
