"""What a reader does on the site: turn the pages, search, change the colors, copy, download."""

import json
from pathlib import Path

import pytest
from built_site import CHAPTERS, PHONE, SITE, WIDE
from playwright.sync_api import Page, expect


def test_next_leads_from_the_first_page_through_every_chapter_in_order_and_previous_back(visit):
    page = visit("")
    for path in CHAPTERS:
        page.locator(".md-footer__link--next").click()
        page.wait_for_url(f"**/workbook/{path}")
    for path in reversed(CHAPTERS[:-1]):
        page.locator(".md-footer__link--prev").click()
        page.wait_for_url(f"**/workbook/{path}")


def test_the_navigation_of_a_phone_opens_lists_the_chapters_in_order_and_leads_there(visit):
    page = visit("", viewport=PHONE)
    expect(page.locator(".md-sidebar--primary")).not_to_be_in_viewport()
    page.locator(".md-header label[for=__drawer]").click()
    expect(page.locator(".md-sidebar--primary")).to_be_in_viewport()
    links = page.locator(".md-nav--primary > .md-nav__list > .md-nav__item > a.md-nav__link")
    hrefs = [link.get_attribute("href") for link in links.all()]
    assert [href for href in hrefs if href in CHAPTERS] == CHAPTERS
    links.nth(hrefs.index(CHAPTERS[1])).click()
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


def test_the_switch_turns_light_to_dark_and_the_next_page_stays_dark(visit):
    page = visit("")
    light = background(page)
    page.get_by_title("Switch to dark mode").click()
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    dark = background(page)
    assert light != dark
    page.locator(".md-footer__link--next").click()
    page.wait_for_url(f"**/workbook/{CHAPTERS[0]}")
    assert background(page) == dark
    page.get_by_title("Switch to light mode").click()
    assert background(page) == light


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_copy_button_copies_its_block(visit, viewport):
    page = visit(CHAPTERS[0], viewport=viewport)
    block = page.locator("article .highlight").first
    block.get_by_title("Copy to clipboard").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == block.locator("code").inner_text().strip()


@pytest.mark.parametrize("path", CHAPTERS)
def test_a_chapter_gives_its_exercise_its_notebook_and_its_solution(visit, path):
    page = visit(path)
    name = path.rstrip("/")
    exercise = (SITE.parent / "chapters" / name / "exercise.py").read_text()
    assert download(page, "exercise") == (exercise, f"{name}.py")
    notebook, called = download(page, "notebook")
    assert (called, json.loads(notebook)["nbformat"]) == (f"{name}.ipynb", 4)
    solution, called = download(page, "solution")
    assert (called, "async def serve(" in solution) == (f"{name}.py", True)


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


def download(page: Page, link: str) -> tuple[str, str]:
    """What a link in the line under the title downloads, and the name it is saved under."""
    with page.expect_download() as started:
        page.locator(".about").first.get_by_role("link", name=link, exact=True).click()
    return Path(started.value.path()).read_text(), started.value.suggested_filename
