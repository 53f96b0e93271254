"""Links the first use of each glossary term in a chapter to the glossary.

The terms are the headings of `chapters/glossary.md`. The chapters need no markup: the first time a
page's prose uses a term, in the singular or with an `s`, the word becomes a link. Code, headings,
tables, links, what is folded and the line below the title stay as they are. A word that is part of
a longer term is never taken for the shorter one, whether the longer one is linked or not.
"""

import re
from pathlib import Path

from markdown.extensions.toc import slugify

GLOSSARY = Path("chapters/glossary.md")

_NOT_PROSE = re.compile(
    r"^<!-- about -->.*?<!-- /about -->$"  # minutes, and what a chapter assumes
    r"|^<details class=\"(?:tip|warning)\".*?^</details>$"  # a hint, the solution
    r"|^```.*?^```$"  # a block of code
    r"|`[^`]+`"  # code in a line
    r"|!?\[[^\]]*\](\([^)]*\)|\{[^}]*\})"  # a link or a picture
    r"|^#.*?$|^\|.*?$"  # a heading, a row of a table
    r"|<summary>.*?</summary>|^\{[^}]*\}$|<[^>]*>",  # what folds, attributes, HTML
    re.MULTILINE | re.DOTALL,
)

# Longer words that are not what the glossary's word means.
_OTHERS = ("safety net", "next level")
# What a reader knows after the first two chapters.
_EVERYDAY = {"server", "client", "connection", "bytes"}


class Glossary:
    """The terms that one page has not used yet. Make a new object for each page."""

    def __init__(self, root: Path, is_beginning: bool = True) -> None:
        """Read the glossary. `is_beginning` is for the first chapters: everyday words are new."""
        file = root / GLOSSARY
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        terms = re.findall(r"^## (.+)$", text, re.MULTILINE)
        self._unused = {term.lower(): term for term in terms}
        if not is_beginning:
            self._unused = {low: term for low, term in self._unused.items() if low not in _EVERYDAY}
        longest_first = sorted([*terms, *_OTHERS], key=len, reverse=True)
        words = "|".join(re.escape(term).replace(r"\ ", r"\s") for term in longest_first)
        self._words = re.compile(rf"\b({words})(s?)\b", re.IGNORECASE)

    def link(self, markdown: str) -> str:
        """Return the Markdown with a link at the first use of each term on this page."""
        parts: list[str] = []
        end = 0
        for other in _NOT_PROSE.finditer(markdown):
            parts += [self._link_prose(markdown[end : other.start()]), other[0]]
            end = other.end()
        return "".join([*parts, self._link_prose(markdown[end:])])

    def _link_prose(self, prose: str) -> str:
        return self._words.sub(self._first_use, prose)

    def _first_use(self, found: re.Match[str]) -> str:
        term = self._unused.pop(" ".join(found[1].lower().split()), None)
        if term is None:
            return found[0]
        return f"[{found[0]}](../glossary.md#{slugify(term, '-')})"
