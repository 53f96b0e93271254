r"""A conversation as text: one line for each event, in order of arrival.

    alice  -> server  connects
    server -> alice   says b"Nickname: "
    alice  -> server  says b"Alice\n"

Data is written as a Python expression that makes exactly these bytes, so a learner can paste it:
`b"..."` for ASCII and for bytes that are not text, `"...".encode()` for other text. Everything
unprintable is escaped, so data cannot move the cursor, ring the bell or reverse the line. Long data
is cut, and the line says how much is missing.

Failure messages and diagrams use the same lines and words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from unicodedata import east_asian_width

from simnet import Event

SHOWN = 60  # characters of data in a line; with the names, a line stays under about 120
NAME = 24  # characters of a name, at most

_WORDS = {
    "connect": "connects",
    "refused": "refuses the connection",
    "eof": "finishes sending",
    "close": "hangs up",
    "reset": "resets the connection",
}
_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\", '"': '\\"'}


def transcript(events: Iterable[Event]) -> str:
    """Return the conversation, one line for each event, without times or a newline at the end."""
    return "\n".join(lines(events))


def timed_transcript(events: Iterable[Event]) -> str:
    """Return the conversation with the virtual time, in seconds, in front of each line."""
    listed = list(events)
    clock = [f"{event.time:.3f} s" for event in listed]
    width = max(map(len, clock), default=0)
    spoken = lines(listed)
    return "\n".join(f"{when:>{width}}  {line}" for when, line in zip(clock, spoken, strict=True))


def lines(events: Iterable[Event]) -> list[str]:
    """Return one line for each event, with the arrows aligned."""
    listed = list(events)
    sources = [shown_name(event.source) for event in listed]
    targets = [shown_name(event.target) for event in listed]
    left, right = max(map(len, sources), default=0), max(map(len, targets), default=0)
    return [
        f"{source:<{left}} -> {target:<{right}}  {what(event)}"
        for event, source, target in zip(listed, sources, targets, strict=True)
    ]


def what(event: Event) -> str:
    r"""Return what happened, in words: `connects`, `says b"hi\n"`, `hangs up`."""
    if event.kind == "data":
        return f"says {shortened(event.data)}"
    return _WORDS.get(event.kind, event.kind)


def literal(data: bytes) -> str:
    """Return a Python expression that makes exactly `data` and fits on one line."""
    coding = coding_of(data)
    return quoted("".join(spelled(data.decode(coding), coding)), coding)


def shortened(data: bytes, limit: int = SHOWN) -> str:
    """Return `literal(data)`, cut to `limit` characters between the quotes.

    After the cut, it says how many bytes are missing.
    """
    coding = coding_of(data)
    characters = data.decode(coding)
    pieces = spelled(characters[:limit], coding)
    kept = how_many_fit(pieces, limit)
    missing = len(characters[kept:].encode(coding))
    if not missing:
        return literal(data)
    return f"{quoted(''.join(pieces[:kept]), coding)} and {count(missing, 'more byte')}"


def coding_of(*chunks: bytes) -> str:
    """Return the coding in which to write all the chunks alike.

    It is "utf-8" if all of them are UTF-8 and at least one is not ASCII. Otherwise it is "latin-1",
    which makes each byte a character, and then they are written as bytes.
    """
    if all(data.isascii() for data in chunks):
        return "latin-1"
    try:
        for data in chunks:
            data.decode()
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


def spelled(characters: str, coding: str) -> list[str]:
    """Return each character as it is written between the quotes of a Python literal."""
    spell = _spelled_in_text if coding == "utf-8" else _spelled_in_bytes
    return [spell(character) for character in characters]


def quoted(inside: str, coding: str) -> str:
    """Return the Python expression with these escaped characters between its quotes."""
    return f'"{inside}".encode()' if coding == "utf-8" else f'b"{inside}"'


def how_many_fit(pieces: Sequence[str], limit: int) -> int:
    """Return how many of the first pieces have at most `limit` characters together."""
    return sum(1 for width in accumulate(map(len, pieces)) if width <= limit)


def columns(text: str) -> int:
    """Return the width of `text` in letters of a monospaced font. Some characters take two."""
    if text.isascii():  # nearly all of it, and a drawing asks this a thousand times
        return len(text)
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def shown_name(name: str) -> str:
    """Return a party's name with everything unprintable escaped, cut to `NAME` characters."""
    printable = "".join(_spelled_in_text(character) for character in name)
    return printable if len(printable) <= NAME else printable[: NAME - 3] + "..."


def count(number: int, noun: str) -> str:
    """Return the number and the noun: `1 byte`, `2,000 bytes`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _spelled_in_text(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _spelled_in_bytes(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    return character if " " <= character <= "~" else f"\\x{ord(character):02x}"


def on_screen(line: str) -> str:
    """Return the line with everything unprintable escaped, so it cannot move a cursor."""
    return "".join(c if c.isprintable() else spelled(c, "utf-8")[0] for c in line)
