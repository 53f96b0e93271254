"""The site's page of a chapter, and the site as a whole."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_output

from authoring.notebooks import build_notebook
from authoring.page_parts import complete_page, write_page
from authoring.site_page import make_site_page
from authoring.starters import make_starter
from course import Chapter, SourceError

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def recorded(chapter: Chapter) -> Callable[..., None]:
    """Writes notebook and page, with these as the outputs of the block that prints."""

    def record(*outputs: nbformat.NotebookNode) -> None:
        notebook = build_notebook(chapter)
        printing = [cell for cell in notebook.cells if cell.source.startswith("print(")]
        printing[0].outputs = list(outputs)
        nbformat.write(notebook, chapter.notebook)
        write_page(chapter, complete_page(chapter, notebook))

    return record


@pytest.fixture
def build_site(chapter: Chapter, recorded: Callable[..., None]) -> Callable[[], str]:
    """Builds the small book's site with the real one's settings, and gives its warnings."""
    recorded(new_output("stream", text="Hello, Ann\n"))
    chapter.starter.write_text(make_starter(chapter))
    shutil.copy(REPOSITORY / "mkdocs.yml", ".")
    Path("authoring").symlink_to(REPOSITORY / "authoring")
    Path("src").symlink_to(REPOSITORY / "src")

    def build() -> str:
        command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
        settings = {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}
        done = subprocess.run(
            command, env=os.environ | settings, capture_output=True, text=True, check=False
        )
        lines = (done.stderr + done.stdout).splitlines()
        return "\n".join(line for line in lines if line and not line.startswith("INFO"))

    return build


def test_under_a_block_stands_what_it_printed_escaped(chapter, recorded):
    recorded(new_output("stream", text="<b> \x1b[1mHello\x1b[0m\n\n# Ann\n"))
    page = make_site_page(chapter)
    assert (
        'print("<b>", await greet("Ann"))\n```\n\n<div class="output">'
        '<pre tabindex="0" role="group" aria-label="Output of the block above">'
        "&lt;b&gt; Hello\n\n# Ann</pre></div>\n"
    ) in page


def test_under_a_block_stands_its_drawing_and_not_its_text(chapter, recorded):
    data = {"image/svg+xml": "<svg><title>Ann</title></svg>", "text/plain": "a drawing"}
    recorded(new_output("execute_result", data=data))
    page = make_site_page(chapter)
    assert "\n<svg><title>Ann</title></svg>\n</div>\n</div>" in page
    assert 'aria-label="Picture of the block above"' in page
    assert "a drawing" not in page


def test_under_a_block_stands_its_value_or_its_error(chapter, recorded):
    recorded(
        new_output("execute_result", data={"text/plain": "'a value'"}),
        new_output("error", ename="E", evalue="no", traceback=["E: no"]),
    )
    page = make_site_page(chapter)
    assert ">'a value'</pre>" in page
    assert ">E: no</pre>" in page


def test_a_task_has_its_points_under_it_and_its_hints_at_its_end(chapter, recorded):
    recorded()
    page = make_site_page(chapter)
    task, _, following = page.partition("### Task 1.2")
    _, _, task = task.partition("### Task 1.1: greet\n")
    assert task.index("10 points · 5 minutes") < task.index("Do greet.") < task.index("Hint 1 of 2")
    assert task.index("Say hello.") < task.index("Hint 2 of 2") < task.index("Use an f-string.")
    assert "Hint 1 of 1" in following


def test_a_comment_in_a_block_is_no_heading(chapter, change, recorded):
    change(chapter.page, "Do greet.\n", "Do:\n\n```py\n# Task\n```\n\nand greet.\n")
    recorded()
    page = make_site_page(chapter)
    assert page.index("and greet.") < page.index("Hint 1 of 2")


def test_the_solution_is_folded_and_has_no_markers(chapter, recorded):
    recorded()
    _, _, solution = make_site_page(chapter).partition('<details class="warning"')
    assert 'return f"Hello, {name}"' in solution
    assert "--8<--" not in solution


def test_what_is_only_on_the_page_is_on_the_site(chapter, recorded):
    recorded()
    assert "\nRun `workbook check 1`.\n" in make_site_page(chapter)


def test_a_page_without_its_picture_stops_the_site(chapter, recorded):
    recorded(new_output("execute_result", data={"image/svg+xml": "<svg/>", "text/plain": "Ann"}))
    (chapter.page.parent / "picture-1.svg").unlink()
    with pytest.raises(SourceError) as caught:
        make_site_page(chapter)
    assert str(caught.value) == (
        "chapters/ch01_greeter/picture-1.svg:1: this picture is not made yet: run `make chapters`"
    )


def test_the_site_is_built_without_a_word_and_its_links_lead_somewhere_on_it(build_site):
    assert build_site() == ""
    page = Path("site/ch01_greeter/index.html").read_text()
    assert 'href="../notebooks/ch01_greeter.ipynb"' in page
    assert "```" not in page
    assert "{ " not in re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert 'href="../solutions/ch01_greeter.py"' in page
    assert 'download="ch01_greeter.py" href="exercise.py"' in page
    assert json.loads(Path("site/notebooks/ch01_greeter.ipynb").read_text())["nbformat"] == 4
    assert "--8<--" not in Path("site/solutions/ch01_greeter.py").read_text()
    assert not Path("site/ch01_greeter/tasks.toml").exists()
    assert requests_to_other_hosts() == []


def requests_to_other_hosts() -> list[str]:
    """What pages and style sheets of the site that was built load from elsewhere."""
    pages = "\n".join(file.read_text() for file in Path("site").rglob("*.html"))
    styles = "\n".join(file.read_text() for file in Path("site").rglob("*.css"))
    assert pages
    assert styles
    loaded = re.findall(
        r'<(?:script|img|link|iframe|source)[^>]*(?:src|href)="?(?:https?:)?//', pages
    )
    return loaded + re.findall(r"(?:@import|url\()[\s\"']*(?:https?:)?//", styles)


def test_a_site_that_knows_its_address_says_so_to_search_engines(build_site, monkeypatch):
    monkeypatch.setenv("SITE_URL", "https://example.org/book/")
    assert build_site() == ""
    page = Path("site/ch01_greeter/index.html").read_text()
    assert '<link rel="canonical" href="https://example.org/book/ch01_greeter/">' in page
    assert "https://example.org/book/ch01_greeter/" in Path("site/sitemap.xml").read_text()
    lost = Path("site/404.html").read_text()
    assert 'href="/book/"' in lost
    assert "<script" not in lost


def test_a_site_that_does_not_know_its_address_has_no_empty_map_of_itself(build_site, monkeypatch):
    monkeypatch.delenv("SITE_URL", raising=False)
    build_site()
    assert not Path("site/sitemap.xml").exists()
    assert 'rel="canonical"' not in Path("site/ch01_greeter/index.html").read_text()


def test_every_link_that_leads_nowhere_fails_the_build(chapter, change, build_site):
    change(chapter.page, "[starter](exercise.py)", "[starter](exercises.py)")
    change(chapter.page, "(#one-line)", "(#two-lines)")
    change(chapter.page, "(../index.md)", "(../../README.md)")
    change(chapter.page, "Do greet.", "[Absolute](/index.md) and [elsewhere](../#nowhere).")
    said = build_site()
    assert "'exercises.py'" in said
    assert "'#two-lines'" in said
    assert "'../../README.md'" in said
    assert "'/index.md'" in said
    assert "'../#nowhere'" in said
    assert "Aborted with 5 warnings in strict mode" in said


def test_a_mistake_in_a_solution_fails_the_build_in_one_line(chapter, change, build_site):
    change(chapter.solution, "# --8<-- [end:main]", "")
    assert sorted(build_site().splitlines()) == [
        "Aborted with a BuildError!",
        "ERROR   -  solutions/ch01_greeter.py:26: section main is never closed: "
        "add # --8<-- [end:main]",
    ]


def test_a_chapter_without_a_notebook_fails_the_build_in_one_line(chapter, build_site):
    chapter.notebook.unlink()
    said = build_site()
    assert "notebooks/ch01_greeter.ipynb:1: this notebook is not made yet" in said
    assert "Traceback" not in said
