"""workbook play: the site on this machine, with the learner's file."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from command_line import one_line, say
from small_course import started

from workbook.commands.play import serve_site


@pytest.fixture
def server(course: Path) -> Iterator[ThreadingHTTPServer]:
    (course / "site" / "playground").mkdir(parents=True)
    (course / "site" / "playground" / "page.js").write_text("// the page")
    with serve_site(course, 0) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def get(server: ThreadingHTTPServer, path: str) -> tuple[int, str]:
    with urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}{path}") as answer:
        return answer.status, answer.read().decode()


def test_the_site_and_the_learners_file_are_served(
    course: Path, server: ThreadingHTTPServer
) -> None:
    chapter = started(course, 1)
    chapter.work.write_text("# mine\n")
    assert get(server, "/playground/page.js") == (200, "// the page")
    assert get(server, f"/work/{chapter.name}.py") == (200, "# mine\n")


@pytest.mark.parametrize("path", ["/work/ch02_greet.py", "/work/progress.json", "/work/../README"])
def test_nothing_else_of_work_is(server: ThreadingHTTPServer, path: str) -> None:
    assert get(server, path) == (204, "")


def test_a_site_that_is_not_built_is_one_line(course: Path) -> None:
    assert "which needs npm: make site" in one_line(say("play", "1", "--no-browser").stderr)
