"""The order of the site's pages: the book from its first page to its last, then what to look up.

"Next" leads through the book, and its last page says where to go on. A page that nobody has put
anywhere is at the end, so none is lost.
"""

from collections.abc import Sequence
from pathlib import Path

from course import Chapter

FIRST, LAST = "index.md", "where-to-go-from-here.md"
FROM_2015 = "from-2015-to-today.md"
AFTER_CHAPTER = 6  # the page of 2015 comes after this chapter

SECTIONS = {
    "Try it": ("playground.md",),
    "Look it up": (
        "glossary.md",
        "where-each-idea-lives.md",
        "the-workbook-command.md",
        "reference.md",
    ),
    "Evidence": ("what-the-graders-catch.md", "how-fast-is-it.md"),
    "For teachers": (
        "for-teachers.md",
        "from-release-to-gradebook.md",
        "isolation.md",
        "what-a-student-could-do.md",
        "how-long-grading-takes.md",
        "what-is-stored.md",
    ),
}

Nav = list[str | dict[str, list[str]]]


def navigation(documents: Path, chapters: Sequence[Chapter]) -> Nav:
    """Return MkDocs's `nav` for the pages in the folder `documents` and these chapters."""
    there = {file.name for file in documents.glob("*.md")}
    book: list[str] = []
    for chapter in chapters:
        book.append(f"{chapter.name}/index.md")
        if chapter.number == AFTER_CHAPTER and FROM_2015 in there:
            book.append(FROM_2015)
    book += [LAST] if LAST in there else []
    sections = {name: [page for page in pages if page in there] for name, pages in SECTIONS.items()}
    placed = {FIRST, *book, *(page for pages in sections.values() for page in pages)}
    others = sorted(there - placed)
    return [
        FIRST,
        {"The book": book},
        *({name: pages} for name, pages in sections.items() if pages),
        *others,
    ]
