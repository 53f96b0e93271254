"""`workbook run`: serve a chapter from its file.

The learner wrote the file, so every error in it is reported in one line with its place.
"""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import cast

import click

from course.solution import load_module
from workbook.checkout.project import find_project, short_path, workbook_command
from workbook.serving import Serve, serve_until_stopped


def run_file(path: Path, host: str, port: int) -> None:
    """Import the file, and serve with its `serve` function until Ctrl-C.

    Raises click.ClickException, with one line, when that is impossible.
    """
    serve_until_stopped(_load_serve(path), host, port)


def _load_serve(path: Path) -> Serve:
    if not path.is_file():
        raise click.ClickException(_how_to_get(path))
    sys.path.insert(0, str(find_project(path.parent)))  # for a solution that imports another
    try:
        module = load_module(path.stem, path)
    except Exception as error:
        raise click.ClickException(_what_is_wrong(error, path)) from error
    serve = getattr(module, "serve", None)
    if serve is None:
        raise click.ClickException(f"{short_path(path)} has no function serve(bind, ssl_options).")
    return cast("Serve", serve)


def _how_to_get(path: Path) -> str:
    number = path.stem[2:4].lstrip("0") or "0"
    return f"{short_path(path)} is not there yet. Make it: {workbook_command()} start {number}"


def _what_is_wrong(error: Exception, path: Path) -> str:
    if isinstance(error, SyntaxError):
        line = f", line {error.lineno}" if error.lineno else ""  # a null byte has none
        return f"{short_path(path)}{line}: {error.msg}."
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == str(path)
    ]
    line = f", line {lines[-1]}" if lines else ""
    return f"{short_path(path)}{line}: {type(error).__name__}: {error}."
