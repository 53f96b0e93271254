"""The built site in a real browser: `make test-site`.

The site is served on loopback from a path of its own, as a static host does it. The browser is the
one that is installed here, never a download; without one the tests fail. They are in files named
`browse_*.py`, which only `make test-site` collects, so that nobody else needs a browser; for the
same reason nothing of the extra `browser` is imported before it is used.
"""

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from built_site import SITE, WIDE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Response

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class SiteHandler(SimpleHTTPRequestHandler):
    """Serves the site under /workbook/ and nothing else; says nothing."""

    def translate_path(self, path: str) -> str:
        if not path.startswith("/workbook/"):
            return str(SITE / "there is nothing outside of the site")
        return super().translate_path(path.removeprefix("/workbook"))

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer as a static host does: with the page 404.html, in whatever folder."""
        body = (SITE / "404.html").read_bytes()
        self.send_response(code, message)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def site_url() -> Iterator[str]:
    handler = partial(SiteHandler, directory=str(SITE))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/workbook/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    from playwright.sync_api import sync_playwright

    found = [path for path in map(shutil.which, BROWSERS) if path]
    if not found:
        pytest.fail("There is no browser here. On Debian and Ubuntu: sudo apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found[0])
        yield browser
        browser.close()


@pytest.fixture
def responses() -> "list[Response]":
    """All that came back from the server for what `visit` opened, in order."""
    return []


@pytest.fixture
def visit(
    browser: "Browser", site_url: str, responses: "list[Response]"
) -> "Iterator[Callable[..., Page]]":
    """Opens a page of the site in a fresh browser profile; what it complains of fails the test.

    Complaints are errors on the console, exceptions, answers such as 404, and requests elsewhere.
    """
    contexts = []
    complaints = []

    def note(response: "Response") -> None:
        responses.append(response)
        if response.status >= 400:
            complaints.append(f"{response.status} {response.url}")

    def visit(
        path: str,
        *,
        scheme: str = "light",
        viewport: dict[str, int] = WIDE,
        service_workers: str = "block",
    ) -> "Page":
        context = browser.new_context(
            color_scheme=scheme,
            viewport=viewport,
            reduced_motion="reduce",
            service_workers=service_workers,
        )
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.extend([said.text] * (said.type == "error")))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.extend(_elsewhere(request.url, site_url)))
        page.on("response", note)
        page.goto(site_url + path)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert complaints == []


def _elsewhere(url: str, site_url: str) -> list[str]:
    return [] if url.startswith((site_url, "data:", "blob:")) else [f"asks elsewhere: {url}"]
