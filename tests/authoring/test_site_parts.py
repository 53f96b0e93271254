"""What the site's pages are made of: the order, the first page, new lines, plots, tables."""

import re
from pathlib import Path

import markdown
import pytest

from authoring.description import LONGEST, description
from authoring.front_page import TIMES, evidence, make_front_page
from authoring.growth import mark_new_lines, new_lines
from authoring.pages import for_notebook
from authoring.plots import with_plots
from authoring.site_nav import FIRST, LAST, navigation
from authoring.site_page import make_site_page
from authoring.timetable import PAGE, make_page
from course import Chapter, all_chapters

ROOT = Path(__file__).parents[2]
CHAPTERS = all_chapters(ROOT)


@pytest.fixture
def second(chapter: Chapter) -> Chapter:
    """A second chapter, whose solution has the first one's and one line more."""
    second = Chapter(chapter.root, "ch02_louder")
    code = chapter.solution.read_text()
    grown = code.replace(
        "await asyncio.sleep(0)", "await asyncio.sleep(0)\n    name = name.upper()"
    )
    second.solution.write_text(grown)
    second.page.parent.mkdir()
    return second


def test_next_leads_through_the_book_before_it_leads_to_what_is_looked_up():
    first, book, *_ = navigation(ROOT / "chapters", CHAPTERS)
    assert first == FIRST
    pages = book["The book"]
    assert pages[-1] == LAST
    assert pages.index("from-2015-to-today.md") == pages.index("ch06_relay/index.md") + 1


def test_no_page_is_lost_from_the_navigation(tmp_path):
    (tmp_path / "nobody-knows-me.md").write_text("# New")
    assert "nobody-knows-me.md" in navigation(tmp_path, [])


def test_each_page_of_the_site_is_in_a_section():
    assert [each for each in navigation(ROOT / "chapters", CHAPTERS) if isinstance(each, str)] == [
        FIRST
    ]


def test_a_line_that_the_chapter_before_did_not_have_is_new(second):
    code = (
        second.solution.read_text().split("[start:greet]\n")[1].split("    # --8<-- [end:task")[0]
    )
    lines = [line for line in code.splitlines() if "--8<--" not in line]
    assert [lines[number - 1].strip() for number in new_lines("\n".join(lines), second)] == [
        "name = name.upper()"
    ]


def test_new_lines_are_marked_in_a_block_that_quotes_the_chapters_solution(second):
    block = "async def greet(name):\n    await asyncio.sleep(0)\n    name = name.upper()"
    page = f"<!-- quotes solutions/ch02_louder.py:greet -->\n```py\n{block}\n```\n"
    marked = mark_new_lines(page, second)
    assert '```py hl_lines="3"\n' in marked
    assert "Marked lines are new since chapter 1." in marked


def test_code_that_is_all_new_has_no_marks_and_neither_has_the_first_chapter(chapter, second):
    assert new_lines("a = 1\nb = 2\n", second) == []
    assert new_lines(chapter.solution.read_text(), chapter) == []


def test_code_that_is_wrong_on_purpose_says_so_on_the_site_and_not_in_the_notebook(chapter):
    page = chapter.page.read_text().replace("```py\ntable", "<!-- wrong -->\n```py\ntable")
    chapter.page.write_text(page)
    site = make_site_page(chapter)
    assert "Wrong on purpose\n{ .wrong }\n\n```py\ntable" in site
    assert "Fails on purpose\n{ .wrong }" in site
    assert "wrong" not in for_notebook(page)


@pytest.mark.parametrize("question", ["**Predict:** what?", "It adds.\n**Predict:** what?"])
def test_what_is_to_be_predicted_is_folded(chapter, question):
    page = chapter.page.read_text()
    output = "\n\n<!-- output -->\n```text\n3\n```\n<!-- /output -->\n"
    asked = page.replace("[more](../index.md).\n", "[more](../index.md).\n\n**Predict:** what?\n")
    asked = asked.replace('print("<b>", await greet("Ann"))\n```\n', "1 + 2\n```" + output)
    chapter.page.write_text(asked.replace("This one fails", "**Predict:** what?"))
    assert '<div class="output">' in make_site_page(chapter)
    chapter.page.write_text(asked.replace("```python\n1 + 2", f"{question}\n\n```python\n1 + 2"))
    site = make_site_page(chapter)
    assert '<details class="output predict" data-search-exclude><summary>What it prints' in site


def test_nothing_that_is_folded_is_found_by_the_search(chapter):
    site = make_site_page(chapter)
    folded = re.findall(r"<details[^>]*>", site)
    assert len(folded) > 3
    assert [tag for tag in folded if "data-search-exclude" not in tag] == []


def test_hints_have_names_that_differ(chapter):
    names = re.findall(r"<summary>(.*?)</summary>", make_site_page(chapter))
    assert len(set(names)) == len(names)


def test_folds_of_a_page_have_names_that_differ():
    for chapter in CHAPTERS:
        names = re.findall(r"<summary>(.*?)</summary>", chapter.page.read_text())
        assert len(set(names)) == len(names), chapter.name


def test_no_page_of_the_site_speaks_of_itself_as_another_one():
    for chapter in CHAPTERS:
        site = re.sub(r"<!--.*?-->", "", make_site_page(chapter), flags=re.DOTALL)
        assert "page of this chapter" not in site


def test_the_first_page_counts_what_its_sources_have():
    numbers = {each.page: each.number for each in evidence(ROOT, CHAPTERS)}
    caught = (ROOT / "chapters" / "what-the-graders-catch.md").read_text()
    assert f"{numbers['what-the-graders-catch.md']} wrong solutions" in caught
    assert numbers["how-fast-is-it.md"].endswith("%")
    assert numbers[""] == f"{TIMES} of {TIMES}"


def test_links_to_the_evidence_have_names_that_differ():
    links = [each.link for each in evidence(ROOT, CHAPTERS) if each.page]
    assert all(links)
    assert len(set(links)) == len(links)


def test_the_first_page_leaves_out_what_has_no_source_or_page(chapter):
    assert list(evidence(chapter.root, [chapter])) == []
    (chapter.root / PAGE).write_text("# Teaching")
    assert [each.page for each in evidence(chapter.root, [chapter])] == ["for-teachers.md"]


def test_the_first_page_has_the_picture_and_a_card_for_each_chapter():
    page = make_front_page((ROOT / "chapters" / "index.md").read_text(), ROOT, CHAPTERS)
    assert '<svg xmlns="http://www.w3.org/2000/svg" id="room-' in page
    assert "{ .md-button .md-button--primary }" in page
    assert page.count("<small>Chapter") == len(CHAPTERS)


def test_the_timetable_is_what_the_chapters_say():
    assert (ROOT / PAGE).read_text() == make_page(ROOT)


def test_a_description_is_the_first_sentences_of_the_first_paragraph():
    page = (
        "# Title\n\n<!-- about -->\n45 minutes\n<!-- /about -->\n\nA [short](a.md) one. B.\n\nMore."
    )
    assert description(page) == "A short one. B."
    assert len(description("Word " * 30 + "end. " + "Word " * 30 + "end.")) < LONGEST
    assert description("# Only a title") == ""


def test_a_plot_has_the_colors_of_the_page_and_ids_of_its_own(tmp_path):
    (tmp_path / "one.svg").write_text(
        '<?xml version="1.0"?>\n<svg width="9pt" height="9pt" viewBox="0 0 9 9">'
        '<defs><path id="m1" d="M0 0"/></defs><use href="#m1" style="fill: #000000"/>'
        '<path style="fill: #ffffff" clip-path="url(#m1)"/></svg>'
    )
    page = with_plots("![Two\nlines](one.svg)\n", tmp_path)
    assert 'aria-label="Two lines"' in page
    assert "fill: currentColor" in page
    assert "#ffffff" not in page
    assert re.findall(r'id="([^"]*)"|#([\w-]+)', page) == [
        ("one-m1", ""),
        ("", "one-m1"),
        ("", "one-m1"),
    ]


def test_a_plot_for_a_phone_is_put_beside_the_wide_one(tmp_path):
    for name in ("one", "one-narrow", "two"):
        (tmp_path / f"{name}.svg").write_text(f'<svg viewBox="0 0 9 9"><text>{name}</text></svg>')
    page = with_plots("![One](one.svg)\n\n![Two](two.svg)\n", tmp_path)
    boxes = re.findall(r'<div class="([^"]*)".*?<text>([^<]*)<', page)
    assert boxes == [("plot wide", "one"), ("plot narrow", "one-narrow"), ("plot", "two")]


def test_no_color_of_the_real_plots_is_left_for_a_white_page():
    for name in ("room", "tls", "idle", "schedule"):
        page = with_plots(f"![Words](how-fast-is-it/{name}.svg)", ROOT / "chapters")
        assert re.findall(r"#[0-9a-f]{6}\b", page) == []


def test_a_table_has_headers_for_its_rows_and_scrolls_under_a_name():
    table = "## Speeds\n\n| | fast |\n|---|---:|\n| C | 1 |\n"
    page = markdown.markdown(table, extensions=["tables", "authoring.accessible"])
    assert '<div aria-label="Table: Speeds" class="table" role="region" tabindex="0">' in page
    assert '<th scope="row">C</th>' in page
    assert '<th scope="col" style="text-align: right;">fast</th>' in page
    assert "<th></th>" not in page
