"""The book as a code host shows it: every page is complete, and nothing of our markup is seen."""

import re
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from markdown.extensions.toc import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token

CHAPTERS = Path(__file__).parents[2] / "chapters"
PAGES = sorted(CHAPTERS.rglob("*.md"))
OF_CHAPTERS = sorted(CHAPTERS.glob("ch*/index.md"))
# Tables are the one thing of GitHub's Markdown beyond CommonMark that the book uses.
GITHUB = MarkdownIt("commonmark").enable("table")
OURS = re.compile(r"--8<--|\{ ?[:.#]|^:::|^!!!|^\?\?\?|^===|<!--|-->", re.MULTILINE)


def page_id(page: Path) -> str:
    return str(page.relative_to(CHAPTERS))


every_page = pytest.mark.parametrize("page", PAGES, ids=page_id)
every_chapter = pytest.mark.parametrize("page", OF_CHAPTERS, ids=page_id)


@every_page
def test_nothing_of_our_markup_is_seen(page):
    shown = [token.content for token in inline(page) if token.type in ("text", "html_inline")]
    assert [text for text in shown if OURS.search(text)] == []
    blocks = [token.content for token in tokens(page) if token.type in ("fence", "code_block")]
    assert [text for text in blocks if "--8<--" in text or "<!--" in text] == []


@every_page
def test_every_block_is_closed_and_none_is_code_by_its_indentation_alone(page):
    text = page.read_text(encoding="utf-8")
    lines = text.splitlines()
    for token in tokens(page):
        assert token.type != "code_block", token.content
        if token.type == "fence":
            assert lines[token.map[1] - 1].strip() == token.markup, token.content


@every_page
def test_code_and_commands_fit_in_80_columns(page):
    blocks = [
        token
        for token in tokens(page)
        if token.type == "fence" and token.info.split()[:1] not in ([], ["text"])
    ]
    lines = [line for token in blocks for line in token.content.splitlines()]
    assert [line for line in lines if len(line) > 80] == []


@every_page
def test_every_picture_is_there(page):
    sources = [token.attrs["src"] for token in inline(page) if token.type == "image"]
    assert [source for source in sources if not (page.parent / source).is_file()] == []
    in_html = [token.content for token in tokens(page) if token.type == "html_block"]
    assert "<svg" not in "".join(in_html)


@every_page
def test_a_link_to_a_heading_works_on_the_site_and_on_a_code_host(page):
    headings = [
        plain(heading)
        for opened, heading in pairwise(tokens(page))
        if opened.type == "heading_open"
    ]
    assert [slugify(heading, "-") for heading in headings] == [*map(githubs_slug, headings)]
    assert len(set(headings)) == len(headings), "the two number a heading's repetition differently"


@every_chapter
def test_under_every_block_that_is_run_is_what_the_notebook_printed(page):
    notebook = nbformat.read(CHAPTERS.parent / "notebooks" / f"{page.parent.name}.ipynb", 4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"][:-2]
    shown = outputs_by_block(page)
    assert [code for code, _ in shown] == [cell.source for cell in cells]
    assert [output for _, output in shown] == [
        [printed(output) for output in cell.outputs] for cell in cells
    ]


def tokens(page: Path) -> list[Token]:
    return GITHUB.parse(page.read_text(encoding="utf-8"))


def inline(page: Path) -> list[Token]:
    return [part for token in tokens(page) for part in token.children or ()]


def plain(heading: Token) -> str:
    return "".join(part.content for part in heading.children or ())


def githubs_slug(heading: str) -> str:
    """Lower case, without what is no word character, space or hyphen; each space is a hyphen."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def outputs_by_block(page: Path) -> list[tuple[str, list[str]]]:
    """Each block that is run, and what is between the comments below it."""
    blocks: list[tuple[str, list[str]]] = []
    inside = False
    for token in tokens(page):
        if token.type == "html_block":
            inside = token.content.strip() == "<!-- output -->"
        elif token.type == "fence" and token.info == "python":
            blocks.append((token.content.rstrip("\n"), []))
        elif inside and token.type == "fence":
            blocks[-1][1].append(token.content.rstrip("\n"))
        elif inside and token.type == "inline":
            assert token.children is not None
            (image,) = token.children
            words = "".join(part.content or "\n" for part in image.children or ())
            blocks[-1][1].append(words)
    return blocks


def printed(output: nbformat.NotebookNode) -> str:
    if output.output_type == "stream":
        return output.text.rstrip("\n")
    if output.output_type == "error":
        return "\n".join(output.traceback)
    return output.data["text/plain"]
