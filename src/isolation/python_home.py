"""Which files a learner's Python consists of, and where else it may look."""

from __future__ import annotations

import os
import sys
from pathlib import Path

SYSTEM = ("/usr/lib", "/usr/lib64", "/usr/bin", "/lib", "/lib64", "/bin")
SETTINGS = ("/etc/ld.so.cache", "/etc/localtime", "/etc/ssl/openssl.cnf", "/usr/share/zoneinfo")


def interpreter() -> Path:
    """Return the interpreter outside of any virtual environment, with links followed."""
    return Path(getattr(sys, "_base_executable", None) or sys.executable).resolve()


def standard_library() -> Path:
    """Return the folder with Python's own modules."""
    return Path(os.__file__).resolve().parent


def parts() -> list[Path]:
    """Return the files and folders of this Python that are not in the system's own folders."""
    libraries = [*_shared(Path(sys.base_prefix) / "lib"), *_shared(Path("/usr/local/lib"))]
    found = dict.fromkeys([interpreter(), standard_library(), *libraries])
    return [path for path in found if path.exists() and not _is_the_systems(path)]


def installed_packages() -> list[Path]:
    """Return the folders of installed packages inside Python's own folder."""
    inside = (standard_library() / name for name in ("site-packages", "dist-packages"))
    return [folder for folder in inside if folder.is_dir()]


def system_folders() -> list[Path]:
    """Return the system's folders of programs and libraries that exist; some may be links."""
    return [path for path in map(Path, SYSTEM) if path.exists()]


def settings() -> list[Path]:
    """Return the system's settings that Python or its libraries read."""
    return [path for path in map(Path, SETTINGS) if path.exists()]


def _shared(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("lib*.so*") if path.is_file())


def _is_the_systems(path: Path) -> bool:
    return any(path.is_relative_to(folder) for folder in SYSTEM)
