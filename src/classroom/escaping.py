"""Text from a stranger, made harmless for the place where it goes.

HTML pages escape by themselves (Jinja2). This is for cells of a spreadsheet and for Markdown; for a
terminal there is workbook.terminal.escape.
"""

from __future__ import annotations

import re
import unicodedata

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_INVISIBLE = {"Cc", "Cs", "Zl", "Zp"}


def cell(text: str) -> str:
    """Return text that no spreadsheet takes for a formula. OWASP calls that "CSV injection"."""
    plain = "".join(c if unicodedata.category(c) not in _INVISIBLE else " " for c in text)
    starts_formula = plain.lstrip(" ").startswith(_FORMULA) or text.startswith(_FORMULA)
    return f"'{plain}" if starts_formula else plain


def markdown(text: str) -> str:
    """Return text that Markdown shows as it is, on one line."""
    line = " ".join(text.split())
    return re.sub(r"([\\`*_{}\[\]()<>#+\-.!|~&$@:])", r"\\\1", line)


def fenced(text: str) -> str:
    """Return lines as a block of code in Markdown, whatever they have in them."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


def file_name(text: str) -> str:
    """Return a file name made from a student's name: letters, digits, dots and dashes.

    Different names make different files, also where capitals make no difference.
    """
    folded = unicodedata.normalize("NFC", text)
    plain = re.sub(r"[^\w.-]+", "-", folded).strip("-.")[:60]
    if plain and plain == text.lower() and plain.isascii():
        return plain
    from hashlib import sha256

    return f"{plain or 'student'}-{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:6]}"
