"""Text from strangers, made safe to show in a terminal.

A terminal obeys what it is shown: a few bytes in a nickname can clear the screen, change its title,
or turn the text around. So whatever is not meant to be read is shown as its escape in Python:
`\\x1b[2J` stands there as seven characters and does nothing.
"""

from __future__ import annotations

import unicodedata

# Control, surrogate, line and paragraph separator; "Cf" holds the marks that turn text around.
_INVISIBLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
# A new line, a tab, and the joiner that emoji of several parts are made with.
_HARMLESS = "\n\t\u200d"


def escape(text: str) -> str:
    """Return the text with every character that a terminal could obey shown as an escape."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_shown, text.replace("\r\n", "\n")))


def _shown(character: str) -> str:
    if character in _HARMLESS or unicodedata.category(character) not in _INVISIBLE:
        return character
    return character.encode("unicode_escape").decode("ascii")
