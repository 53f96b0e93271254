"""Limits how much of one program is tried: for how long, and with how many seeds.

A check takes a second or two. A program that makes it take much longer runs into a limit. A file
that is slow to import is tried with fewer seeds, because every conversation imports it again. In a
grade, that is so only as far as the judge itself has waited for it. Else a wrong program would only
have to say that it is slow, or to sleep, which costs no time after the first room.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import inf
from pathlib import Path

import pytest

from grader.options import limit
from room.contract import Note
from room.failure.wording import place
from room.limit import Limit

FEWEST = 3  # seeds
BUDGET = 4.0  # seconds for importing the file, in all conversations together
BUDGET_OF_A_GRADE = 30.0
_SECONDS = re.compile(r"(\d{1,4}\.\d{3}) of (\d{1,4}\.\d{3})")  # of the line, of the file


class Effort:
    """The limits for the file that one chapter's tests grade."""

    def __init__(self, seconds: float = inf) -> None:
        self.limit = Limit(seconds)
        self.remark = ""  # for the learner, once the file is known to be slow to import
        self._most = 0  # seeds for such a file
        self._rooms = 0
        self._waited = inf  # seconds for the quickest room

    def seeds(self, usual: int) -> int:
        """Return how many seeds to try instead of the usual number, which is small over TLS."""
        if not self.remark:
            return usual
        return min(self._most, usual) if usual >= FEWEST else 1

    def look_for_slow_import(
        self, item: pytest.Item, notes: Iterable[Note], waited: float = inf
    ) -> None:
        """Try fewer seeds from now on, and say why, if a note reports a slow import.

        `waited` are the seconds in which the room was opened, if only they count. Then the shortest
        of a few rooms counts: the first also starts a process.
        """
        self._rooms += 1
        self._waited = min(self._waited, waited)
        if waited != inf and self._rooms < FEWEST:
            return
        for note in notes:
            found = _SECONDS.fullmatch(note.message) if note.kind == "slow import" else None
            if found and not self.remark:
                line, all_of_it = map(float, found.groups())
                tests = sum(each.path == item.path for each in item.session.items)
                budget = BUDGET if waited == inf else BUDGET_OF_A_GRADE
                each = max(min(all_of_it, self._waited) * tests, 1e-3)
                self._most = max(FEWEST, int(budget / each))
                self.remark = (
                    f"{place(note.file, note.line)}, takes {line:.2f} seconds at import, and is "
                    "run again for every conversation."
                )


def effort_of(config: pytest.Config, test_path: Path) -> Effort:
    """Return the limits for the file that the tests at `test_path` grade.

    The file's time begins with the first call.
    """
    efforts = config.stash.setdefault(_EFFORTS, {})
    if test_path not in efforts:
        efforts[test_path] = Effort(limit(config))
    return efforts[test_path]


_EFFORTS = pytest.StashKey[dict[Path, Effort]]()
