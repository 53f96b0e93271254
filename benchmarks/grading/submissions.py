"""A class's submissions, generated from a seed: most right, some wrong, a few hostile.

No two files are the same, because a file's content is graded only once.
"""

from __future__ import annotations

import random
from pathlib import Path

from authoring.mutants import read_mutants, right_solutions
from benchmarks.relay.machine import ROOT
from course import Chapter, all_chapters

RIGHT, WRONG = 0.70, 0.28  # the rest is hostile
HOSTILE = (
    "import os\nos._exit(0)\n",
    "while True:\n    pass\n",
    "import os\nfor _ in range(50):\n    os.fork()\n",
    "box = []\nwhile True:\n    box.append(bytes(10**6))\n",
    "while True:\n    print('x' * 10**6)\n",
    "import subprocess\nsubprocess.Popen(['sleep', '1000'], start_new_session=True)\n",
    "import os\nfor fd in range(9):\n    try: os.write(fd, b'{}\\n')\n    except OSError: ...\n",
)


def chapter(number: int) -> Chapter:
    """Return a chapter of this checkout."""
    return next(each for each in all_chapters(ROOT) if each.number == number)


def generate(place: Path, of: Chapter, count: int, seed: int) -> int:
    """Write the submissions of a class for one chapter. Returns how many of them are right."""
    chance = random.Random(seed + of.number)
    right = [file.read_text() for file in [of.solution, *right_solutions(of)]]
    wrong = [each.source for each in read_mutants(of) if not each.deadline]
    rights, wrongs = round(count * RIGHT), round(count * WRONG)
    programs = [(right, rights), (wrong, wrongs), (HOSTILE, count - rights - wrongs)]
    sources = [chance.choice(of_kind) for of_kind, how_many in programs for _ in range(how_many)]
    for number, source in enumerate(sources):
        file = place / f"student-{number:04}" / f"{of.name}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{source}\n# {chance.random()}\n")
    return rights
