"""The server of a finished chapter, so that a page can show what it does before you write it."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from course.chapter import Chapter, find_root


def solution(chapter: str) -> Any:
    """Return the `serve` function of a finished chapter, such as "ch01_echo_server".

    The checkout is the one that contains the current folder. A student edition may have a recording
    instead of the solution: then its path is returned, and `open_room` plays it back. Raises
    `FileNotFoundError` if there is neither.
    """
    here = Path.cwd()
    found = Chapter(find_root(here) or here, chapter)
    file = found.solution
    if not file.is_file() and found.recording.is_file():
        return found.recording
    if not file.is_file():
        raise FileNotFoundError(_missing(file))
    return load_module(f"solution_{chapter}", file).serve


def _missing(file: Path) -> str:
    if not file.parent.is_dir():
        return f"the folder {file.parent.name}/ is missing. Bring it back: git restore solutions"
    return f"there is no solution {file.name!r}: is it spelled like its folder?"


def load_module(name: str, file: Path) -> ModuleType:
    """Execute a .py file as the module `name`. Raises whatever the file raises."""
    spec = spec_from_file_location(name, file)
    assert spec is not None and spec.loader is not None  # noqa: PT018 - a .py file has both
    module = module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look up the module of a class here
    spec.loader.exec_module(module)
    return module
