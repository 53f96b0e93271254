"""Compares two byte strings, and finds where they differ."""

from __future__ import annotations

import re
from dataclasses import dataclass

from room.transcript import coding_of, columns, count, how_many_fit, quoted, shortened, spelled

BEFORE = 40  # columns shown before the first difference
AFTER = 30  # columns shown from the first difference on

_BRACES = re.compile(r"\{[A-Za-z_][^{}]*\}")  # of an f-string
_QUOTES = {coding: quoted("|", coding).split("|") for coding in ("latin-1", "utf-8")}


@dataclass(frozen=True)
class Comparison:
    """What `who` expected and what they received; `who` may be "".

    Bytes are written as Python literals, cut around the first difference, or as "nothing" if there
    are none. On both sides, `at` columns are in front of the first difference. `difference`
    describes it, and is "" if the sides are not compared byte by byte.
    """

    who: str
    expected: str
    received: str
    at: int = 0
    difference: str = ""

    @property
    def titles(self) -> tuple[str, str]:
        """The name of each side: `alice expected`, `alice received`."""
        who = f"{self.who} " if self.who else ""
        return f"{who}expected", f"{who}received"


def compare(who: str, expected: bytes | str, received: bytes | str) -> Comparison:
    """Compare two byte strings. A side that is a sentence stays as it is."""
    if isinstance(expected, bytes) and isinstance(received, bytes):
        return _compare_bytes(who, expected, received)
    return Comparison(who, one_side(expected), one_side(received))


def one_side(side: bytes | str) -> str:
    """Return one side by itself: bytes as a Python literal, not too long."""
    if isinstance(side, str):
        return side
    return shortened(side, BEFORE + AFTER) if side else "nothing"


def what_it_gives_away(expected: bytes, received: bytes) -> str:
    """Return a sentence on the mistake that probably explains a difference; "" if none does."""
    if received + b"\n" == expected:
        return "Only the newline at the end is missing."
    if received + b" " == expected:
        return "Only the space at the end is missing."
    if received == 2 * expected:
        return "It is right, but it came twice."
    if re.search(rb"(?i)\bb['\"]", received) and not re.search(rb"(?i)\bb['\"]", expected):
        return (
            "The b and the quotes came over the network: bytes were put into a text, as in "
            'f"{name}". Decode them first, or join bytes to bytes with +.'
        )
    if received != expected and received.replace(b"\\n", b"\n") == expected:
        return (
            "A backslash and an n came in place of the newline: an r in front of the quotes keeps "
            "the backslash. Remove the r."
        )
    if received != expected and received.replace(b"/n", b"\n") == expected:
        return "A slash and an n came in place of the newline, which is written with a backslash."
    if forgotten := forgotten_f(expected.decode("latin-1"), received.decode("latin-1")):
        return forgotten
    if b"\0" in received and b"\0" not in expected:
        return "bytes(5) is five zero bytes. To make bytes of one number, write bytes([5])."
    if received and received.replace(b"\r", b"") == expected.replace(b"\r", b""):
        return "Only \\r differs, the carriage return that some clients send before the newline."
    if received and received.split() == expected.split():
        return "Only white space differs."
    if received and received.lower() == expected.lower():
        return "Only capital and small letters differ."
    if expected and received.endswith(expected):
        before = count(len(received) - len(expected), "extra byte")
        verb = "is" if before.startswith("1 ") else "are"
        return f"The end is right, but there {verb} {before} in front of it."
    return ""


def forgotten_f(expected: str, received: str) -> str:
    """Return a sentence if a name in braces was received instead of its value; or ""."""
    for line in received.splitlines():
        literal = _BRACES.split(line.strip())
        is_alike = re.search(".+".join(map(re.escape, literal)), expected)
        if len(literal) > 1 and is_alike and len("".join(literal)) >= 3:
            found = _BRACES.findall(line)[0]
            if found in expected:
                continue  # the client said it
            return (
                f"{found} arrived as it is written, without its value. Text needs an f in front of"
                " the quotes. Bytes have no f: join the parts with +."
            )
    return ""


def _compare_bytes(who: str, expected: bytes, received: bytes) -> Comparison:
    coding = coding_of(expected, received)
    wanted, came = expected.decode(coding), received.decode(coding)
    alike = _alike(wanted, came)
    before = spelled(wanted[max(0, alike - BEFORE) : alike], coding)
    before = before[len(before) - how_many_fit(before[::-1], BEFORE) :]
    opening = ("..." if len(before) < alike else "") + _QUOTES[coding][0] + "".join(before)
    agreed = len(wanted[:alike].encode(coding))
    return Comparison(
        who,
        _side(wanted, alike, opening, coding),
        _side(came, alike, opening, coding),
        columns(opening),
        _difference(expected, received, agreed) if expected and received else "",
    )


def _alike(one: str, other: str) -> int:
    """Return how many characters are the same, from the start."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(one), len(other)))


def _side(text: str, alike: int, opening: str, coding: str) -> str:
    if not text:
        return "nothing"
    pieces = spelled(text[alike : alike + AFTER], coding)
    kept = how_many_fit(pieces, AFTER)
    left_out = len(text[alike + kept :].encode(coding))
    shown = f"{opening}{''.join(pieces[:kept])}{_QUOTES[coding][1]}"
    return f"{shown} and {count(left_out, 'more byte')}" if left_out else shown


def _difference(expected: bytes, received: bytes, agreed: int) -> str:
    if agreed == len(received):
        missing = len(expected) - agreed
        return f"ends here: {count(missing, 'byte')} {'is' if missing == 1 else 'are'} missing"
    if agreed == len(expected):
        return f"{count(len(received) - agreed, 'extra byte')} from here on"
    if agreed == 0:
        return "the first byte differs"
    if agreed == 1:
        return "differs from here on; the first byte matches"
    return f"differs from here on; the first {agreed:,} bytes match"
