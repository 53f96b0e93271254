"""Writes the evidence into the README: the numbers of the site's first page, as a list."""

import re
from pathlib import Path

from authoring.chapters import find_chapters
from authoring.front_page import evidence

README = Path("README.md")
_EVIDENCE = re.compile(
    r"(?<=^<!-- evidence -->\n).*?(?=^<!-- /evidence -->$)", re.DOTALL | re.MULTILINE
)


def make_readme(root: Path) -> str:
    """Return the README's text with the numbers as they are now."""
    items = [
        f"- **{each.number}** {each.words}"
        + (f" [{each.link}](chapters/{each.page})" if each.page else "")
        for each in evidence(root, find_chapters(root))
    ]
    text = (root / README).read_text(encoding="utf-8")
    return _EVIDENCE.sub(lambda _: "".join(f"{item}\n" for item in items), text)
