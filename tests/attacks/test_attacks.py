"""What a student could do: every hostile file and every honest oddity, at every level.

In a sandbox, and as a separate user, a file scores what its honest part earns, nothing is left
behind, and what is graded next is graded as it should be.

`python tests/attacks/test_attacks.py [NAME...]` finds out what each hostile file does at the level
`process`, where there is no defense, and writes table.json, of which the page is made. For that, it
puts a whole judge into a cage, because some of these files kill every process that they can reach.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from attempt import Place, Trial, tried
from cases import CHECKOUT, Case, read_cases

from isolation import Level, why_not
from isolation.session import session

TABLE = Path(__file__).with_name("table.json")
CASES = read_cases()
HOSTILE = [case for case in CASES if not case.is_honest]
LEVELS = (Level.USER, Level.SANDBOX)
TAMPER = ("plants", "poisons", "rewrites", "spoils", "truncates", "claims", "leaves")
HELD = "held"
CAGED = 90.0  # seconds for one file in a cage


@pytest.fixture(scope="session")
def place() -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="attacks-") as folder:  # pytest's own are private
        made = Place(Path(folder))
        yield made
        made.close()


@pytest.mark.parametrize("level", LEVELS, ids=lambda level: level.value.replace(" ", "-"))
@pytest.mark.parametrize("number", range(len(CASES)), ids=[case.name for case in CASES])
def test_a_file_scores_what_it_earns_and_leaves_nothing(
    number: int, level: Level, place: Place
) -> None:
    if reason := why_not(level):
        pytest.skip(reason)
    case = CASES[number]
    found = tried(case, level, place, canaries(case, number))
    text = "\n\n".join(result.text for result in found.judgement.results if result.text)
    assert found.earned == case.earns, f"{found.judgement.outcome}: {text[:3000]}"
    assert outcome(case, found) == HELD


def test_there_are_enough_of_them() -> None:
    assert len(HOSTILE) >= 60
    assert len(CASES) - len(HOSTILE) >= 40


def test_the_table_has_a_row_for_each_hostile_file() -> None:
    table = json.loads(TABLE.read_text(encoding="utf-8"))
    assert list(table) == [case.name for case in HOSTILE]
    assert [row["tries"] for row in table.values()] == [case.about for case in HOSTILE]


def canaries(case: Case, number: int) -> list[str]:
    """What is graded next: one of the two, or both after a file that tampers."""
    both = ["right", "untouched"]
    return both if case.name.startswith(TAMPER) else [both[number % 2]]


def outcome(case: Case, found: Trial) -> str:
    """In a few words, what a case achieved."""
    achieved = []
    if found.earned - case.earns:
        achieved.append("is possible" if case.base == "gate" else "gains a task")
    if not found.judgement.results or found.judgement.outcome == "broke":
        achieved.append("ends the judge without a verdict")
    if found.spoiled:
        achieved.append("spoils what is graded next")
    if found.changed:
        achieved.append("changes other files")
    if found.left:
        achieved.append("leaves something behind")
    return "; ".join(achieved) or HELD


def caged(case: Case) -> str:
    """What a case achieves at the level `process`, in a cage of namespaces around the judge."""
    with tempfile.TemporaryDirectory(prefix="cage-", ignore_cleanup_errors=True) as folder:
        command = [
            *("bwrap", "--die-with-parent", "--unshare-user", "--uid", "1000", "--gid", "1000"),
            *("--cap-drop", "ALL", "--unshare-pid", "--unshare-ipc", "--new-session"),
            *("--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"),
            *("--ro-bind", str(CHECKOUT), str(CHECKOUT), "--bind", folder, folder),
            *(sys.executable, __file__, "--in-cage", case.name, folder),
        ]
        try:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=CAGED
            )
        except subprocess.TimeoutExpired:
            return "stops whoever grades"
        said = done.stdout.strip().splitlines()
        return said[-1].removeprefix("OUTCOME ") if said else "ends whoever grades"


def in_cage(name: str, folder: str) -> None:
    case = next(case for case in HOSTILE if case.name == name)
    os.environ["HOME"] = folder
    place = Place(Path(folder, "place"))
    session()
    print("OUTCOME", outcome(case, tried(case, Level.PROCESS, place, ["right", "untouched"])))


def write_table(names: list[str]) -> None:
    table = json.loads(TABLE.read_text(encoding="utf-8")) if TABLE.exists() else {}
    rows = {}
    for case in HOSTILE:
        known = table.get(case.name, {})
        result = caged(case) if not names or case.name in names else known.get("process", HELD)
        print(f"{case.name}: {result}", flush=True)
        held = {level.value: HELD for level in LEVELS}
        rows[case.name] = {"tries": case.about, "process": result, **held}
    TABLE.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--in-cage"]:
        in_cage(*sys.argv[2:])
    else:
        write_table(sys.argv[1:])
