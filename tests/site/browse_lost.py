"""An address that leads nowhere: the page that is shown there leads back, from any folder."""

import pytest
from built_site import SITE, WIDE
from playwright.sync_api import expect


@pytest.mark.parametrize("path", ["nothing", "ch04_announce/nothing/", "ch04_announce/a/b/c.html"])
def test_what_is_not_there_leads_to_the_first_page(browser, site_url, path):
    page = browser.new_page(viewport=WIDE)
    page.goto(site_url + path)
    expect(page.get_by_role("heading", name="This page hung up.")).to_be_visible()
    link = page.get_by_role("link", name="Go to the first page")
    expect(link).to_have_attribute("href", site_url)
    link.click()
    page.wait_for_url(site_url)
    page.close()


def test_the_page_for_what_is_not_there_needs_no_other_file():
    text = (SITE / "404.html").read_text()
    assert "<link" not in text
    assert "src=" not in text
