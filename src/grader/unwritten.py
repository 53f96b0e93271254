"""Finds the tasks whose `raise` is still in the learner's file, reached by a test or not."""

from __future__ import annotations

import linecache
import os
import re
from collections.abc import Iterator

from room.failure import Unwritten

_RAISE = re.compile(r"""\braise\s+NotImplementedError\(\s*["']Task (\d+\.\d+): ([^"']*)""")


def unwritten_in(file: str) -> Iterator[Unwritten]:
    """Yield each unwritten task of a file, or of a notebook's cell, in the order of the lines."""
    if os.path.exists(file):  # IPython would put another cell of the same name in its place
        linecache.checkcache(file)
    source = "".join(linecache.getlines(file))
    for found in _RAISE.finditer(source):
        line = source.count("\n", 0, found.start()) + 1
        yield Unwritten(found[1], found[2], file, line)
