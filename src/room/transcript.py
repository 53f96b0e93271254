"""A conversation as text: one line an event, in the order in which things arrived.

    alice  -> server  connects
    server -> alice   says b"Nickname: "
    alice  -> server  says b"Alice\\n"

What somebody says is written as a Python expression that makes exactly these bytes, so a learner
can paste it: `b"..."` for ASCII and for bytes that are no text, `"...".encode()` for other text.
Nothing in it can move the cursor, ring the bell or turn the line around: whatever does not print
is escaped. Long data is cut, and the line says how much is missing.

The failure messages and the diagrams are made of these same lines and words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from unicodedata import east_asian_width

from simnet import Event

SHOWN = 60  # characters of data in a line; with the names a line stays under about 120
NAME = 24  # characters of a name

_WORDS = {
    "connect": "connects",
    "refused": "refuses the connection",
    "eof": "finishes sending",
    "close": "hangs up",
    "reset": "resets the connection",
}
_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\", '"': '\\"'}


def transcript(events: Iterable[Event]) -> str:
    """The conversation, one line an event, without times and without a newline at the end."""
    return "\n".join(lines(events))


def timed_transcript(events: Iterable[Event]) -> str:
    """The same with the (virtual) second in front of each line, to the millisecond."""
    listed = list(events)
    clock = [f"{event.time:.3f} s" for event in listed]
    width = max(map(len, clock), default=0)
    spoken = lines(listed)
    return "\n".join(f"{when:>{width}}  {line}" for when, line in zip(clock, spoken, strict=True))


def lines(events: Iterable[Event]) -> list[str]:
    """One line an event, the arrows below each other."""
    listed = list(events)
    sources = [shown_name(event.source) for event in listed]
    targets = [shown_name(event.target) for event in listed]
    left, right = max(map(len, sources), default=0), max(map(len, targets), default=0)
    return [
        f"{source:<{left}} -> {target:<{right}}  {what(event)}"
        for event, source, target in zip(listed, sources, targets, strict=True)
    ]


def what(event: Event) -> str:
    """What happened, in words: `connects`, `says b"hi\\n"`, `hangs up`."""
    if event.kind == "data":
        return f"says {shortened(event.data)}"
    return _WORDS.get(event.kind, event.kind)


def literal(data: bytes) -> str:
    """A Python expression that makes exactly `data`, and prints as one line."""
    coding = coding_of(data)
    return quoted("".join(spelled(data.decode(coding), coding)), coding)


def shortened(data: bytes, limit: int = SHOWN) -> str:
    """`literal(data)`, cut to `limit` characters between the quotes, and what is missing told."""
    coding = coding_of(data)
    characters = data.decode(coding)
    pieces = spelled(characters[:limit], coding)
    kept = how_many_fit(pieces, limit)
    missing = len(characters[kept:].encode(coding))
    if not missing:
        return literal(data)
    return f"{quoted(''.join(pieces[:kept]), coding)} and {count(missing, 'more byte')}"


def coding_of(*said: bytes) -> str:
    """How to spell these alike: "utf-8" if that makes text of all and ASCII does not.

    Otherwise "latin-1", which stands for a byte a character and is never shown as text.
    """
    if all(data.isascii() for data in said):
        return "latin-1"
    try:
        for data in said:
            data.decode()
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


def spelled(characters: str, coding: str) -> list[str]:
    """Each character as it stands between the quotes of a Python literal."""
    spell = _spelled_in_text if coding == "utf-8" else _spelled_in_bytes
    return [spell(character) for character in characters]


def quoted(inside: str, coding: str) -> str:
    return f'"{inside}".encode()' if coding == "utf-8" else f'b"{inside}"'


def how_many_fit(pieces: Sequence[str], limit: int) -> int:
    """How many of the first pieces are at most `limit` characters together."""
    return sum(1 for width in accumulate(map(len, pieces)) if width <= limit)


def columns(text: str) -> int:
    """How many letters of a monospaced font `text` is wide; some characters take two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def shown_name(name: str) -> str:
    """A party's name with nothing in it that does not print, cut to `NAME` characters."""
    printable = "".join(_spelled_in_text(character) for character in name)
    return printable if len(printable) <= NAME else printable[: NAME - 3] + "..."


def count(number: int, noun: str) -> str:
    """`1 byte`, `2,000 bytes`."""
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
    """The same text, with everything escaped that would move a terminal's cursor."""
    return "".join(c if c.isprintable() else spelled(c, "utf-8")[0] for c in line)
