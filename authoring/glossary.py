"""Links the first use of each glossary term in a chapter to the glossary.

The terms are the headings of `chapters/glossary.md`. The chapters need no markup: the first time a
page's prose uses a term, in the singular or with an `s`, the word becomes a link. Code, headings,
tables and links stay as they are.
"""

import re
from pathlib import Path

from markdown.extensions.toc import slugify

GLOSSARY = Path("chapters/glossary.md")

_NOT_PROSE = re.compile(
    r"^```.*?^```$"  # a block of code
    r"|`[^`]+`"  # code in a line
    r"|!?\[[^\]]*\](\([^)]*\)|\{[^}]*\})"  # a link or a picture
    r"|^#.*?$|^\|.*?$"  # a heading, a row of a table
    r"|<summary>.*?</summary>|^\{[^}]*\}$|<[^>]*>",  # what folds, attributes, HTML
    re.MULTILINE | re.DOTALL,
)


class Glossary:
    """The terms that one page has not used yet. Make a new object for each page."""

    def __init__(self, root: Path) -> None:
        file = root / GLOSSARY
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        terms = re.findall(r"^## (.+)$", text, re.MULTILINE)
        self._unused = sorted(terms, key=len, reverse=True)  # "data handler" before "handler"

    def link(self, markdown: str) -> str:
        """Return the Markdown with a link at the first use of each term on this page."""
        parts: list[str] = []
        end = 0
        for other in _NOT_PROSE.finditer(markdown):
            parts += [self._link_prose(markdown[end : other.start()]), other[0]]
            end = other.end()
        return "".join([*parts, self._link_prose(markdown[end:])])

    def _link_prose(self, prose: str) -> str:
        if not self._unused:
            return prose
        words = "|".join(re.escape(term).replace(r"\ ", r"\s") for term in self._unused)
        return re.sub(rf"\b({words})(s?)\b", self._first_use, prose, flags=re.IGNORECASE)

    def _first_use(self, found: re.Match[str]) -> str:
        term = " ".join(found[1].lower().split())
        terms = {unused.lower(): unused for unused in self._unused}
        if term not in terms:
            return found[0]
        self._unused.remove(terms[term])
        return f"[{found[0]}](../glossary.md#{slugify(terms[term], '-')})"
