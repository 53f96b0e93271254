"""Reads archives in memory: nothing is unpacked to a disk, and only what is graded is unpacked.

An archive from a student is hostile until it has been read. What it says about itself is checked
before it is believed: how many files it has, how large they are, and where they want to go. And
what it does not say, it meets as a limit on the bytes that are read.
"""

from __future__ import annotations

import io
import lzma
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePosixPath
from typing import IO, cast

from classroom.errors import Refusal
from classroom.intake.entry import (
    FILE,
    LARGEST_ARCHIVE,
    LARGEST_UNPACKED,
    LINK,
    MOST_ENTRIES,
    MOST_RATIO,
    SPECIAL,
    Entry,
)
from classroom.intake.folder import PASSED_OVER

ZIP = (".zip",)
TAR = (".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.bz2")
OTHERS = (".rar", ".7z")

_UNREADABLE = (b"Rar!", b"7z\xbc\xaf\x27\x1c")  # how these files begin
_PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ")  # gzip, bzip2, xz
_DIRECTORY = 2_000_000  # bytes of a zip's table of contents: enough for MOST_ENTRIES
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, struct.error, ValueError)


def is_archive(name: str) -> bool:
    """Return whether a file's name is that of an archive, also of one that cannot be read here."""
    return name.lower().endswith((*ZIP, *TAR, *OTHERS))


def stem(name: str) -> str:
    """Return an archive's name without its ending."""
    ending = next(
        end
        for end in sorted((*ZIP, *TAR, *OTHERS), key=len, reverse=True)
        if name.lower().endswith(end)
    )
    return name[: -len(ending)]


def entries_of_archive(archive: Entry) -> Iterator[Entry]:
    """Return everything in one student's archive. Raises `Refusal` for one that is not usable."""
    name = archive.path.name
    data = archive.read(LARGEST_ARCHIVE)
    if data.startswith(_UNREADABLE) or name.lower().endswith(OTHERS):
        raise Refusal(f"{name} is a RAR or 7z archive, which cannot be opened here: hand in a zip.")
    found = _tar(name, data) if _is_tar(name, data) else _zip(name, data)
    total = 0
    for count, entry in enumerate(found, start=1):
        total += entry.size
        if count > MOST_ENTRIES:
            raise Refusal(f"{name} has more than {MOST_ENTRIES:,} files.")
        if total > LARGEST_UNPACKED:
            raise Refusal(f"{name} would be larger than {LARGEST_UNPACKED:,} bytes unpacked.")
        if not PASSED_OVER & {*entry.path.parts}:
            yield entry


def _is_tar(name: str, data: bytes) -> bool:
    """Return whether to open it as a tar: by its content, or else by its name."""
    if data.startswith(b"PK"):
        return False
    return name.lower().endswith(TAR) or data.startswith(_PACKED) or data[257:262] == b"ustar"


def entries_of_zip(archive: zipfile.ZipFile, label: str) -> Iterator[Entry]:
    """Return the files in an open zip, in order. Raises `Refusal` for a path that climbs out."""
    for info in archive.infolist():
        if info.is_dir():
            continue
        path = safe_path(info.filename, label)
        mode = info.external_attr >> 16
        kind = FILE
        if stat.S_ISLNK(mode):
            kind = LINK
        elif stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            kind = SPECIAL
        yield Entry(path, kind, info.file_size, _reader(archive, info), _time(info))


def safe_path(name: str, label: str) -> PurePosixPath:
    """Return the path of a file in an archive. Raises `Refusal` if it would end up elsewhere."""
    slashed = name.replace("\\", "/")
    path = PurePosixPath(slashed)
    if path.is_absolute() or ".." in path.parts or slashed[1:3] == ":/" or "\0" in name:
        raise Refusal(f"{label} has a path that leads out of it: {name!r}.")
    return path


def _zip(name: str, data: bytes) -> Iterator[Entry]:
    _check_directory(name, data)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (*_BROKEN, NotImplementedError):
        raise Refusal(f"{name} is not a zip that can be opened.") from None
    yield from entries_of_zip(archive, name)


def _check_directory(name: str, data: bytes) -> None:
    """Look at the size of a zip's table of contents, which `ZipFile` reads in one go."""
    end = data.rfind(b"PK\5\6")
    if end < 0 or len(data) < end + 22:
        raise Refusal(f"{name} is not a zip that can be opened.")
    (size,) = struct.unpack_from("<L", data, end + 12)
    if data[max(0, end - 20) : end].startswith(b"PK\6\7") or size > _DIRECTORY:
        raise Refusal(f"{name} has more than {MOST_ENTRIES:,} files.")


def _reader(archive: zipfile.ZipFile, info: zipfile.ZipInfo):  # type: ignore[no-untyped-def]
    def read(most: int) -> bytes:
        name = PurePosixPath(info.filename).name
        if info.file_size > most:
            raise Refusal(f"{name} is larger than {most:,} bytes.")
        if info.file_size > 100_000 and info.file_size > MOST_RATIO * max(1, info.compress_size):
            raise Refusal(f"{name} unpacks to more than {MOST_RATIO} times its size.")
        try:
            with archive.open(info) as stream:
                data = stream.read(most + 1)
        except RuntimeError:
            raise Refusal(f"{name} needs a password: hand in a zip without one.") from None
        except (*_BROKEN, NotImplementedError, OSError):
            raise Refusal(f"{name} is damaged inside its archive.") from None
        if len(data) > most:
            raise Refusal(f"{name} is larger than {most:,} bytes.")
        return data

    return read


def _time(info: zipfile.ZipInfo) -> datetime | None:
    try:
        return datetime(*info.date_time).astimezone()
    except ValueError:
        return None


class _Limited(io.RawIOBase):
    """Reads what a tar unpacks to, up to a limit."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream, self._name, self._left = stream, name, LARGEST_UNPACKED

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(min(size, self._left + 1) if size >= 0 else self._left + 1)
        self._left -= len(data)
        if self._left < 0:
            raise Refusal(f"{self._name} would be larger than {LARGEST_UNPACKED:,} bytes unpacked.")
        return data


def _tar(name: str, data: bytes) -> Iterator[Entry]:
    try:
        stream = _unpacked(name, data)
        with tarfile.open(fileobj=cast(IO[bytes], _Limited(stream, name)), mode="r|") as archive:
            for count, member in enumerate(archive):
                if count > MOST_ENTRIES:
                    raise Refusal(f"{name} has more than {MOST_ENTRIES:,} files.")
                if not member.isdir():
                    yield _tar_entry(archive, member, name)
    except (tarfile.TarError, *_BROKEN, OSError):
        raise Refusal(f"{name} is not a tar that can be opened.") from None


def _unpacked(name: str, data: bytes) -> IO[bytes]:
    import bz2
    import gzip

    packed = io.BytesIO(data)
    if data.startswith(b"\x1f\x8b"):
        return cast(IO[bytes], gzip.GzipFile(fileobj=packed))
    if data.startswith(b"BZh"):
        return cast(IO[bytes], bz2.BZ2File(packed))
    if data.startswith(b"\xfd7zXZ"):
        return cast(IO[bytes], lzma.LZMAFile(packed))
    return packed


def _tar_entry(archive: tarfile.TarFile, member: tarfile.TarInfo, label: str) -> Entry:
    path = safe_path(member.name, label)
    kind = FILE if member.isreg() else LINK if member.islnk() or member.issym() else SPECIAL
    content = b""
    # A stream cannot go back, so what may be graded is read on the way.
    wanted = (
        kind == FILE
        and member.size <= 2_000_000
        and path.suffix.lower() in (".py", ".ipynb", ".txt")
    )
    if wanted and (stream := archive.extractfile(member)):
        content = stream.read()

    def read(most: int) -> bytes:
        if kind != FILE:
            raise Refusal(f"{path.name} is not a file.")
        if member.size > most or not wanted:
            raise Refusal(f"{path.name} is larger than {most:,} bytes.")
        return content

    try:
        modified = datetime.fromtimestamp(member.mtime).astimezone()
    except (ValueError, OverflowError, OSError):
        modified = None
    return Entry(path, kind, member.size, read, modified)
