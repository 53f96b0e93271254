"""Which levels a machine offers, and what it says about the others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from isolation import Level, best_level, machine, why_not


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """Forget, for each test, what an earlier one learned about this machine."""
    machine.why_not.cache_clear()
    yield
    machine.why_not.cache_clear()


@pytest.fixture
def refuses(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine on which bubblewrap is there and fails. Returns a folder for its settings."""
    monkeypatch.setattr(machine, "bubblewrap", lambda: "/usr/bin/bwrap")
    monkeypatch.setattr(machine, "tried", lambda level: "bwrap: setting up uid map: not permitted")
    for name in ("APPARMOR", "SHIPPED", "DISABLED", "CLONE", "MOST"):
        monkeypatch.setattr(machine, name, tmp_path / name)
    monkeypatch.setattr(machine, "CONTAINERS", ())
    return tmp_path


def test_levels_are_ordered() -> None:
    assert sorted(Level) == [Level.PROCESS, Level.USER, Level.SANDBOX]
    assert [level.value for level in Level] == ["process", "separate user", "sandbox"]


def test_a_plain_process_works_everywhere() -> None:
    assert why_not(Level.PROCESS) == ""


def test_without_bubblewrap_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "bubblewrap", lambda: None)
    said = why_not(Level.SANDBOX)
    assert "apt install bubblewrap" in said
    assert "dnf install bubblewrap" in said


@pytest.mark.parametrize(
    ("setting", "value", "remedy"),
    [
        ("SHIPPED", "", "apparmor_parser --remove"),
        ("APPARMOR", "1", "kernel.apparmor_restrict_unprivileged_userns=0"),
        ("CLONE", "0", "kernel.unprivileged_userns_clone=1"),
        ("MOST", "0", "user.max_user_namespaces"),
    ],
)
def test_a_setting_that_forbids_it_is_named(
    refuses: Path, setting: str, value: str, remedy: str
) -> None:
    (refuses / setting).write_text(value)
    assert remedy in why_not(Level.SANDBOX)
    assert "not permitted" in why_not(Level.SANDBOX)


def test_in_a_container_it_names_the_other_level(
    refuses: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (refuses / "dockerenv").touch()
    monkeypatch.setattr(machine, "CONTAINERS", (refuses / "dockerenv",))
    assert "`separate user`" in why_not(Level.SANDBOX)


def test_a_separate_user_is_for_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine.os, "geteuid", lambda: 1000)
    assert "for root" in why_not(Level.USER)


def test_the_best_level_is_the_greatest_that_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "bubblewrap", lambda: None)
    monkeypatch.setattr(machine.os, "geteuid", lambda: 1000)
    assert best_level() == Level.PROCESS
