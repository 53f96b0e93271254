"""Which known mistake a submission resembles: one of the wrong solutions in tests/mutants.

For each of them it is known which tests fail, what the first failure says, and which text of our
solution was replaced by which. A submission is compared in all three ways. The answer is a guess,
for a teacher who wants to know what to talk about; no points depend on it.
"""

from __future__ import annotations

import json
import keyword
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course import Chapter
from grader.report import FAILED, Result, summarize

ALIKE_ENOUGH = 0.6  # of 1

_TOKEN = re.compile(r"[A-Za-z_]\w*|\d+|[^\w\s]")


@dataclass(frozen=True)
class KnownMistake:
    """A wrong solution. `mistake` is one sentence on what it does."""

    name: str
    task: str
    mistake: str
    says: tuple[str, ...]  # words of the first failure
    failed: frozenset[str]  # names of the tests that fail
    message: frozenset[str]  # words of what its author reads
    added: tuple[tuple[str, ...], ...]  # words of the code that it has in place of ours
    shape: Counter[str]  # keywords and signs that it has more (+) or fewer (-) of than ours
    is_silent: bool  # nothing came where something was expected


def read_known_mistakes(chapter: Chapter) -> list[KnownMistake]:
    """Return the known mistakes of a chapter. A checkout without tests/mutants has none."""
    folder = chapter.root / "tests" / "mutants"
    golden = folder / "golden" / chapter.name
    try:
        tables = tomllib.loads((folder / f"{chapter.name}.toml").read_text(encoding="utf-8"))
        failed = json.loads((golden / "table.json").read_text(encoding="utf-8"))
        solution = chapter.solution.read_text(encoding="utf-8")
        return [
            _mistake(table, failed[table["name"]], golden, solution) for table in tables["mutant"]
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _mistake(
    table: dict[str, Any], failed: Iterable[str], golden: Path, solution: str
) -> KnownMistake:
    message = (golden / f"{table['name']}.txt").read_text(encoding="utf-8")
    ours = _tokens(solution)
    return KnownMistake(
        name=table["name"],
        task=table["task"],
        mistake=table["mistake"],
        says=_texts(table["says"]),
        failed=frozenset(failed),
        message=_words(message),
        added=tuple(_added(table, ours)),
        shape=_shape(_tokens(_wrong_source(table, solution)), ours),
        is_silent=re.search(r"received +nothing", message) is not None,
    )


def resembled(
    results: Sequence[Result], source: str, known: Iterable[KnownMistake], ours: str
) -> KnownMistake | None:
    """Return the known mistake that a failed submission resembles most, if it does enough.

    `source` is what was submitted, and `ours` is our solution.
    """
    failed = frozenset(
        each.function for each in results if each.verdict == FAILED and each.world != "tls"
    ) or frozenset(each.function for each in results if each.verdict == FAILED)
    summary = summarize(results)
    if not failed or summary is None:
        return None
    first = summary.first
    text = " ".join(f"{first.test} {first.text}".split())
    tokens = _tokens(source)
    shape = _shape(tokens, _tokens(ours))
    is_silent = re.search(r"received nothing", text) is not None
    submitted = _Submitted(failed, text, _words(text), tokens, shape, is_silent)
    rated = [(_likeness(each, submitted), each) for each in known]
    best = max(rated, key=lambda pair: pair[0], default=(0.0, None))
    return best[1] if best[0] >= ALIKE_ENOUGH else None


@dataclass(frozen=True)
class _Submitted:
    """What is compared of a submission, as in `KnownMistake`."""

    failed: frozenset[str]
    text: str  # of the first failure
    message: frozenset[str]
    tokens: Sequence[str]
    shape: Counter[str]
    is_silent: bool


def _likeness(known: KnownMistake, submitted: _Submitted) -> float:
    """Return from 0 to 1 how alike they are."""
    same_tests = len(known.failed & submitted.failed) / len(known.failed | submitted.failed)
    if same_tests < 0.3:
        return 0.0
    says = sum(" ".join(words.split()) in submitted.text for words in known.says) / len(known.says)
    same_words = len(known.message & submitted.message) / max(1, len(submitted.message))
    code = [_contains(submitted.tokens, part) for part in known.added]
    has_code = sum(code) / len(code) if code else 0.0
    common, every = known.shape & submitted.shape, known.shape | submitted.shape
    same_shape = common.total() / max(1, every.total())
    like = 0.45 * same_tests + 0.2 * says + 0.1 * same_words + 0.15 * has_code + 0.1 * same_shape
    return like if known.is_silent == submitted.is_silent else like - 0.3


def _shape(tokens: Sequence[str], ours: Sequence[str]) -> Counter[str]:
    """Return which keywords and signs a program has more or fewer of than our solution."""
    theirs, known = Counter(filter(_is_sign, tokens)), Counter(filter(_is_sign, ours))
    more, fewer = theirs - known, known - theirs
    return Counter(
        {f"+{sign}": count for sign, count in more.items()}
        | {f"-{sign}": count for sign, count in fewer.items()}
    )


def _is_sign(token: str) -> bool:
    """Return whether every program writes it in the same way: a keyword, `=`, `(`."""
    return keyword.iskeyword(token) or not token[0].isidentifier()


def _wrong_source(table: dict[str, Any], solution: str) -> str:
    """Return the program with a mistake."""
    for change in table.get("change", [table]):
        solution = solution.replace(str(change.get("replace", "")), str(change.get("with", "")), 1)
    return solution


def _added(table: dict[str, Any], ours: Sequence[str]) -> Iterable[tuple[str, ...]]:
    """Return the code that a mistake has and our solution does not, as words."""
    changes = table.get("change", [table])
    for change in changes:
        tokens = _tokens(str(change.get("with", "")))
        if tokens and not _contains(ours, tokens):
            yield tokens


def _contains(tokens: Sequence[str], part: Sequence[str]) -> bool:
    size = len(part)
    return any(
        tokens[at] == part[0] and tuple(tokens[at : at + size]) == tuple(part)
        for at in range(len(tokens) - size + 1)
    )


def _tokens(source: str) -> tuple[str, ...]:
    """Return the words and signs of a program, without its comments and line breaks."""
    without_comments = re.sub(r"#[^\n]*", "", source)
    return tuple(_TOKEN.findall(without_comments))


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold()))


def _texts(says: Any) -> tuple[str, ...]:
    return (says,) if isinstance(says, str) else tuple(says)
