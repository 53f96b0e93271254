"""What it costs to grade a class: submissions of chapter 6, generated from a seed.

python benchmarks/class_cost.py [SUBMISSIONS [SEED]]

Of 200 submissions (by default), 70 in a hundred are right, 28 wrong and 2 hostile. No two files are
the same, so each is judged. They are graded as `workbook grade` does it, with ten seeds and one
over TLS, at the best level of isolation here, with 1 and with 2 jobs: seconds, submissions per
second, and the memory of the process that grades. Then a quarter of them, to see whether time and
memory grow with the class.
"""

from __future__ import annotations

import json
import random
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT)]

from authoring.mutants import read_mutants, right_solutions  # noqa: E402
from classroom.class_run import ClassRun, Options  # noqa: E402
from course import Chapter  # noqa: E402
from isolation import best_level  # noqa: E402

CHAPTER = Chapter(ROOT, "ch06_relay")
JOBS = (1, 2)
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


class Silent:
    """Progress that nobody looks at."""

    def begin(self, total: int, known: int) -> None:
        """Nothing."""

    def done(self) -> None:
        """Nothing."""


def main() -> None:
    submissions = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    print(f"isolation: {best_level().value}; seed {seed}")
    print("submissions  jobs  seconds  per second  memory MiB  right of right")
    for count, jobs in [*((submissions, jobs) for jobs in JOBS), (submissions // 4, JOBS[-1])]:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder, "class")
            expected = generate(place, count, seed)
            show(count, jobs, expected, measured(place, jobs))


def generate(place: Path, count: int, seed: int) -> int:
    """Write the submissions of a class, and return how many of them are right."""
    chance = random.Random(seed)
    right = [file.read_text() for file in [CHAPTER.solution, *right_solutions(CHAPTER)]]
    wrong = [each.source for each in read_mutants(CHAPTER) if not each.deadline]
    kinds = [round(count * RIGHT), round(count * WRONG)]
    programs = [(right, kinds[0]), (wrong, kinds[1]), (HOSTILE, count - sum(kinds))]
    sources = [chance.choice(of_kind) for of_kind, how_many in programs for _ in range(how_many)]
    for number, source in enumerate(sources):
        file = place / f"student-{number:04}" / f"{CHAPTER.name}.py"
        file.parent.mkdir(parents=True)
        file.write_text(f"{source}\n# {chance.random()}\n")
    return kinds[0]


def measured(place: Path, jobs: int) -> dict[str, float]:
    """Grade a class in a process of its own, so that its memory can be seen."""
    command = [sys.executable, __file__, "--grade", str(place), str(jobs)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(done.stdout))


def grade(place: Path, jobs: int) -> dict[str, float]:
    begun = perf_counter()
    output = place.with_name("grades")
    options = Options(ROOT, (place,), output, best_level(), (CHAPTER,), jobs=jobs)
    finished = ClassRun(options).grade(Silent())
    seconds = perf_counter() - begun
    shutil.rmtree(output)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # KiB on Linux
    return {
        "seconds": seconds,
        "memory": memory,
        "passed": sum(mark.is_passed for mark in finished.marks),
    }


def show(count: int, jobs: int, expected: int, cost: dict[str, float]) -> None:
    seconds = cost["seconds"]
    print(
        f"{count:11}  {jobs:4}  {seconds:7.1f}  {count / seconds:10.2f}  "
        f"{cost['memory']:10.0f}  {cost['passed']:.0f} of {expected}",
        flush=True,
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--grade"]:
        print(json.dumps(grade(Path(sys.argv[2]), int(sys.argv[3]))))
    else:
        main()
