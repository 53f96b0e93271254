"""Files in work/, written so that nothing is lost: whole or not at all, and never over another.

A process may be killed between any two lines, and a disk may be full. So each file is written
under another name first, and put in its place in one step.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path


def write_new(file: Path, content: bytes) -> None:
    """Write a file that must not be there yet, and the folders above it.

    Raises FileExistsError when it is there, and OSError when it cannot be written.
    """
    with _written(file, content) as written:
        try:
            os.link(written, file)
        except FileExistsError:
            raise
        except OSError:  # some file systems have no links: then it may be left half written
            with open(file, "xb") as there:
                there.write(content)


def write_over(file: Path, content: bytes) -> None:
    """Write a file in place of the one that is there. Raises OSError."""
    with _written(file, content) as written:
        written.replace(file)


@contextlib.contextmanager
def _written(file: Path, content: bytes) -> Iterator[Path]:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:  # to the caller, this word means that the file is there
        raise NotADirectoryError(errno.ENOTDIR, "it is no folder", str(file.parent)) from error
    written = file.with_name(f".{file.name}.new")
    try:
        with open(written, "wb") as new:
            new.write(content)
            new.flush()
            os.fsync(new.fileno())
        yield written
    finally:
        written.unlink(missing_ok=True)
