"""Makes the page "what a student could do": hostile files, and what each achieves at each level.

The files are in tests/attacks/hostile, and what they achieved is in table.json beside them. The
tests there hold the levels that defend. So nothing runs here, and the page is the same wherever it
is made.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

TABLE = Path("tests/attacks/table.json")
PAGE = Path("chapters/what-a-student-could-do.md")
HELD = "held"

INTRODUCTION = """\
# What a student could do

A file that you grade is a program, and a student may write one that attacks its judge. This page
is for teachers. It lists the attacks that we tried, and how each of them ended. None of it is
secret: a defense that works only as long as nobody knows about it is not a defense.

Every grading runs at one of three levels, and its result records which one:

- **process**: the file runs in a separate process, but as you. That stops accidents, and it stops
  forged answers, because the verdict is formed in another process. It does not stop a program
  that looks around on your disk. `workbook grade` refuses this level unless you insist.
- **separate user**: the file runs as a user that owns nothing, with few system calls and few
  files. It is for root in a container, where a sandbox is not possible.
- **sandbox**: the file runs in namespaces of its own, made by bubblewrap. It sees Python, the
  framework and itself. There is no other process, no network and no disk.

`workbook doctor` tells you which level your computer offers, and how to get a better one.
"""

LEGEND = """\
*Stopped* means three things. The file scored exactly what its honest part earns. It left nothing
behind: no process, no file. And what was graded next, a right solution and an untouched starter,
was graded as it should be. A sandbox and a separate user stopped all of them, so the table has
only one column, for the level `process`.
"""

HONEST = """\
A judge that stops attackers must not punish anyone else. We also graded {honest} honest files that
do something unusual: they print, log, start threads, run programs, end their lines as Windows
does, or turn the garbage collector off. All of them keep full marks at every level.
"""


def make_page(root: Path) -> str:
    """Return the page's text."""
    table: Mapping[str, Mapping[str, str]] = json.loads((root / TABLE).read_text(encoding="utf-8"))
    honest = len([*(root / TABLE).parent.glob("honest/*.py")])
    through = sum(row["process"] != HELD for row in table.values())
    counts = (
        f"**{len(table)} hostile files. In a sandbox, all were stopped. As a separate user, all "
        f"were stopped. At the level `process`, {len(table) - through} were stopped, and {through} "
        "got through.**\n"
    )
    return "\n".join(
        [INTRODUCTION, counts, LEGEND, *_rows(table), "", HONEST.format(honest=honest)]
    )


def _rows(table: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    yield "| The file tries | At the level `process` |\n|---|---|"
    for _, row in sorted(table.items(), key=lambda item: (item[1]["process"] == HELD, item[0])):
        ended = "stopped" if row["process"] == HELD else row["process"]
        yield f"| {_inside(row['tries'])} | {ended} |"


def _inside(text: str) -> str:
    """Return the text, escaped for a cell of a table."""
    return text.removesuffix(".").replace("|", "\\|")
