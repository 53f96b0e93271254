"""Files written whole or not at all, and locks that nobody waits for forever."""

import errno
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from course.files import create_atomically, locked, write_atomically

HOLD_THE_LOCK = """
import sys, time
from pathlib import Path
from course.files import locked
with locked(Path(sys.argv[1]), timeout=30):
    print("locked", flush=True)
    sys.stdin.read()
"""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another process, which holds the lock of `tmp_path / "marks"`."""
    command = [sys.executable, "-c", HOLD_THE_LOCK, str(tmp_path / "marks")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"locked\n"
        yield process
        process.kill()


@pytest.mark.parametrize("write", [write_atomically, create_atomically])
def test_a_file_is_written_with_the_folders_above_it(tmp_path, write):
    write(tmp_path / "a" / "b" / "marks", b"new")
    assert (tmp_path / "a" / "b" / "marks").read_bytes() == b"new"
    assert names(tmp_path / "a" / "b") == ["marks"]


def test_a_file_is_replaced_in_one_step(tmp_path):
    (tmp_path / "marks").write_bytes(b"old")
    with open(tmp_path / "marks", "rb") as reader:
        write_atomically(tmp_path / "marks", b"new")
        assert reader.read() == b"old"
    assert (tmp_path / "marks").read_bytes() == b"new"


def test_a_file_that_exists_is_not_created_again(tmp_path):
    (tmp_path / "marks").write_bytes(b"old")
    with pytest.raises(FileExistsError):
        create_atomically(tmp_path / "marks", b"new")
    assert (tmp_path / "marks").read_bytes() == b"old"
    assert names(tmp_path) == ["marks"]


def test_a_file_is_created_where_links_are_not_known(tmp_path, monkeypatch):
    def link(*paths: Path) -> None:
        raise PermissionError

    monkeypatch.setattr("os.link", link)
    create_atomically(tmp_path / "marks", b"text")
    assert (tmp_path / "marks").read_bytes() == b"text"
    with pytest.raises(FileExistsError):
        create_atomically(tmp_path / "marks", b"other")
    assert names(tmp_path) == ["marks"]


@pytest.mark.parametrize("write", [write_atomically, create_atomically])
def test_what_a_killed_process_left_is_removed(tmp_path, write):
    (tmp_path / ".marks.new").write_bytes(b"hal")
    write(tmp_path / "marks", b"new")
    assert names(tmp_path) == ["marks"]


@pytest.mark.parametrize("write", [write_atomically, create_atomically])
def test_a_failed_write_leaves_nothing_new(tmp_path, monkeypatch, write):
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write(tmp_path / "marks", b"new")
    assert names(tmp_path) == []


@pytest.mark.parametrize("write", [write_atomically, create_atomically])
def test_a_file_in_the_place_of_a_folder_is_not_taken_for_the_file(tmp_path, write):
    (tmp_path / "folder").touch()
    with pytest.raises(NotADirectoryError):
        write(tmp_path / "folder" / "marks", b"new")


def test_a_private_file_was_never_readable_by_others(tmp_path, monkeypatch):
    modes = []
    replace = Path.replace

    def replaced(new: Path, file: Path) -> None:
        modes.append(stat.S_IMODE(new.stat().st_mode))
        replace(new, file)

    monkeypatch.setattr(Path, "replace", replaced)
    (tmp_path / ".key.new").touch(0o666)  # left by a killed process
    write_atomically(tmp_path / "key", b"secret", mode=0o600)
    assert modes == [0o600]


def test_a_lock_is_free_again_at_the_end(tmp_path):
    for _ in range(2):
        with locked(tmp_path / "marks", timeout=0):
            pass


def test_a_lock_excludes_others(tmp_path):
    with (
        locked(tmp_path / "marks", timeout=0),
        pytest.raises(TimeoutError),
        locked(tmp_path / "marks", timeout=0),
    ):
        pass


def test_a_lock_is_waited_for(tmp_path, holder):
    holder.stdin.close()
    with locked(tmp_path / "marks", timeout=30):
        pass


def test_a_lock_ends_with_its_process(tmp_path, holder):
    holder.kill()
    with locked(tmp_path / "marks", timeout=30):
        pass


def test_a_lock_of_a_stopped_process_is_not_waited_for_forever(tmp_path, holder):
    holder.send_signal(signal.SIGSTOP)
    os.waitpid(holder.pid, os.WUNTRACED)
    with pytest.raises(TimeoutError) as caught, locked(tmp_path / "marks", timeout=0.1):
        pass
    assert caught.value.filename == str(tmp_path / "marks")
    assert caught.value.strerror == (
        "another program has kept it locked for 0.1 seconds. If one was stopped with Ctrl-Z, "
        "continue it with fg in its terminal, then try again"
    )


def test_where_there_are_no_locks_nothing_is_locked(tmp_path, monkeypatch):
    def flock(descriptor: int, operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", flock)
    with locked(tmp_path / "marks", timeout=0):
        pass


def test_without_a_place_for_the_lock_there_is_none(tmp_path):
    with pytest.raises(FileNotFoundError), locked(tmp_path / "nowhere" / "marks", timeout=0):
        pass
