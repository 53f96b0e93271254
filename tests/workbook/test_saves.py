"""Which chapter was saved, in whatever way an editor writes its file."""

import asyncio
import os
import shutil
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from small_course import started
from watchfiles._rust_notify import WatchfilesRustInternalError

from course import Chapter
from workbook.setup import network_mounts as mounts
from workbook.setup.network_mounts import kind_of_mount
from workbook.watch import saves as module
from workbook.watch.saves import saves

PATIENCE = 20  # seconds, on a machine that has much to do


def writes(file: Path) -> None:
    file.write_text("new")


def writes_another_and_renames_it(file: Path) -> None:
    (file.parent / ".new~").write_text("new")
    (file.parent / ".new~").rename(file)


def renames_the_old_one_and_writes(file: Path) -> None:
    file.rename(file.with_suffix(".py~"))
    file.write_text("new")


def deletes_the_old_one_and_writes(file: Path) -> None:
    file.unlink()
    file.write_text("new")


def saves_twice(file: Path) -> None:
    file.write_text("new")
    file.write_text("newer")


WAYS = (
    writes,
    writes_another_and_renames_it,
    renames_the_old_one_and_writes,
    deletes_the_old_one_and_writes,
    saves_twice,
)


def seen_after(
    course: Path, change: Callable[[], object], until: int, polling: bool = False
) -> set[int]:
    """The chapters that are seen from this change until that chapter is.

    Before and after it, chapter 3 is saved until that is seen; it is left out.
    """
    seen: set[int] = set()

    async def watch() -> None:
        stream = saves(course, polling)
        await saves_are_seen(course, stream)
        change()
        while until not in seen:
            seen.update(chapter.number for chapter in await anext(stream))
        await saves_are_seen(course, stream)
        assert isinstance(stream, AsyncGenerator)
        await stream.aclose()

    asyncio.run(asyncio.wait_for(watch(), PATIENCE))
    return seen - {3}


async def saves_are_seen(course: Path, stream: AsyncIterator[list[Chapter]]) -> None:
    """Save chapter 3 again and again, until that is seen."""
    seen: list[int] = []
    while 3 not in seen:
        upcoming = asyncio.ensure_future(anext(stream))
        while not upcoming.done():
            if (course / "work").exists():
                (course / "work" / "ch03_ask.py").touch()
            await asyncio.wait((upcoming,), timeout=0.2)
        seen = [chapter.number for chapter in upcoming.result()]


@pytest.mark.parametrize("polling", [False, True])
@pytest.mark.parametrize("way", WAYS)
def test_a_save_is_seen_however_it_is_made(
    course: Path, way: Callable[[Path], None], polling: bool
) -> None:
    chapter = started(course, 2)
    assert seen_after(course, lambda: way(chapter.work), 2, polling) == {2}


def test_a_chapter_that_is_new_in_work_is_seen(course: Path) -> None:
    assert seen_after(course, lambda: started(course, 1), 1) == {1}


def test_other_files_are_nobodys_chapter(course: Path) -> None:
    chapter = started(course, 1)

    def write_others_and_then_the_chapter() -> None:
        for name in (".ch01_echo.py.swp", "ch01_echo.py~", "progress.json", "notes.py", "4913"):
            (course / "work" / name).write_text("new")
        (course / "ch02_greet.py").write_text("not in work/")
        (course / "work" / "backups").mkdir()
        (course / "work" / "backups" / "ch02_greet.py").write_text("old")
        chapter.work.touch()

    assert seen_after(course, write_others_and_then_the_chapter, 1) == {1}


@pytest.mark.parametrize("polling", [False, True])
def test_a_file_that_is_deleted_is_seen_too(course: Path, polling: bool) -> None:
    first = started(course, 1)
    started(course, 2)
    assert seen_after(course, first.work.unlink, 1, polling) == {1}


def test_work_is_made_when_it_is_not_there(course: Path) -> None:
    assert seen_after(course, lambda: started(course, 2), 2) == {2}


def test_work_may_be_deleted_and_come_back(course: Path) -> None:
    def replace_the_folder() -> None:
        shutil.rmtree(course / "work")
        started(course, 1)

    assert seen_after(course, replace_the_folder, 1) == {1}


def test_two_saves_in_one_second_are_both_seen_by_looking(course: Path) -> None:
    file = started(course, 2).work

    def save_in_the_same_second() -> None:
        before = file.stat().st_mtime_ns
        second = before // 10**9 * 10**9
        new = file.with_suffix(".new")
        new.write_text("new")
        os.utime(new, ns=(before, second if before != second else second + 1))
        new.replace(file)

    assert seen_after(course, save_in_the_same_second, 2, polling=True) == {2}


@pytest.fixture(params=[OSError, WatchfilesRustInternalError])
def asked(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> list[bool | None]:
    """Whether polling was asked for, each time that a folder is to be watched.

    The system of this test reports nothing, as Linux does when it has too many files to watch, or
    when the user has taken all watchers.
    """
    asked: list[bool | None] = []
    watch = module.awatch

    def limited(*paths: Path, force_polling: bool | None, **options: Any) -> object:
        asked.append(force_polling)
        if not force_polling:
            raise request.param("Too many open files (os error 24)")
        return watch(*paths, force_polling=force_polling, **options)

    monkeypatch.setattr(module, "awatch", limited)
    return asked


def test_where_the_system_cannot_tell_the_files_are_looked_at(
    course: Path, asked: list[bool | None]
) -> None:
    assert seen_after(course, started(course, 1).work.touch, 1) == {1}
    assert asked == [None, True]


def test_looking_can_be_asked_for(course: Path, asked: list[bool | None]) -> None:
    seen_after(course, started(course, 1).work.touch, 1, polling=True)
    assert asked == [True]


def test_on_a_network_mount_the_files_are_looked_at(
    course: Path, asked: list[bool | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "is_network", lambda folder: folder == course)
    seen_after(course, started(course, 1).work.touch, 1)
    assert asked == [True]


def test_a_file_behind_a_link_is_looked_at(course: Path, tmp_path: Path) -> None:
    file = started(course, 1).work
    own = tmp_path / "own repository" / "echo.py"
    own.parent.mkdir()
    file.rename(own)
    file.symlink_to(own)
    assert seen_after(course, lambda: own.write_text("new"), 1) == {1}


@pytest.mark.parametrize("kind", [OSError, WatchfilesRustInternalError])
def test_a_folder_that_cannot_be_watched_at_all_is_an_error(
    course: Path, monkeypatch: pytest.MonkeyPatch, kind: type[Exception]
) -> None:
    def broken(*paths: Path, **options: object) -> object:
        raise kind("no")

    monkeypatch.setattr(module, "awatch", broken)
    with pytest.raises(OSError, match="no"):
        seen_after(course, started(course, 1).work.touch, 1)


# Mounts

TABLE = """\
C:\\134 /mnt/c 9p rw,noatime 0 0
server:/home /home/ann nfs4 rw 0 0
tmpfs /home/ann/quick\\040folder tmpfs rw 0 0
me@there: /mnt/there fuse.sshfs rw 0 0
/dev/sda1 / ext4 rw,relatime 0 0
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/home/bob/workbook", "ext4"),
        ("/mnt/c/Users/ann", "9p"),
        ("/mnt/cold", "ext4"),
        ("/home/ann/workbook", "nfs4"),
        ("/home/ann/quick folder/workbook", "tmpfs"),
        ("/mnt/there/workbook", "fuse.sshfs"),
    ],
)
def test_a_folder_is_on_the_nearest_mount_above_it(folder: str, kind: str) -> None:
    assert kind_of_mount(TABLE, Path(folder)) == kind


@pytest.mark.parametrize(
    ("kind", "network"), [("ext4", False), ("9p", True), ("nfs4", True), ("fuse.sshfs", True)]
)
def test_a_network_mount_is_known_by_its_kind(
    course: Path, monkeypatch: pytest.MonkeyPatch, kind: str, network: bool
) -> None:
    monkeypatch.setattr(mounts, "kind_of_mount", lambda table, folder: kind)
    monkeypatch.setattr(mounts.sys, "platform", "linux")
    monkeypatch.setattr(Path, "read_text", lambda *_: "")
    assert mounts.is_network(course) == network
