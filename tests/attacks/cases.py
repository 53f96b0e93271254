"""Reads the files in hostile/ and honest/, and makes of each what a student hands in.

A file begins with comments that say what it is:

    # Tries: to read the solution in the checkout, and to be it.   (Does: ..., for honest ones)
    # Base: starter     what it is added to: the starter (if not said), our solution, a wrong one
                        ("NAME of CHAPTER", from tests/mutants), "gate", or nothing at all ("alone")
    # Place: before     or behind its base: if not said, hostile ones are behind it
    # Earns: nothing    the tasks that its honest part earns; if not said, those of its base
    # Worlds: child     in which it is graded
    # Deadline: 20      seconds for the whole
    # Form: crlf        how the text is written, for files whose form is the point

A gate is a function that returns whether something is possible that should not be. It is added to
our solution, which serves only if it is: so what is possible shows in the score.
"""

from __future__ import annotations

import codecs
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
sys.path[:0] = [str(CHECKOUT)] if str(CHECKOUT) not in sys.path else []

from authoring.mutants import read_mutants  # noqa: E402 - for a script, it is not on the path before
from course import Chapter  # noqa: E402

CHAPTER = "ch06_relay"
ALL = {"ch06_relay": ("6.1",)}

_HEADER = re.compile(r"# (\w+): (.*)")
_GATE = """

try:
    open_gate = gate()
except BaseException:
    open_gate = False
if not open_gate:
    del serve
"""


@dataclass(frozen=True)
class Case:
    """A file to grade, and what it should earn."""

    name: str
    is_honest: bool
    about: str
    chapter: str
    base: str
    place: str
    earns: frozenset[str]
    worlds: tuple[str, ...]
    deadline: float
    form: str
    text: str

    def source(self, places: Mapping[str, str]) -> bytes:
        """The whole file. `places` are what its @NAMES@ stand for."""
        added = self.text
        for name, value in places.items():
            added = added.replace(f"@{name}@", value)
        base = _base(self.base, self.chapter)
        parts = [base, added] if self.place == "after" else [added, base]
        if self.base == "gate":
            parts = [base, added, _GATE]
        return _formed("\n\n".join(parts), self.form)


def read_cases() -> list[Case]:
    """All of them: the hostile ones first."""
    return [*_read("hostile"), *_read("honest")]


def _read(folder: str) -> Iterator[Case]:
    for file in sorted((Path(__file__).parent / folder).glob("*.py")):
        text = file.read_text(encoding="utf-8")
        said: dict[str, str] = {}
        for line in text.splitlines():
            if not (found := _HEADER.fullmatch(line)):
                break
            said[found[1]] = found[2]
        is_honest = folder == "honest"
        base, _, chapter = said.get("Base", "solution" if is_honest else "starter").partition(
            " of "
        )
        chapter = chapter or CHAPTER
        right = ALL.get(chapter, ()) if base in ("solution", "alone") else ()
        earns = said.get("Earns", " ".join(right) or "nothing")
        yield Case(
            name=file.stem,
            is_honest=is_honest,
            about=said["Does" if is_honest else "Tries"],
            chapter=chapter,
            base=base,
            place=said.get("Place", "before" if is_honest else "after"),
            earns=frozenset() if earns == "nothing" else frozenset(earns.split()),
            worlds=tuple(said.get("Worlds", "child").split()),
            deadline=float(said.get("Deadline", "20")),
            form=said.get("Form", ""),
            text=text,
        )


def _base(base: str, name: str) -> str:
    chapter = Chapter(CHECKOUT, name)
    match base:
        case "alone":
            return ""
        case "starter":
            return chapter.starter.read_text(encoding="utf-8")
        case "solution" | "gate":
            return chapter.solution.read_text(encoding="utf-8")
    return next(mutant.source for mutant in read_mutants(chapter) if mutant.name == base)


def _formed(text: str, form: str) -> bytes:
    match form:
        case "bom":
            return codecs.BOM_UTF8 + text.encode()
        case "crlf":
            return text.replace("\n", "\r\n").encode()
        case "tabs":
            return ("\f\n" + text.replace("    ", "\t")).encode()
        case "cr":
            return text.replace("\n", "\r").encode()
        case "mixed":
            return text.replace(")\n", ")\r\n").encode()
        case "cp1252":
            return ("# -*- coding: cp1252 -*-\n# \u20ac\n" + text).encode("cp1252", "replace")
        case "punycode":
            return b"# coding: punycode\n" + text.encode() + b"\n#-" + b"9zzzzz" * 60_000
        case "commented":
            return (text + "\n" + "# again and again\n" * 20_000).encode()
        case "cut":
            return text.rstrip().encode()
        case "latin-1":
            return ("# -*- coding: latin-1 -*-\n" + text).encode("latin-1", "replace")
        case "lines":
            return text.encode() + b"\n    # Task 6.1\n\n" * 50_000
        case "long":
            return f"{text}\nLONG = [{'1, ' * 10_000}]\n".encode()
    return text.encode()
