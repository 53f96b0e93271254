"""Every page of the site: it loads cleanly, it is accessible, it is light, and it fits a phone."""

import gzip
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from built_site import CHAPTERS, PAGES, PHONE, PRINT, SITE, WIDE
from playwright.sync_api import Page

AXE = Axe()
AXE_SAYS_THE_SAME = "axe-core reads what the page declares, and takes seconds for it"
WCAG = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
COLORS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
OPEN_ALL = "document.querySelectorAll('details').forEach(details => details.open = true)"

# A page has a thousand colored words of code, and axe-core takes seconds to look at each of them.
# One of each color, size and background says the same.
ONE_WORD_OF_EACH_COLOR = """
() => {
    const seen = new Set();
    for (const word of document.querySelectorAll('pre code span')) {
        if (word.children.length > 0) continue;
        const [style, around] = [getComputedStyle(word), getComputedStyle(word.closest('code'))];
        const look = [style.color, style.fontSize, style.fontWeight, style.backgroundColor,
            around.backgroundColor, word.closest('details')?.className].join();
        if (seen.has(look)) word.remove();
        seen.add(look);
    }
}
"""

# Elements that stick out of the screen although nothing around them scrolls.
STICKING_OUT = """
() => [...document.querySelectorAll('.md-content *, .md-footer *')].filter(element => {
    const box = element.getBoundingClientRect();
    if (box.width === 0 || box.right <= innerWidth + 1) return false;
    for (let around = element; around !== document.body; around = around.parentElement) {
        if (['auto', 'scroll', 'hidden'].includes(getComputedStyle(around).overflowX)) return false;
    }
    return true;
}).map(element => element.outerHTML.slice(0, 120))
"""

# How far the page scrolls sideways. A browser's scrollbar may take some of the width.
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

# Blocks of code with a line that is wider than they are.
CUT = """
() => [...document.querySelectorAll('.highlight pre > code, .output pre')]
    .filter(code => code.scrollWidth > code.clientWidth + 1)
    .map(code => code.textContent.split('\\n').sort((a, b) => b.length - a.length)[0])
"""

HEIGHTS = "[...document.querySelectorAll('.picture svg')].map(svg => svg.clientHeight)"

PAPER = {"width": 700, "height": 1000}

LOST_ON_PAPER = """
() => [...document.querySelectorAll('article table, article .output pre, article .plot svg')]
    .filter(element => element.checkVisibility())
    .filter(element => element.getBoundingClientRect().right > innerWidth + 1)
    .map(element => element.outerHTML.slice(0, 160))
"""

# What is to be read or pressed and cannot be, because something else lies on top of its middle.
COVERED = """
() => [...document.querySelectorAll(
    '.md-content :is(a, button, summary, h1, h2, h3), .md-footer a, .md-header :is(label, button)'
)].filter(element => {
    if (!element.checkVisibility({visibilityProperty: true, opacityProperty: true})) return false;
    element.scrollIntoView({block: 'center', inline: 'nearest', behavior: 'instant'});
    const box = element.getClientRects()[0];
    if (!box || box.width < 2 || box.bottom < 0 || box.right < 0) return false;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const top = document.elementFromPoint(x, y);
    return !top || !(element.contains(top) || top.contains(element));
}).map(element => element.outerHTML.slice(0, 120))
"""


@pytest.mark.chromium(AXE_SAYS_THE_SAME)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible(visit, path):
    page = visit(path)
    page.evaluate(OPEN_ALL)
    page.evaluate(ONE_WORD_OF_EACH_COLOR)
    assert violations(page, WCAG) == []


@pytest.mark.chromium(AXE_SAYS_THE_SAME)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_in_its_dark_colors(visit, path):
    page = visit(path, scheme="dark")
    page.evaluate(OPEN_ALL)
    page.evaluate(ONE_WORD_OF_EACH_COLOR)
    assert violations(page, COLORS) == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_a_phone(visit, path):
    page = visit(path, viewport=PHONE)
    page.evaluate(OPEN_ALL)
    assert page.evaluate(TOO_WIDE) == 0
    assert page.evaluate(STICKING_OUT) == []
    assert page.evaluate(COVERED) == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole_on_a_desktop_and_in_large_letters(visit, path):
    page = visit(path, viewport=WIDE)
    page.evaluate(OPEN_ALL)
    assert page.evaluate(CUT) == []
    pictures = page.evaluate(HEIGHTS)
    page.evaluate("document.documentElement.style.fontSize = '250%'")
    assert page.evaluate(TOO_WIDE) == 0
    grown = [after / before for after, before in zip(page.evaluate(HEIGHTS), pictures, strict=True)]
    assert [round(times) for times in grown] == [2] * len(pictures)  # from 125% to 250%


@pytest.mark.chromium(PRINT)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole_on_paper(visit, path):
    page = visit(path, viewport=PAPER)
    page.evaluate(OPEN_ALL)
    page.emulate_media(media="print")
    assert page.evaluate(LOST_ON_PAPER) == []


def test_each_page_has_a_description_of_its_own():
    found = [
        re.search(r'<meta name="?description"? content="([^"]*)"', file.read_text())
        for file in (SITE / path / "index.html" for path in PAGES)
    ]
    descriptions = [one[1] for one in found if one]
    assert min(map(len, descriptions)) > 40
    assert len(set(descriptions)) == len(PAGES)


@pytest.mark.chromium("the weight is the same everywhere")
@pytest.mark.parametrize("path", CHAPTERS)
def test_a_chapter_weighs_less_than_400_kb_with_all_that_it_loads_for_reading_and_searching(
    visit, responses, path
):
    page = visit(path)
    page.get_by_placeholder("Search").click()
    page.wait_for_load_state("networkidle")
    weights = {answer.url: len(gzip.compress(answer.body())) for answer in responses}
    assert sum(weights.values()) < 400_000, weights


def violations(page: Page, rules: dict[str, str | list[str]]) -> list[str]:
    """What axe-core finds: the rule, and the elements with what is wrong with them."""
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    return [
        f"{rule['id']}: {node['html'][:160]} {node['failureSummary']}"
        for rule in AXE.run(page, options=options).response["violations"]
        for node in rule["nodes"]
    ]
