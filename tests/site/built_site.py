"""Where the built site is, which pages it has, and how large the screens are that it is read on."""

from pathlib import Path

SITE = Path(__file__).parents[2] / "site"
PAGES = sorted(f"{file.parent.relative_to(SITE)}/" for file in SITE.rglob("index.html"))
CHAPTERS = [page for page in PAGES if page.startswith("ch")]
BOOK = [
    *(page for page in CHAPTERS if page < "ch07"),
    "from-2015-to-today/",
    *(page for page in CHAPTERS if page >= "ch07"),
    "where-to-go-from-here/",
]
WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}

# Why a test of paper has to leave Firefox out.
PRINT = "Firefox cannot be asked to show a page as it prints it"
