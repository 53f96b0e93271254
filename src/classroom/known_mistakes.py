"""Which known mistake a submission resembles: one of the wrong solutions in tests/mutants.

For each of them it is known which tests fail, what the first failure says, and which text of our
solution was replaced by which. A submission is compared in all three ways. The answer is a guess,
for a teacher who wants to know what to talk about; no points depend on it.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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


def read_known_mistakes(chapter: Chapter) -> list[KnownMistake]:
    """Return the known mistakes of a chapter. A checkout without tests/mutants has none."""
    folder = chapter.root / "tests" / "mutants"
    golden = folder / "golden" / chapter.name
    try:
        tables = tomllib.loads((folder / f"{chapter.name}.toml").read_text(encoding="utf-8"))
        failed = json.loads((golden / "table.json").read_text(encoding="utf-8"))
        ours = _tokens(chapter.solution.read_text(encoding="utf-8"))
        return [
            KnownMistake(
                name=table["name"],
                task=table["task"],
                mistake=table["mistake"],
                says=_texts(table["says"]),
                failed=frozenset(failed[table["name"]]),
                message=_words((golden / f"{table['name']}.txt").read_text(encoding="utf-8")),
                added=tuple(_added(table, ours)),
            )
            for table in tables["mutant"]
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def resembled(
    results: Sequence[Result], source: str, known: Iterable[KnownMistake]
) -> KnownMistake | None:
    """Return the known mistake that a failed submission resembles most, if it does enough."""
    failed = frozenset(
        each.function for each in results if each.verdict == FAILED and each.world != "tls"
    ) or frozenset(each.function for each in results if each.verdict == FAILED)
    summary = summarize(results)
    if not failed or summary is None:
        return None
    first = summary.first
    text = " ".join(f"{first.test} {first.text}".split())
    message, tokens = _words(text), _tokens(source)
    rated = [(_likeness(each, failed, text, message, tokens), each) for each in known]
    best = max(rated, key=lambda pair: pair[0], default=(0.0, None))
    return best[1] if best[0] >= ALIKE_ENOUGH else None


def _likeness(
    known: KnownMistake,
    failed: frozenset[str],
    text: str,
    message: frozenset[str],
    tokens: Sequence[str],
) -> float:
    """Return from 0 to 1 how alike they are."""
    same_tests = len(known.failed & failed) / len(known.failed | failed)
    if same_tests < 0.3:
        return 0.0
    says = sum(" ".join(words.split()) in text for words in known.says) / len(known.says)
    same_words = len(known.message & message) / max(1, len(message))
    code = [_contains(tokens, part) for part in known.added]
    has_code = sum(code) / len(code) if code else 0.0
    return 0.45 * same_tests + 0.2 * says + 0.1 * same_words + 0.25 * has_code


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
