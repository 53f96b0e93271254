"""The built site in a real browser: `make test-site` in Chromium, `make test-firefox` in Firefox.

The site is served on loopback from a path of its own, as a static host does it. The browser is the
one that is installed here, never a download; without one the tests fail. They are in files named
`browse_*.py`, which only those two targets collect, so that nobody else needs a browser; for the
same reason nothing of the extra `browser` is imported before it is used.
"""

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from built_site import SITE, WIDE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright, Response

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FIREFOX = ("firefox-esr", "firefox")

# Playwright drives an unchanged Firefox by WebDriver BiDi, and can choose these only for all pages.
NO_MOTION = {"ui.prefersReducedMotion": 1}
# A machine that only tests has no mouse, and Firefox would tell the page so.
A_MOUSE = {"ui.primaryPointerCapabilities": 6, "ui.allPointerCapabilities": 6}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--firefox", action="store_true", help="test the site in Firefox")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "chromium(reason): a test that only Chromium runs, and why")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("firefox"):
        others = [item for item in items if item.get_closest_marker("chromium")]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item not in others]


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
def is_firefox(pytestconfig: pytest.Config) -> bool:
    return pytestconfig.getoption("firefox")


@pytest.fixture(scope="session")
def playwright() -> "Iterator[Playwright]":
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="session")
def browser(playwright: "Playwright", is_firefox: bool, downloads: Path) -> "Iterator[Browser]":
    settings = NO_MOTION | A_MOUSE
    launch = partial(_firefox, settings=settings) if is_firefox else _chromium
    browser = launch(playwright, downloads)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def moving_browser(
    playwright: "Playwright", is_firefox: bool, downloads: Path, browser: "Browser"
) -> "Iterator[Browser]":
    """A browser in which a page can move; it has to be asked for `no-preference` all the same."""
    if not is_firefox:
        yield browser
        return
    moving = _firefox(playwright, downloads, settings=A_MOUSE)
    yield moving
    moving.close()


def _chromium(playwright: "Playwright", downloads: Path) -> "Browser":
    path = _installed(CHROMIUM, "chromium")
    return playwright.chromium.launch(executable_path=path, downloads_path=downloads)


def _firefox(playwright: "Playwright", downloads: Path, settings: dict[str, int]) -> "Browser":
    return playwright.firefox.launch(
        channel="moz-firefox",
        executable_path=_installed(FIREFOX, "firefox-esr"),
        downloads_path=downloads,
        firefox_user_prefs=settings,
    )


def _installed(names: tuple[str, ...], package: str) -> str:
    found = [path for path in map(shutil.which, names) if path]
    if not found:
        pytest.fail(f"There is no {names[-1]} here. On Debian: sudo apt install {package}")
    return found[0]


@pytest.fixture
def responses() -> "list[Response]":
    """All that came back from the server for what `visit` opened, in order."""
    return []


@pytest.fixture
def visit(
    browser: "Browser", is_firefox: bool, site_url: str, responses: "list[Response]"
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
        asked_for = {} if is_firefox else {"color_scheme": scheme, "reduced_motion": "reduce"}
        context = browser.new_context(
            viewport=viewport, service_workers=service_workers, **asked_for
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
        if is_firefox and scheme == "dark":
            page.get_by_title("Switch to dark mode").click()
        return page

    yield visit
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def saved(is_firefox: bool, downloads: Path) -> "Callable[..., tuple[str, str]]":
    """Returns the name and the text of the file that `press` makes the page save."""

    def saved(page: "Page", press: Callable[[], None]) -> tuple[str, str]:
        if is_firefox:
            return _new_file(page, downloads, press)
        with page.expect_download() as started:
            press()
        return started.value.suggested_filename, Path(started.value.path()).read_text()

    return saved


# Playwright 1.64 overlooks what Firefox saves of a page's own data.
def _new_file(page: "Page", folder: Path, press: Callable[[], None]) -> tuple[str, str]:
    for file in folder.iterdir():
        file.unlink()
    press()
    for _ in range(600):
        for file in folder.iterdir():
            if file.suffix != ".part" and file.stat().st_size:
                return file.name, file.read_text()
        page.wait_for_timeout(25)
    pytest.fail("Firefox saves nothing.")


def _elsewhere(url: str, site_url: str) -> list[str]:
    return [] if url.startswith((site_url, "data:", "blob:")) else [f"asks elsewhere: {url}"]
