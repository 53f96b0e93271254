"""The book as an archive: unpacked anywhere, and served by Python alone, it can be read and run."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from built_site import SITE
from playwright.sync_api import Browser, expect

sys.path[:0] = [str(SITE.parent)]

from authoring.book import FOLDER, pack_book  # noqa: E402

PATIENCE = 90_000  # ms: Python is loaded
SERVER = (sys.executable, "-u", "-m", "http.server", "--bind", "127.0.0.1", "0")


@pytest.fixture
def address(tmp_path: Path):
    """The book's address: it is in a folder of what Python's own server serves."""
    archive = tmp_path / "book.zip"
    pack_book(SITE, archive)
    with ZipFile(archive) as packed:
        packed.extractall(tmp_path)
    with subprocess.Popen(
        SERVER, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        said = server.stdout.readline()  # "Serving HTTP on 127.0.0.1 port 40123 (http://...) ..."
        yield f"http://127.0.0.1:{said.split(' port ')[1].split()[0]}/{FOLDER}/"
        server.terminate()


def test_a_block_runs_in_the_unpacked_book(browser: Browser, address: str):
    page = browser.new_page()
    missing: list[str] = []
    page.on("response", lambda got: missing.extend([got.url] * (got.status >= 400)))
    page.goto(address)
    page.get_by_role("link", name="Start with chapter 0").click()
    page.get_by_role("button", name="Edit block 1", exact=True).click()
    page.locator(".cm-content").first.fill("print(6 * 7)")
    page.get_by_role("button", name="Run block 1", exact=True).click()
    expect(page.locator(".pg-live").first).to_have_text("42", timeout=PATIENCE)
    assert missing == []
    page.close()
