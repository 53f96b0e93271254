"""The grader of watch: a process that stands ready, is stopped, and is replaced when it dies."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from graded_course import ASKS_WRONGLY, NAME, RIGHT, add_graders, save

from course import Chapter
from grader.report import verdicts
from workbook.checking.grade import Graded, grade
from workbook.watch.worker import Grader

PATIENCE = 30  # seconds, on a machine that has much to do

HANGS = RIGHT.replace("    name =", "    while True: pass\n    name =")


@pytest.fixture
def chapter(course: Path) -> Chapter:
    return Chapter(add_graders(course), NAME)


def with_a_grader(use: Callable[[Grader], Awaitable[None]]) -> None:
    async def used() -> None:
        async with Grader() as grader:
            await use(grader)

    asyncio.run(asyncio.wait_for(used(), PATIENCE))


def test_what_python_prints_at_its_start_disturbs_nobody(
    chapter: Chapter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text("print('Welcome to the campus image.')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    async def check(grader: Grader) -> None:
        assert (await grader.grade(chapter, save(chapter.root, RIGHT))).passed

    with_a_grader(check)


def workers() -> list[int]:
    """The processes of our graders, from the table of all processes."""
    asked = ["ps", "-A", "-ww", "-o", "pid=,ppid=,args="]
    table = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    ours = [line.split(maxsplit=2) for line in table.splitlines() if "worker_main" in line]
    return [int(pid) for pid, parent, _ in ours if int(parent) == os.getpid()]


def students(file: Path) -> list[str]:
    """The processes that serve this file."""
    asked = ["ps", "-A", "-ww", "-o", "pid=,args="]
    table = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    return [line for line in table.splitlines() if "room.child.main" in line and str(file) in line]


def sockets(pid: int) -> set[str]:
    """What Linux calls the sockets that a process has open: {"socket:[1234]"}."""
    opened = set()
    with contextlib.suppress(FileNotFoundError):  # the process has ended
        for each in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(FileNotFoundError):  # it is closed
                opened.add(os.readlink(each))
    return {each for each in opened if each.startswith("socket:")}


def told(graded: Graded) -> set[tuple[str, str, str]]:
    return {(each.test, each.world, each.text) for each in graded.results}


async def until(true: Callable[[], object]) -> None:
    while not true():  # noqa: ASYNC110 - the table of processes tells nobody
        await asyncio.sleep(0.02)


async def started_workers() -> list[int]:
    """The processes of our graders, once ps knows what they run: just after exec, it does not."""
    await until(workers)
    return workers()


@pytest.mark.parametrize("program", [RIGHT, ASKS_WRONGLY, "x = ("])
def test_it_finds_what_a_check_finds(chapter: Chapter, program: str) -> None:
    save(chapter.root, program)
    here = grade(chapter, chapter.work)

    async def use(grader: Grader) -> None:
        there = await grader.grade(chapter, chapter.work)
        assert there.is_whole
        assert there.passed == here.passed
        assert verdicts(there.results) == verdicts(here.results)
        assert told(there) == told(here)

    with_a_grader(use)


def test_one_file_after_the_other_is_graded_by_the_same_process(chapter: Chapter) -> None:
    async def use(grader: Grader) -> None:
        before = await started_workers()
        for program, passes in ((RIGHT, True), (ASKS_WRONGLY, False), (RIGHT, True)):
            save(chapter.root, program)
            assert (await grader.grade(chapter, chapter.work)).passed == passes
        assert workers() == before

    with_a_grader(use)


def test_a_check_that_is_stopped_leaves_no_program_and_the_next_begins(chapter: Chapter) -> None:
    async def use(grader: Grader) -> None:
        save(chapter.root, HANGS)
        before = await started_workers()
        check = asyncio.create_task(grader.grade(chapter, chapter.work))
        await until(lambda: students(chapter.work))
        check.cancel()
        await asyncio.wait((check,))
        assert students(chapter.work) == []
        save(chapter.root, RIGHT)
        assert (await grader.grade(chapter, chapter.work)).passed
        assert workers() == before

    with_a_grader(use)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_learners_process_has_no_descriptor_of_ours(chapter: Chapter) -> None:
    async def use(grader: Grader) -> None:
        save(chapter.root, HANGS)
        (ours,) = await started_workers()
        assert sockets(ours)
        check = asyncio.create_task(grader.grade(chapter, chapter.work))
        await until(lambda: students(chapter.work))
        theirs = [int(line.split()[0]) for line in students(chapter.work)]
        for pid in theirs:
            assert not sockets(ours) & sockets(pid)
        check.cancel()
        await asyncio.wait((check,))

    with_a_grader(use)


def test_an_interrupt_that_comes_too_late_ends_nothing(chapter: Chapter) -> None:
    async def use(grader: Grader) -> None:
        save(chapter.root, RIGHT)
        before = await started_workers()
        assert (await grader.grade(chapter, chapter.work)).passed
        for pid in before:
            os.kill(pid, signal.SIGINT)
        assert (await grader.grade(chapter, chapter.work)).passed
        assert workers() == before

    with_a_grader(use)


def test_a_process_that_has_died_is_replaced(chapter: Chapter) -> None:
    async def use(grader: Grader) -> None:
        save(chapter.root, RIGHT)
        dead = await started_workers()
        for pid in dead:
            os.kill(pid, signal.SIGKILL)
        assert (await grader.grade(chapter, chapter.work)).passed
        assert len(workers()) == 1
        assert not set(workers()) & set(dead)

    with_a_grader(use)


def test_a_process_that_dies_again_and_again_is_told(
    chapter: Chapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(chapter.root / "nowhere"))
    (chapter.root / "nowhere").mkdir()
    (chapter.root / "nowhere" / "pytest.py").write_text("raise SystemExit('no')")

    async def use(grader: Grader) -> None:
        save(chapter.root, RIGHT)
        graded = await grader.grade(chapter, chapter.work)
        assert graded.trouble == ("The check ended without a result. To try again: c")

    with_a_grader(use)


def test_one_that_will_not_stop_is_replaced(
    chapter: Chapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbook.watch.worker.PATIENCE", 0.1)

    async def use(grader: Grader) -> None:
        save(chapter.root, RIGHT)
        assert (await grader.grade(chapter, chapter.work)).passed
        stuck = workers()
        check = asyncio.create_task(grader.grade(chapter, chapter.work))
        await until(lambda: students(chapter.work))
        for pid in stuck:
            os.kill(pid, signal.SIGSTOP)
        check.cancel()
        await asyncio.wait((check,))
        assert (await grader.grade(chapter, chapter.work)).passed
        assert not set(workers()) & set(stuck)

    with_a_grader(use)


def test_at_the_end_nothing_is_left(chapter: Chapter) -> None:
    save(chapter.root, HANGS)
    before: list[int] = []

    async def use(grader: Grader) -> None:
        before.extend(await started_workers())
        check = asyncio.create_task(grader.grade(chapter, chapter.work))
        await until(lambda: students(chapter.work))
        check.cancel()
        await asyncio.wait((check,))

    with_a_grader(use)
    assert len(before) == 1
    assert workers() == []
    assert students(chapter.work) == []
