"""The bytes that a user stores are counted, wherever they are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from isolation import stored
from isolation.stored import ENDLESS, stored_by

ME = os.getuid()
KIB = 1024


def count(folder: Path, *pids: int, user: int = ME) -> int:
    return stored_by(user, [str(folder)], pids)


def test_files_count_in_every_folder(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "file").write_bytes(bytes(300 * KIB))
    (tmp_path / "file").write_bytes(bytes(100 * KIB))
    assert 400 * KIB <= count(tmp_path) < 450 * KIB


def test_a_file_counts_once_and_where_a_link_leads_does_not(tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    inside.mkdir()
    outside.write_bytes(bytes(500 * KIB))
    (inside / "link").symlink_to(outside)
    (inside / "file").write_bytes(bytes(100 * KIB))
    (inside / "again").hardlink_to(inside / "file")
    assert 100 * KIB <= count(inside) < 150 * KIB


def test_a_file_without_a_name_counts_while_it_is_open(tmp_path: Path) -> None:
    before = count(tmp_path, os.getpid())
    with (tmp_path / "file").open("wb") as file:
        file.write(bytes(200 * KIB))
        file.flush()
        (tmp_path / "file").unlink()
        assert count(tmp_path, os.getpid()) - before >= 200 * KIB
    assert count(tmp_path, os.getpid()) - before < 200 * KIB


def test_files_of_others_do_not_count(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(bytes(100 * KIB))
    assert count(tmp_path, user=ME + 1) == 0


def test_too_many_files_are_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(12):
        (tmp_path / str(number)).touch()
    assert count(tmp_path) < ENDLESS
    monkeypatch.setattr(stored, "MOST_ENTRIES", 10)
    assert count(tmp_path) == ENDLESS


def test_a_folder_that_is_gone_has_nothing(tmp_path: Path) -> None:
    assert count(tmp_path / "gone") == 0
