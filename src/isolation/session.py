"""What the gradings of one process share: a folder with nothing in it that a student can change.

    judge/     bytecode of the judge, compiled here, and the certificate for TLS
    library/   the part of our code that runs beside a learner's program, and nothing else
    python/    a copy of Python, if other users cannot run the one that is here

A judge reads neither the checkout's bytecode nor .pth files, which a program that ran here before,
without isolation, may have changed.
"""

from __future__ import annotations

import compileall
import contextlib
import functools
import os
import py_compile
import shutil
import tempfile
import weakref
from dataclasses import dataclass
from pathlib import Path

import bfnet
import room
import simnet
from room.worlds.folder import new_folder, remove_abandoned, remove_folder

PUBLIC = (Path("/tmp"), Path("/var/tmp"))
_ROOM = ("__init__.py", "contract.py", "wire.py", "child")  # what runs on the program's side


@dataclass(frozen=True)
class Session:
    """The folders of this process's gradings."""

    folder: Path

    @property
    def cache(self) -> Path:
        """Where the judge keeps bytecode and the certificate."""
        return self.folder / "judge"

    @property
    def library(self) -> Path:
        """What a learner's process imports."""
        return self.folder / "library"

    @property
    def python(self) -> Path:
        """Where a Python for other users is copied to."""
        return self.folder / "python"


@functools.cache
def session() -> Session:
    """Make the folders on first use. They are removed when this process ends."""
    remove_abandoned(temporary_folder(), "grading", "grade")
    made = Session(Path(new_folder("grading", str(temporary_folder()))))
    weakref.finalize(_KEPT, _remove, str(made.folder), os.getpid())
    made.folder.chmod(0o755)  # another user reads the library; the cache is closed
    made.cache.mkdir(mode=0o700)
    _fill(made.library)
    return made


def temporary_folder() -> Path:
    """Return a folder for temporary files in which another user can find a file of its own."""
    usual = Path(tempfile.gettempdir())
    return next((path for path in (usual, *PUBLIC) if open_to_others(path)), usual)


def open_to_others(path: Path) -> bool:
    """Return whether other users can look into a folder, through all those that it is in."""
    with contextlib.suppress(OSError):
        return all(each.stat().st_mode & 0o001 for each in (path, *path.resolve().parents))
    return False


class _Kept:
    """Lives as long as the process."""


_KEPT = _Kept()


def _fill(library: Path) -> None:
    for package in (bfnet, simnet, room):
        source = Path(str(package.__file__)).parent
        parts = _ROOM if package is room else (".",)
        for part in parts:
            _copy(source / part, library / source.name / part)
    compileall.compile_dir(
        library, quiet=2, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH
    )
    for path in [library, *library.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(
            source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__")
        )
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _remove(folder: str, owner: int) -> None:
    if os.getpid() == owner:  # a fork does not own it
        remove_folder(folder)
