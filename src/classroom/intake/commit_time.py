"""When the last commit of a clone was made, without obeying anything that the clone says.

git runs programs that a repository's own configuration names. So it is asked about the objects
only, from an empty repository of ours that borrows them. Which commit is the last, we read here.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from datetime import datetime
from pathlib import Path

from classroom.errors import Refusal
from classroom.intake.folder import read_file

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_BRANCH = re.compile(r"refs/heads/(?:[\w.-]+/)*[\w.-]+")


def last_commit(clone: Path) -> datetime | None:
    """Return the time of the last commit, by the student's clock; None if it cannot be found."""
    commit, objects = _last(clone / ".git"), clone / ".git" / "objects"
    if commit is None or objects.is_symlink() or not objects.is_dir():
        return None
    with tempfile.TemporaryDirectory() as empty:
        settings = {
            "PATH": os.environ.get("PATH", os.defpath),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_DIR": empty,
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(objects.absolute()),
        }
        try:
            _git(settings, "init", "--quiet", "--bare", empty)
            return _committed(_git(settings, "cat-file", "commit", commit))
        except (OSError, ValueError, subprocess.SubprocessError):
            return None


def _last(git: Path) -> str | None:
    """Return the name of the commit that HEAD means."""
    head = _text(git / "HEAD")
    if not head.startswith("ref: "):
        return head if _COMMIT.fullmatch(head) else None
    branch = head.removeprefix("ref: ")
    if not _BRANCH.fullmatch(branch) or ".." in branch:
        return None
    if _COMMIT.fullmatch(loose := _text(git / branch)):
        return loose
    packed = re.search(rf"^(\S+) {re.escape(branch)}$", _text(git / "packed-refs"), re.MULTILINE)
    return packed[1] if packed and _COMMIT.fullmatch(packed[1]) else None


def _text(file: Path) -> str:
    try:
        return read_file(file, 1_000_000).decode("utf-8", "replace").strip()
    except Refusal:
        return ""


def _git(settings: dict[str, str], *arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments],
        env=settings,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=20,
        check=True,
    ).stdout


def _committed(commit: str) -> datetime | None:
    found = re.search(r"^committer .*> (\d{1,11}) [+-]\d{4}$", commit, re.MULTILINE)
    try:
        return datetime.fromtimestamp(int(found[1])).astimezone() if found else None
    except (ValueError, OverflowError, OSError):
        return None
