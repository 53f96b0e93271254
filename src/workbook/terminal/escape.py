r"""Makes text from strangers safe to show in a terminal.

A terminal obeys control sequences. A few bytes in a nickname can clear the screen, change its
title, or reverse the text. So a character that is not meant to be read is shown as its escape in
Python: `\x1b[2J` appears as seven characters and does nothing.
"""

from __future__ import annotations

import unicodedata

# Control, surrogate, line and paragraph separator. "Cf" has the marks that reverse text.
_INVISIBLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
# A new line, a tab, and the joiner inside emoji of several parts.
_KEPT = "\n\t\u200d"


def escape(text: str) -> str:
    """Return the text with an escape for every character that a terminal could obey."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_escape_character, text.replace("\r\n", "\n")))


def _escape_character(character: str) -> str:
    if character in _KEPT or unicodedata.category(character) not in _INVISIBLE:
        return character
    return character.encode("unicode_escape").decode("ascii")
