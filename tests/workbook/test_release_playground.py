"""The playground of a student edition: what the browser gets there, and that its blocks run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from zipfile import ZipFile

import pytest

from course import Chapter, all_chapters
from course.sections import MarkedSource
from course.tasks import read_tasks

CHECKOUT = Path(__file__).parents[2]
LAST = 3
BUILT = CHECKOUT / "playground"
BROWSERS = [*filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))]
IN_BROWSER = pytest.mark.skipif(
    not (shutil.which("node") and BROWSERS and (BUILT / "node_modules").is_dir()),
    reason="needs Chromium, and what `make playground` has fetched",
)
PATIENCE = 90_000  # ms: Python is loaded


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def run(*command: str, at: Path) -> str:
    """Run a command of this Python in the edition, and not in the checkout."""
    paths = {"PYTHONPATH": f"{at}:{at / 'src'}", "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(
        command,
        cwd=at,
        env={**os.environ, **paths, "DISABLE_MKDOCS_2_WARNING": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def python(*arguments: str, at: Path) -> None:
    run(sys.executable, "-P", "-m", *arguments, at=at)


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("edition") / "class"
    python("workbook", "release", str(out), "--up-to", str(LAST), at=CHECKOUT)
    return out


@pytest.fixture(scope="module")
def site(edition: Path) -> Path:
    """The edition's site, built as its Makefile does, with what is fetched here already."""
    (edition / "playground" / "node_modules").symlink_to(BUILT / "node_modules")
    built = edition / "playground" / "build"
    python("authoring.archives", str(BUILT / "build" / "wheels"), str(built), at=edition)
    run("node", "playground/build.mjs", str(built), at=edition)
    python("mkdocs", "build", "--strict", "--quiet", at=edition)
    return edition / "site"


@pytest.fixture
def address(site: Path) -> Iterator[str]:
    handler = partial(_Silent, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def hidden() -> Iterator[str]:
    """What students must not see: later chapters, and the last solution. In one line each."""
    for chapter in all_chapters(CHECKOUT):
        if chapter.number < LAST:
            continue
        source = MarkedSource(chapter.solution)
        for section in source.sections.values():
            if section.name.startswith("task-"):
                yield in_one_line(source.section_text(section.name))
        if chapter.number > LAST:
            yield chapter.name
            for task in read_tasks(chapter).tasks:
                yield from map(in_one_line, (task.title, *task.hints))


def in_one_line(text: str) -> str:
    return " ".join(text.split())


def packed(archive: Path) -> dict[str, str]:
    with ZipFile(archive) as files:
        return {name: in_one_line(files.read(name).decode()) for name in files.namelist()}


def test_the_browser_gets_what_is_released_and_nothing_else(edition: Path, tmp_path: Path) -> None:
    python("authoring.archives", str(tmp_path), str(tmp_path), at=edition)
    files = packed(tmp_path / "workbook.zip")
    released = [chapter.name for chapter in all_chapters(edition)]
    assert (
        {f"recordings/{name}.json" for name in released}
        >= {name for name in files if name.startswith("recordings/")}
        != set()
    )
    assert [name for name in files if name.startswith("solutions/ch")] == []
    assert [name for name in files if "mutants" in name] == []
    # Packages name a chapter here and there, as an example. Its text is nowhere.
    ours = {name: text for name, text in files.items() if not name.startswith("src/")}
    assert [(secret, name) for secret in hidden() for name in ours if secret in ours[name]] == []
    assert len([name for name in files if name.startswith("tests/chapters/test_ch")]) == LAST + 1


@pytest.mark.parametrize("is_there", [True, False])
def test_the_site_is_built_without_npm_and_says_so(
    edition: Path, tmp_path: Path, is_there: bool
) -> None:
    for program in ("make", "sh", *(["npm"] if is_there else [])):
        (tmp_path / program).symlink_to(shutil.which(program) or "/bin/true")
    done = subprocess.run(
        [tmp_path / "make", "--dry-run", "site"],
        cwd=edition,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "mkdocs build" in done.stdout, done.stderr
    assert ("npm ci" in done.stdout) == is_there
    assert ("this site has no playground" in done.stdout) != is_there


@IN_BROWSER
def test_the_blocks_of_a_page_show_what_is_recorded(site: Path, address: str) -> None:
    from playwright.sync_api import expect, sync_playwright

    assert not (site / "solutions").exists()
    with ZipFile(site / "playground" / "workbook.zip") as files:
        assert [name for name in files.namelist() if name.startswith("solutions/ch")] == []
    name = Chapter(CHECKOUT, "ch03_on_connection").name
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSERS[0], args=["--no-sandbox"])
        page = browser.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(f"{address}{name}/")
        blocks = page.locator("[data-block]")
        recorded = page.locator(".output pre").all_text_contents()
        page.get_by_role("button", name=f"Run block {blocks.count()}", exact=True).click()
        page.locator(".pg-outputs").last.and_(page.locator("[data-state='shown']")).wait_for()
        live = page.locator(".pg-live pre").all_text_contents()
        assert [text.strip() for text in live] == [text.strip() for text in recorded]
        assert page.locator(".pg-live svg").count() > 0
        page.locator(".pg-exercise").scroll_into_view_if_needed()
        page.get_by_role("button", name="Check", exact=True).click()
        verdict = page.locator(".pg-task .pg-verdict").first
        expect(verdict).to_have_text("not written yet", timeout=PATIENCE)

        page.goto(f"{address}playground/")
        page.get_by_role("button", name="Talk to it").click()
        page.get_by_role("button", name="Connect alice").click()
        said = page.get_by_role("textbox", name="alice says")
        said.fill("hello")
        said.press("Enter")
        received = page.locator(".pg-received-text")
        expect(received).to_have_text("You said: hello\n", timeout=PATIENCE)
        browser.close()
