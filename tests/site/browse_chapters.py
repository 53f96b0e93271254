"""What a reader does on the site: turn the pages, search, change the colors, copy, download."""

import json
import re

import pytest
from built_site import BOOK, CHAPTERS, PHONE, PRINT, SITE, WIDE
from playwright.sync_api import Page, expect

KEEP_NOTHING = """
for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, {
    configurable: true,
    get() { throw new DOMException('The operation is insecure.', 'SecurityError'); },
});
"""


def test_next_leads_from_the_first_page_through_the_whole_book_and_previous_back(visit):
    page = visit("")
    for path in BOOK:
        page.locator(".md-footer__link--next").click()
        page.wait_for_url(f"**/workbook/{path}")
    for path in reversed(BOOK[:-1]):
        page.locator(".md-footer__link--prev").click()
        page.wait_for_url(f"**/workbook/{path}")


def test_the_button_of_the_first_page_leads_to_the_first_chapter(visit):
    page = visit("")
    page.get_by_role("link", name="Start with chapter 0").click()
    page.wait_for_url(f"**/workbook/{CHAPTERS[0]}")


def test_the_first_page_has_a_card_for_each_chapter_that_leads_there(visit):
    page = visit("")
    links = page.locator(".cards a").all()
    assert [link.get_attribute("href") for link in links] == CHAPTERS
    links[3].click()
    page.wait_for_url(f"**/workbook/{CHAPTERS[3]}")


def test_the_first_page_counts_its_evidence(visit):
    numbers = visit("").locator(".evidence strong").all_inner_texts()
    assert len(numbers) == 4
    assert numbers[-1] == "100 of 100"


def test_the_arrows_of_the_first_page_arrive_once_in_less_than_five_seconds(
    moving_browser, site_url
):
    # What starts by itself and goes on for five seconds has to have a switch: WCAG 2.2, 2.2.2.
    page = moving_browser.new_page(reduced_motion="no-preference")
    page.goto(site_url)
    ends = page.evaluate(
        "document.querySelector('.plays').getAnimations({subtree: true})"
        ".map(animation => animation.effect.getComputedTiming())"
        ".map(timing => [timing.endTime, timing.iterations])"
    )
    page.close()
    assert len(ends) > 5
    assert max(end for end, _ in ends) < 5000
    assert {times for _, times in ends} == {1}


def test_without_motion_the_picture_of_the_first_page_is_there_at_once(visit):
    page = visit("")
    assert page.evaluate("document.getAnimations().length") == 0
    expect(page.locator(".plays .row").last).to_have_css("opacity", "1")


def test_the_navigation_of_a_phone_opens_lists_the_chapters_in_order_and_leads_there(visit):
    page = visit(CHAPTERS[0], viewport=PHONE)
    expect(page.locator(".md-sidebar--primary")).not_to_be_in_viewport()
    page.locator(".md-header label[for=__drawer]").click()
    expect(page.locator(".md-sidebar--primary")).to_be_in_viewport()
    links = page.locator(".md-nav--primary nav[data-md-level='1'] a.md-nav__link:visible")
    leading = [link for link in links.all() if (link.get_attribute("href") or "")[:2] != "#_"]
    hrefs = [(link.get_attribute("href") or "").removeprefix("../") for link in leading]
    assert [href for href in hrefs if href in CHAPTERS] == CHAPTERS[1:]  # and this page is "./"
    leading[hrefs.index(CHAPTERS[1])].click()
    page.wait_for_url(f"**/workbook/{CHAPTERS[1]}")


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_search_finds_a_term_and_leads_to_it(visit, viewport):
    page = visit("", viewport=viewport)
    page.keyboard.press("/")
    page.get_by_placeholder("Search").press_sequentially("butterfly")
    results = page.locator(".md-search-result__link")
    results.filter(has=page.get_by_role("heading", name="butterfly", exact=True)).click()
    page.wait_for_url("**/workbook/glossary/?h=butterfly#butterfly")
    expect(page.locator("#butterfly")).to_be_in_viewport()


def test_search_finds_the_chapter_before_the_page_that_repeats_it_and_no_hint(visit):
    page = visit("")
    page.keyboard.press("/")
    page.get_by_placeholder("Search").press_sequentially("nickname taken")
    results = page.locator(".md-search-result__item")
    expect(results.first.locator("a").first).to_have_attribute("href", re.compile("ch0"))
    everything = page.locator(".md-search-result__list").inner_text()
    assert "Hint" not in everything
    assert "Open it when yours passes" not in everything


def test_the_search_knows_neither_hints_nor_solutions_nor_answers():
    index = json.loads((SITE / "search" / "search_index.json").read_text())
    words = "\n".join(entry["text"] for entry in index["docs"])
    assert "Hint 1 of" not in words
    assert "The whole solution" not in words
    assert "common mistakes:" not in words


@pytest.mark.chromium(PRINT)
@pytest.mark.parametrize("path", CHAPTERS)
def test_what_a_reader_is_to_predict_is_folded_and_on_paper_open(visit, path):
    page = visit(path)
    answers = page.locator("details.predict > :last-child")
    if not answers.count():
        pytest.skip("this chapter asks for no prediction")
    expect(answers.first).not_to_be_visible()
    page.emulate_media(media="print")
    for answer in answers.all():
        expect(answer).to_be_visible()
    expect(page.locator("details.tip").first).not_to_be_visible()


def test_the_switch_turns_light_to_dark_and_the_next_page_stays_dark(visit):
    page = visit("")
    light = background(page)
    expect(page.locator("html")).to_have_css("color-scheme", "light")  # the page's scrollbar
    page.get_by_title("Switch to dark mode").click()
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    dark = background(page)
    assert light != dark
    expect(page.locator("html")).to_have_css("color-scheme", "dark")
    page.locator(".md-footer__link--next").click()
    page.wait_for_url(f"**/workbook/{CHAPTERS[0]}")
    assert background(page) == dark
    page.get_by_title("Switch to light mode").click()
    assert background(page) == light


def test_a_browser_that_keeps_nothing_searches_and_turns_dark_all_the_same(visit):
    page = visit("")
    page.add_init_script(KEEP_NOTHING)
    page.goto(page.url + CHAPTERS[1])
    page.get_by_title("Switch to dark mode").click()
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    page.keyboard.press("/")
    page.get_by_placeholder("Search").press_sequentially("butterfly")
    expect(page.locator(".md-search-result__link").first).to_be_visible()


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_copy_button_copies_its_block(visit, viewport):
    page = visit(CHAPTERS[0], viewport=viewport)
    block = page.locator("article .highlight").first
    block.get_by_title("Copy to clipboard").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == block.locator("code").inner_text().strip()


@pytest.mark.parametrize("path", CHAPTERS)
def test_a_chapter_gives_its_exercise_its_notebook_and_its_solution(visit, saved, path):
    page = visit(path)
    name = path.rstrip("/")
    exercise = (SITE.parent / "chapters" / name / "exercise.py").read_text()
    about, solution = (page.locator(each).first for each in (".about", "details.warning"))
    press = about.get_by_role("link", name="exercise", exact=True).click
    assert saved(page, press) == (f"{name}.py", exercise)
    called, notebook = saved(page, about.get_by_role("link", name="notebook", exact=True).click)
    assert (called, json.loads(notebook)["nbformat"]) == (f"{name}.ipynb", 4)
    page.evaluate("document.querySelector('details.warning').open = true")
    called, text = saved(page, solution.get_by_role("link", name="Download it", exact=True).click)
    assert (called, "async def serve(" in text) == (f"{name}.py", True)


@pytest.mark.parametrize("path", CHAPTERS)
def test_a_chapters_solution_and_hints_are_folded_until_they_are_asked_for(visit, path):
    page = visit(path)
    expect(page.locator("details[open]")).to_have_count(0)
    solution = page.locator("details.warning").last
    expect(solution.locator("code")).not_to_be_visible()
    solution.get_by_text("The whole solution: open it when yours passes").click()
    expect(solution.locator("code")).to_be_visible()
    expect(solution.locator("code")).to_contain_text("async def serve(")


def background(page: Page) -> str:
    return page.evaluate("getComputedStyle(document.body).backgroundColor")
