"""How much is tried of one program: for how long, and with how many seeds.

A check takes a second or two. There is a limit for a program that makes it much more; and where the
file itself takes long to import, which is done again for every conversation, there are fewer.
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
_TOLD = re.compile(r"(\d{1,4}\.\d{3}) of (\d{1,4}\.\d{3})")  # seconds: a line's, and the file's


class Effort:
    """What is tried of the file that the tests of one chapter grade."""

    def __init__(self, seconds: float = inf) -> None:
        self.limit = Limit(seconds)
        self.remark = ""  # for the learner, when importing the file takes long
        self._most = 0  # seeds, then

    def seeds(self, usual: int) -> int:
        """How many are tried where there are usually that many. Over TLS there are few anyway."""
        if not self.remark:
            return usual
        return min(self._most, usual) if usual >= FEWEST else 1

    def hear(self, item: pytest.Item, notes: Iterable[Note]) -> None:
        """What is noted in a room of this test: it may be that importing the file takes long."""
        for note in notes:
            told = _TOLD.fullmatch(note.message) if note.kind == "slow import" else None
            if told and not self.remark:
                line, all_of_it = map(float, told.groups())
                tests = sum(each.path == item.path for each in item.session.items)
                self._most = max(FEWEST, int(BUDGET / max(all_of_it * tests, 1e-3)))
                self.remark = (
                    f"{place(note.file, note.line)}, takes {line:.2f} seconds at import, and is "
                    "run again for every conversation."
                )


def effort_of(config: pytest.Config, test_path: Path) -> Effort:
    """For the file that the tests at `test_path` grade; its time begins now, if it has not."""
    efforts = config.stash.setdefault(_EFFORTS, {})
    if test_path not in efforts:
        efforts[test_path] = Effort(limit(config))
    return efforts[test_path]


_EFFORTS = pytest.StashKey[dict[Path, Effort]]()
