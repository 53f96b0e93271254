"""Other words for what is not true in a browser: about processes, files and commands.

Everything else is said in the words of the command line. tests/playground/test_words.py fails when
a new sentence about such things has no entry here.
"""

from __future__ import annotations

import re

INSTEAD = {
    "run the file by itself with python to see the whole traceback.": (
        "look at that line, and at those that it depends on."
    ),
    "called sys.exit() while someone was connected": "ended itself while someone was connected",
    "A server that ends its process hangs up on everyone at once.": (
        "A server that ends hangs up on everyone at once."
    ),
    "While it is checked, a program can have only a few threads.": (
        "In a browser, a program can have no threads."
    ),
    "A check runs in an empty folder, so the files beside yours are not found.": (
        "In a browser there are no files beside yours."
    ),
    "The file is not saved as UTF-8. Choose UTF-8 in your editor, and save it again.": (
        "The file that you uploaded is not UTF-8. Choose UTF-8 in the editor that it comes from, "
        "save it again, and upload it again."
    ),
    "[Errno 138] emscripten does not support processes.": (
        "a browser has no processes. A server like this needs none."
    ),
    "[Errno 52] Function not implemented": "a browser cannot do this.",
    "[Errno 23] Host is unreachable": "a program in a browser cannot connect to another one.",
}
"""Each sentence, or the part of one, and what is said in its place."""

TRUE_HERE = (
    "Only bfnet and Python's standard library are installed here",
    "Python reads the whole file before it runs the first line",
    "the program ran out of memory",
    "ran out of memory while it was imported",
    "A server that takes all the memory brings the whole machine down.",
    "called sys.exit() while it was imported",
    "remove sys.exit(), exit() or os._exit()",
    "no answer within",
    "is not Python",
    "This descriptor is closed",
    "your program closed a file descriptor",
    "can't start new thread",  # how such an error is recognized
    "Python does not know this name here",
)
"""Parts of sentences that name such things, and are true in a browser too."""

NEVER_HERE = frozenset(
    {
        *("missing", "no tls", "crash", "processes", "runs on", "flood", "took too long"),
        *("broken", "bad reply", "hides", "no process"),
    }
)
"""The kinds of failures (room/failure/advice.py) that a browser does not have."""

_UNNAMED = re.compile(r"(?:work/)?(?:playground|picture_\d+)\.py, line")
"""The place in a file that only the page's own machinery has a name for."""


def in_a_browser(text: str) -> str:
    """Return a text of the command line in words that are true in a browser."""
    for said, instead in INSTEAD.items():
        text = text.replace(said, instead)
    return _UNNAMED.sub("line", text)
