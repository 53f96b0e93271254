"""Finds out what makes each picture of a chapter's page again, so that a reader can go on from it.

The page's blocks run here as the playground runs them, when the site is built.
"""

from __future__ import annotations

import warnings
from contextlib import chdir

from authoring.page_parts import PICTURES
from authoring.pages import cut_into_cells, for_notebook, read_page
from course import Chapter, SourceError
from playground.cells import Cells


def plays_of(chapter: Chapter) -> dict[str, str]:
    """Return the fragment that opens the conversation of each picture, by the picture's file.

    It is "" for a picture of anything else. Raises `SourceError` if a picture is not the one that
    the page has.
    """
    pictures = sorted(chapter.page.parent.glob(PICTURES))
    found: dict[str, str] = {}
    cells = Cells()
    with chdir(chapter.root), warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # the rooms that a page opens and drops
        for number, source in enumerate(_blocks(chapter), start=1):
            if len(found) == len(pictures):
                break
            for output in cells.run(source, f"block {number}"):
                if output["type"] == "picture":
                    name = PICTURES.replace("*", str(len(found) + 1))
                    _compare(chapter, name, output["svg"])
                    found[name] = output["play"]
        cells.close()
    return found


def _blocks(chapter: Chapter) -> list[str]:
    """Return the source of each block of the page that is run."""
    cells = cut_into_cells(for_notebook(read_page(chapter.page)))
    return [cell.source for cell in cells if cell.cell_type == "code"]


def _compare(chapter: Chapter, name: str, svg: str) -> None:
    file = chapter.page.with_name(name)
    if not file.is_file() or file.read_text(encoding="utf-8").strip() != svg.strip():
        raise SourceError(file, 1, "the page's blocks draw another picture: run `make chapters`")
