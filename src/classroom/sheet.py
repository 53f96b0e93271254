"""A CSV file as it is: every cell that is not changed keeps its bytes.

Python's csv module forgets how a file was quoted, encoded and broken into lines. A teacher's
gradebook has to go back to where it came from, with one column filled in and nothing else changed.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from classroom.errors import ClassError


class Decoded(NamedTuple):
    """A text, with what is needed to write it in the same way."""

    text: str
    encoding: str
    bom: bytes


_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


_SPREADSHEETS = (b"PK\3\4", b"\xd0\xcf\x11\xe0")  # how Excel's and LibreOffice's files begin
_SEPARATOR = "sep="  # Excel's own first line, such as sep=;
_BEGINNING = 100_000  # characters in which to look for what separates cells
_ERRORS = "surrogateescape"  # what is broken in a cell that is not ours stays as it is


def decoded(data: bytes) -> Decoded:
    """Decode a CSV file: by its byte order mark, as UTF-8, or as Excel writes it in the West."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return Decoded(data[len(bom) :].decode(encoding, _ERRORS), encoding, bom)
    for encoding in ("utf-8", "cp1252"):
        try:
            return Decoded(data.decode(encoding), encoding, b"")
        except UnicodeDecodeError:
            continue
    return Decoded(data.decode("latin-1"), "latin-1", b"")


@dataclass
class Sheet:
    """The rows of a CSV file. `rows` has each cell's value, `raw` the same cells as written."""

    delimiter: str
    encoding: str = "utf-8"
    bom: bytes = b""
    rows: list[list[str]] = field(default_factory=list)
    _raw: list[list[str]] = field(default_factory=list)
    _ends: list[str] = field(default_factory=list)

    def set(self, row: int, column: int, value: str) -> None:
        """Change one cell. It is quoted if it was, or if it has to be. A short row gets longer."""
        missing = [""] * (column + 1 - len(self.rows[row]))
        self._raw[row] += missing
        self.rows[row] += missing
        was = self._raw[row][column]
        needs = any(mark in value for mark in ('"', self.delimiter, "\n", "\r"))
        quoted = '"' + value.replace('"', '""') + '"'
        self._raw[row][column] = quoted if needs or was.strip().startswith('"') else value
        self.rows[row][column] = value

    def encoded(self) -> bytes:
        """Return the file. Raises UnicodeEncodeError for a value that its encoding cannot say."""
        lines = (
            self.delimiter.join(cells) + end
            for cells, end in zip(self._raw, self._ends, strict=True)
        )
        return self.bom + "".join(lines).encode(self.encoding, _ERRORS)

    def add_row(self, raw: list[str], end: str) -> None:
        """Add a row as it is written in the file, with the end of its line."""
        self._raw.append(raw)
        self._ends.append(end)
        self.rows.append([_value(cell) for cell in raw])


def read_sheet(data: bytes, what: str = "The gradebook") -> Sheet:
    """Read a CSV file whose cells are separated by commas, semicolons or tabs.

    Raises `ClassError` for a file of another kind, and calls it `what`.
    """
    text, encoding, bom = decoded(data)
    _refuse_other_kinds(data, text, what)
    sheet = Sheet(_delimiter(text), encoding, bom)
    cell = re.compile(
        rf' *"(?:[^"]|"")*"[^{re.escape(sheet.delimiter)}\r\n]*|'
        rf"[^{re.escape(sheet.delimiter)}\r\n]*"
    )
    row: list[str] = []
    at = 0
    while at < len(text) or row:
        found = cell.match(text, at)
        row.append(found[0] if found else "")
        at = found.end() if found else at
        if text.startswith(sheet.delimiter, at):
            at += 1
            continue
        end = "\r\n" if text.startswith("\r\n", at) else text[at : at + 1]
        at += len(end)
        sheet.add_row(row, end)
        row = []
    return sheet


def read_table(file: Path, what: str) -> list[list[str]]:
    """Return the rows of a CSV file that have something in them, each cell without blanks around.

    Raises `ClassError` when the file cannot be read, and calls it `what`.
    """
    try:
        sheet = read_sheet(file.read_bytes(), what)
    except OSError as error:
        raise ClassError(f"{what} cannot be read: {error.strerror}.") from None
    rows = [[cell.strip() for cell in row] for row in sheet.rows]
    if rows and rows[0][0].casefold().startswith(_SEPARATOR):
        rows = rows[1:]
    return [row for row in rows if any(row)]


def _refuse_other_kinds(data: bytes, text: str, what: str) -> None:
    if data.startswith(_SPREADSHEETS):
        raise ClassError(
            f"{what} is a spreadsheet, and not CSV. Open it, save it as CSV (UTF-8), and name "
            "that file."
        )
    if text.lstrip()[:14].casefold().startswith(("<!doctype", "<html", "<?xml")):
        raise ClassError(f"{what} is a web page, and not CSV. Download it again.")
    if "\0" in text:
        raise ClassError(f"{what} is not text, so it is not CSV. Is it the right file?")


def _delimiter(text: str) -> str:
    """Return what separates the cells, outside of quotes, of the first line that has any."""
    if text[:4].casefold() == _SEPARATOR and text[4:5] in ",;\t":
        return text[4:5]
    lines = re.split(r"[\r\n]+", re.sub(r'"[^"]*"', "", text[:_BEGINNING]))
    first = next((line for line in lines if any(mark in line for mark in ",;\t")), "")
    return max(",;\t", key=first.count)


def _value(raw: str) -> str:
    stripped = raw.strip()
    if len(stripped) > 1 and stripped.startswith('"') and stripped.endswith('"'):
        return stripped[1:-1].replace('""', '"')
    return raw
