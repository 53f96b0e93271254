"""Finds out whether the `serve` that a notebook grades is the learner's newest.

A name in a notebook keeps what it was given last. If the learner's cell was not run, or ended with
an error before its `def serve`, then `serve` is still that of an earlier cell, perhaps an example
of the page. Grading it would call something right that the learner never wrote.
"""

from __future__ import annotations

import inspect
import linecache
import re
import sys
from collections.abc import Iterator
from typing import Any

from course import Chapter
from room.contract import Serve

_DEFINES = re.compile(r"^[ \t]*(async[ \t]+)?def[ \t]+serve\b|^serve\s*=", re.MULTILINE)


def why_stale(serve: Serve, chapter: Chapter) -> str:
    """Return a sentence if `serve` is not from the newest cell that defines one; "" if it is.

    Outside of a notebook it always returns "".
    """
    shell, code = _shell(), getattr(inspect.unwrap(serve), "__code__", None)
    if shell is None or code is None:
        return ""
    file = code.co_filename
    if _source(file) and _source(file) in _page(chapter):
        return (
            "This `serve` is an example of the page. Run the cell with your own code first (it is "
            "the one below the heading Write it here), then this one again."
        )
    newest = next(_cells_with_serve(shell), file)
    if newest == file:
        return ""
    return (
        "This `serve` is from an earlier cell: the newest cell with a `def serve` ended with an "
        "error, or was not run to its end. Fix that cell and run it, then this one again."
    )


def _shell() -> Any:
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None


def _cells_with_serve(shell: Any) -> Iterator[str]:
    """Yield the file names of the cells that were run and define a `serve`, the newest first."""
    raw, changed = shell.history_manager.input_hist_raw, shell.history_manager.input_hist_parsed
    for number in range(len(raw) - 1, 0, -1):
        if _DEFINES.search(raw[number]):
            yield shell.compile.get_code_name(raw[number], changed[number], number)


def _source(file: str) -> str:
    return "".join(linecache.getlines(file)).strip()


def _page(chapter: Chapter) -> str:
    try:
        return chapter.page.read_text(encoding="utf-8")
    except OSError:
        return ""
