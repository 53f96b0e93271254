"""Looks up which tasks a test passes through, and which it needs.

Both are computed from our solution by authoring/passages.py, never written by hand:

    through   the tasks whose code our solution enters in that test
    needs     those of them without which even our solution fails that test

They are stored next to the tests, in passages.json, so that a learner's checkout does not have to
compute them.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

FILE = "passages.json"


class Passage(NamedTuple):
    """The tasks of one test, as ids such as "3.1"."""

    through: frozenset[str]
    needs: frozenset[str]


def passage_of(test_file: Path, test: str) -> Passage | None:
    """Return the passage of the test function called `test`; None if it was not computed."""
    return _passages(test_file.with_name(FILE)).get(test_file.stem, {}).get(test)


@cache
def _passages(file: Path) -> dict[str, dict[str, Passage]]:
    try:
        read = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return {
        name: {
            test: Passage(frozenset(found["through"]), frozenset(found["needs"]))
            for test, found in tests.items()
        }
        for name, tests in read.items()
    }
