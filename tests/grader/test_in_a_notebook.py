"""Chapter 3's own notebook with altered cells, run in a kernel as its user runs it."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from course import all_chapters
from course.passes import passed_in_notebooks
from workbook.checkout.progress import load

CHECKOUT = Path(__file__).parents[2]
WRITTEN = {
    """\
raise NotImplementedError(
            "Task 3.1: ask for a nickname and wait for the answer"
        )""": ('butterfly.write(b"Nickname: "); answer = await butterfly.read()'),
    """\
raise NotImplementedError(
            "Task 3.2: clean the nickname and log who has joined"
        )""": ('nick = answer.decode().strip("\\r\\n"); self.logger.info(f"{nick} has joined")'),
}

Run = Callable[[Sequence[str]], list[str]]


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """A checkout of the workbook with a notebooks/ and a work/ of its own."""
    (tmp_path / "mkdocs.yml").touch()
    for folder in ("chapters", "solutions", "tests"):
        (tmp_path / folder).symlink_to(CHECKOUT / folder)
    (tmp_path / "notebooks").mkdir()
    return tmp_path


@pytest.fixture
def run(workbook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs cells one after the other in one kernel, and returns what each printed or raised."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))

    def run(cells: Sequence[str]) -> list[str]:
        notebook = nbformat.v4.new_notebook(cells=[*map(nbformat.v4.new_code_cell, cells)])
        client = NotebookClient(
            notebook,
            timeout=60,
            allow_errors=True,
            coalesce_streams=True,
            extra_arguments=["--log-level=ERROR"],
            resources={"metadata": {"path": str(workbook / "notebooks")}},
        )
        client.execute(env=dict(os.environ))
        return [
            "".join(output.get("text", output.get("ename", "")) for output in cell.outputs)
            for cell in notebook.cells
        ]

    return run


def cells_of_chapter_3() -> tuple[str, str]:
    """The starter, and the cell that grades it."""
    notebook = nbformat.read(CHECKOUT / "notebooks" / "ch03_on_connection.ipynb", as_version=4)
    starter, graded = notebook.cells[-2:]
    return starter.source, graded.source


def example_of_the_page() -> str:
    """The first cell of the page that defines a `serve`."""
    notebook = nbformat.read(CHECKOUT / "notebooks" / "ch03_on_connection.ipynb", as_version=4)
    return next(
        str(cell.source)
        for cell in notebook.cells
        if cell.cell_type == "code" and "async def serve" in cell.source
    )


def test_a_pass_is_remembered_and_the_command_sees_it(run: Run, workbook: Path) -> None:
    starter, grades = cells_of_chapter_3()
    first, second = WRITTEN.items()
    _, once, _, twice = run(
        [starter.replace(*first), grades, starter.replace(*first).replace(*second), grades]
    )
    assert "Task 3.1  passed" in once
    assert "1 of 2 tasks passed." in once
    assert "2 of 2 tasks passed." in twice
    assert passed_in_notebooks(workbook).keys() == {"3.1", "3.2"}
    chapter = all_chapters(workbook)[3]
    progress = load(workbook)
    assert progress.has_passed(chapter)
    assert progress.has_ever_passed(chapter)
    progress.forget(chapter)
    assert not load(workbook).has_passed(chapter)


@pytest.mark.parametrize("broken", ["1 / 0\n{}", "{}\ndef ("], ids=["raises", "syntax"])
def test_a_serve_left_over_from_an_earlier_cell_is_not_graded(
    run: Run, workbook: Path, broken: str
) -> None:
    starter, grades = cells_of_chapter_3()
    for each in WRITTEN.items():
        starter = starter.replace(*each)
    passed, _, stale, _, again = run([starter, broken.format(starter), grades, starter, grades])
    assert stale == (
        "This `serve` is from an earlier cell: the newest cell with a `def serve` ended with an "
        "error, or was not run to its end. Fix that cell and run it, then this one again.\n"
    )
    assert "2 of 2 tasks passed." in again
    assert passed == ""


def test_an_example_of_the_page_is_not_graded(run: Run, workbook: Path) -> None:
    _, grades = cells_of_chapter_3()
    _, told = run([example_of_the_page(), grades])
    assert told == (
        "This `serve` is an example of the page. Run the cell with your own code first (it is the "
        "one below the heading Write it here), then this one again.\n"
    )
    assert passed_in_notebooks(workbook) == {}


def test_a_line_of_the_cell_and_a_hint_can_be_found(run: Run) -> None:
    starter, grades = cells_of_chapter_3()
    first, _ = WRITTEN.items()
    wrong = starter.replace(first[0], first[1].replace("await ", ""))
    _, told, hint = run([wrong, grades, 'from grader import hint; hint("3.1")'])
    assert "line 10 of the cell" in " ".join(told.split())
    assert "menu View, Show Line Numbers" in told
    assert hint.startswith("A hint for what went wrong in task 3.1: ")
