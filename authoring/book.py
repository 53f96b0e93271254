"""Packs the built site into one archive, for a reader who has Python and no network.

Where the archive is unpacked, `python -m http.server` serves it. The same site makes the same
bytes.
"""

from __future__ import annotations

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from course import SourceError

FOLDER = "network-servers-in-python"
"""The one folder in the archive."""

NOTE = "HOW-TO-READ.txt"
HOW_TO_READ = """\
Network servers in Python, a workbook, to be read and run without a network.

Open a terminal in this folder, and start a server that only this machine can reach:

    python3 -m http.server --bind 127.0.0.1

On Windows, the command is py instead of python3. Then open http://127.0.0.1:8000 in a browser.
Opened as files, the pages can be read, but nothing on them runs and the search does not work.
"""
_MODE = 0o644 << 16  # ZIP keeps the file's mode there


def pack_book(site: Path, archive: Path) -> None:
    """Write the archive. Raises `SourceError` if the site is not built, or has no playground."""
    if not (site / "playground" / "page.js").is_file():
        problem = "there is no site with a playground: run `make site`, which needs npm"
        raise SourceError(site, 1, problem)
    archive.parent.mkdir(parents=True, exist_ok=True)
    files = {file.relative_to(site).as_posix(): file for file in site.rglob("*") if file.is_file()}
    with ZipFile(archive, "w") as packed:
        _add(packed, NOTE, HOW_TO_READ.encode())
        for name in sorted(files):
            _add(packed, name, files[name].read_bytes())


def _add(archive: ZipFile, name: str, data: bytes) -> None:
    info = ZipInfo(f"{FOLDER}/{name}")
    info.external_attr = _MODE
    archive.writestr(info, data, ZIP_DEFLATED)
