"""A working folder is removed whatever is in it, without an exception and without end."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from room.worlds.folder import remove_abandoned, remove_folder


@pytest.fixture
def folder():
    """A folder as a program gets one."""
    made = Path(tempfile.mkdtemp(prefix="room-"))
    yield made
    remove_folder(made, 60)
    assert not made.exists()


def nested(folder, depth, name="f" * 100):
    """Folders in each other, deeper than a path can be long."""
    before = os.getcwd()
    try:
        os.chdir(folder)
        for _ in range(depth):
            os.mkdir(name)
            os.chdir(name)
    finally:
        os.chdir(before)


def test_an_empty_folder_goes(folder):
    remove_folder(folder, 60)
    assert not folder.exists()


def test_a_folder_that_has_gone_is_no_trouble(folder):
    folder.rmdir()
    remove_folder(folder, 60)


def test_folders_may_be_thousands_deep(folder):
    nested(folder, 1200)
    remove_folder(folder, 60)
    assert not folder.exists()


def test_whatever_is_in_it_goes_and_what_is_linked_stays(folder, tmp_path):
    kept = tmp_path / "kept"
    kept.write_text("mine")
    for at in (folder, folder / "one", folder / "one" / "two"):
        at.mkdir(exist_ok=True)
        (at / "file").write_text("x")
        (at / "link").symlink_to(kept)
        (at / "folder").symlink_to(tmp_path)
        os.mkfifo(at / "pipe")
    remove_folder(folder, 60)
    assert not folder.exists()
    assert kept.read_text() == "mine"


def test_a_folder_in_place_of_which_there_is_a_link_is_not_followed(folder, tmp_path):
    kept = tmp_path / "kept"
    kept.write_text("mine")
    folder.rmdir()
    folder.symlink_to(tmp_path)
    remove_folder(folder, 60)
    assert kept.exists()
    folder.unlink()


def test_what_is_not_permitted_goes_too(folder):
    closed = folder / "a" / "b"
    closed.mkdir(parents=True)
    (closed / "file").write_text("x")
    for at in (closed, closed.parent, folder):
        at.chmod(0)
    remove_folder(folder, 60)
    assert not folder.exists()


def test_after_its_time_the_rest_is_left(folder):
    for number in range(300):
        (folder / str(number)).touch()
    begun = time.monotonic()
    remove_folder(folder, 0.0)
    assert time.monotonic() - begun < 30
    assert folder.exists()


def test_what_cannot_be_removed_is_left_at_once(folder, monkeypatch):
    unlink = os.unlink
    (folder / "deep").mkdir()
    (folder / "deep" / "stays").touch()
    (folder / "goes").touch()

    def refuse(path, *, dir_fd=None):
        if path == "stays":
            raise PermissionError(path)
        unlink(path, dir_fd=dir_fd)

    with monkeypatch.context() as patched:
        patched.setattr(os, "unlink", refuse)
        begun = time.monotonic()
        remove_folder(folder)
        assert time.monotonic() - begun < 30
    assert not (folder / "goes").exists()


@pytest.fixture(scope="module")
def ended():
    """The id of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_folders_of_processes_that_were_killed_are_removed(tmp_path, ended):
    abandoned = tmp_path / f"grading-{ended}-abc"
    needed = tmp_path / f"grade-{os.getpid()}-abc"
    somebodys = tmp_path / "grade-book-2026"
    for folder in (abandoned, needed, somebodys):
        (folder / "deeper").mkdir(parents=True)
    remove_abandoned(tmp_path, "grading", "grade")
    assert {path.name for path in tmp_path.iterdir()} == {needed.name, somebodys.name}


def test_a_folder_that_was_used_just_now_stays(tmp_path, ended):
    for name in ("new", "old"):
        (tmp_path / f"room-{ended}-{name}").mkdir()
    os.utime(tmp_path / f"room-{ended}-old", (1, 1))
    remove_abandoned(tmp_path, "room", older=60)
    assert [path.name for path in tmp_path.iterdir()] == [f"room-{ended}-new"]
