"""Takes out of pages and notebooks what a student edition must not have.

That is what is for teachers, what only the whole edition has, and what leads to a file that was not
released. A link to such a file becomes plain text, and a row of a table with such a link is left
out, because the rest of the row is about that file too.

Two marks are for this. Each is alone on its line, and no renderer shows it:

- The lines between `<!-- whole-edition -->` and `<!-- /whole-edition -->` are left out.
- The lines between `<!-- student-edition` and `-->` are only in a student edition.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Collection

_WHOLE_ONLY = re.compile(
    r"^<!-- whole-edition -->\n.*?^<!-- /whole-edition -->\n", re.DOTALL | re.MULTILINE
)
_STUDENT_ONLY = re.compile(r"^<!-- student-edition\n(.*?)^-->\n", re.DOTALL | re.MULTILINE)
_FOR_TEACHERS = re.compile(r"^## For the teacher$.*?(?=^## |\Z)", re.DOTALL | re.MULTILINE)
_SOLUTION = re.compile(r" · \[solution\]\(([^)]*)\)")
_LINK = re.compile(r"(?<!!)\[(?P<text>[^\]\[]+)\]\((?P<target>[^)\s]+)\)")
_FENCE = re.compile(r"\s*(```+|~~~+)")


def student_page(text: str, at: str, released: Collection[str]) -> str:
    """Return a page of the student edition.

    `at` is the page's path from the root of the edition, such as "chapters/index.md". `released`
    has the paths of all files of the edition.
    """
    text = _STUDENT_ONLY.sub(r"\1", _WHOLE_ONLY.sub("", text))
    text = _FOR_TEACHERS.sub("", text)
    text = _SOLUTION.sub(lambda link: link[0] if _leads(at, link[1], released) else "", text)
    return _without_dead_links(text, at, released).rstrip("\n") + "\n"


def student_notebook(text: str, at: str, released: Collection[str]) -> str:
    """Return the text of a notebook of the student edition. Its cells of code stay as they are."""
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            source = student_page("".join(cell["source"]), at, released).rstrip("\n")
            cell["source"] = source.splitlines(keepends=True)
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def _without_dead_links(text: str, at: str, released: Collection[str]) -> str:
    parts: list[list[str]] = [[]]  # prose and code by turns
    fence = ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
            parts.append([])
        parts[-1].append(line)
        if mark and fence and line.strip() == fence and len(parts[-1]) > 1:
            fence = ""
            parts.append([])
    for prose in parts[::2]:
        prose[:] = _prose_without_dead_links(prose, at, released)
    return "\n".join(line for part in parts for line in part)


def _prose_without_dead_links(lines: list[str], at: str, released: Collection[str]) -> list[str]:
    """Return the lines. A link may begin on one and end on the next, but for rows of a table."""

    def is_dead(link: re.Match[str]) -> bool:
        return _is_relative(link) and not _leads(at, link["target"], released)

    def is_kept(line: str) -> bool:
        return not (line.startswith("|") and any(map(is_dead, _LINK.finditer(line))))

    kept = [*filter(is_kept, lines)]
    text = _LINK.sub(lambda link: link["text"] if is_dead(link) else link[0], "\n".join(kept))
    return text.split("\n") if kept else []


def _is_relative(link: re.Match[str]) -> bool:
    """Return whether a link leads to another file: not to the web, nor to a place on its page."""
    return not re.match(r"[a-z]+:|#", link["target"])


def _leads(at: str, target: str, released: Collection[str]) -> bool:
    path = target.partition("#")[0]
    return posixpath.normpath(posixpath.join(posixpath.dirname(at), path)) in released
