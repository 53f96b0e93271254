"""Submissions that are alike in what is rare: a hint to look at both, and never a verdict.

The tasks are small, so most right solutions are alike, and names say nothing. So only what few
others have is compared: sequences of words and signs (with every name the same) that are neither in
the starter nor in our solution, and that hardly anybody else wrote; and comments, word for word.
"""

from __future__ import annotations

import io
import keyword
import re
import tokenize
from collections import Counter
from dataclasses import dataclass
from itertools import combinations

SEQUENCE = 12  # words and signs
FEWEST = 15  # rare sequences that two have in common
ALIKE = 0.6  # of the rare sequences of the one that has fewer
SHORTEST_COMMENT = 15  # characters
MOST_PAIRS = 20


@dataclass(frozen=True)
class Features:
    """What one submission is made of."""

    sequences: frozenset[int]
    comments: frozenset[str]

    def __sub__(self, other: Features) -> Features:
        """Return what the other does not have."""
        return Features(self.sequences - other.sequences, self.comments - other.comments)

    def __or__(self, other: Features) -> Features:
        """Return what either has."""
        return Features(self.sequences | other.sequences, self.comments | other.comments)


@dataclass(frozen=True)
class Pair:
    """Two submissions that are alike, and in what. `percent` is of their rare sequences."""

    first: str
    second: str
    percent: int
    comments: tuple[str, ...]  # that both have
    is_quoted: bool = True

    @property
    def words(self) -> str:
        """A sentence on what they have in common."""
        parts = []
        if self.percent:
            parts.append(f"{self.percent} % of their unusual code is the same, names aside")
        if self.comments:
            quoted = f": {self.comments[0]!r}" if self.is_quoted else ""
            parts.append(f"the same comment{quoted}")
        return "; ".join(parts)


def features(source: str) -> Features:
    """Return what a program is made of. A file that is not Python has fewer features."""
    words: list[str] = []
    comments: set[str] = set()
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                comments.add(" ".join(token.string.split()))
            elif word := _plain(token):
                words.append(word)
    except (tokenize.TokenError, SyntaxError, ValueError, RecursionError):
        pass
    sequences = (tuple(words[at : at + SEQUENCE]) for at in range(len(words) - SEQUENCE + 1))
    long = frozenset(each for each in comments if len(each) >= SHORTEST_COMMENT)
    return Features(frozenset(map(hash, sequences)), long)


def similar(submissions: dict[str, Features]) -> list[Pair]:
    """Return the pairs that are alike, the most alike first.

    The keys name the submissions; the features are without those of the starter and our solution.
    """
    most = max(3, len(submissions) // 20)  # have something, and it is still rare
    how_many = Counter(one for each in submissions.values() for one in each.sequences)
    how_often = Counter(one for each in submissions.values() for one in each.comments)
    rare = {
        who: Features(
            frozenset(s for s in each.sequences if how_many[s] <= most),
            frozenset(c for c in each.comments if how_often[c] <= most),
        )
        for who, each in submissions.items()
    }
    pairs = [
        pair
        for first, second in combinations(rare, 2)
        if (pair := _pair(first, second, rare[first], rare[second]))
    ]
    return sorted(pairs, key=lambda pair: (-pair.percent, pair.first, pair.second))[:MOST_PAIRS]


def _pair(first: str, second: str, one: Features, other: Features) -> Pair | None:
    same = len(one.sequences & other.sequences)
    share = same / max(1, min(len(one.sequences), len(other.sequences)))
    percent = round(100 * share) if same >= FEWEST and share >= ALIKE else 0
    comments = tuple(sorted(one.comments & other.comments))
    return Pair(first, second, percent, comments) if percent or comments else None


def _plain(token: tokenize.TokenInfo) -> str:
    """Return a word or sign in the form that is compared; "" for what is left out."""
    if token.type == tokenize.NAME:
        return token.string if keyword.iskeyword(token.string) else "name"
    if token.type == tokenize.NUMBER:
        return "0"
    if token.type == tokenize.STRING or tokenize.tok_name[token.type].startswith("FSTRING"):
        return "text" if not re.match(r'[rbu]*"""', token.string) else ""
    return token.string if token.type == tokenize.OP else ""
