"""The blocks of a page: what they share, show and raise, as the notebooks do."""

import json
import sys
from pathlib import Path

import pytest

from playground.cells import Cells

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("ch*.ipynb"))
STOPS = pytest.mark.skipif(sys.version_info < (3, 12), reason="there is no sys.monitoring")


def text_of(outputs: list[dict]) -> str:
    return "".join(output.get("text", "") for output in outputs)


@pytest.fixture
def cells():
    cells = Cells()
    yield cells
    cells.close()


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # the rooms that a chapter opens and drops
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda file: file.stem)
def test_the_blocks_of_a_chapter_show_what_its_notebook_shows(cells, notebook, monkeypatch):
    monkeypatch.chdir(ROOT / "notebooks")
    code = [c for c in json.loads(notebook.read_text())["cells"] if c["cell_type"] == "code"]
    for number, cell in enumerate(code[:-2], start=1):  # the last two are the exercise
        shown = cells.run("".join(cell["source"]), f"block {number}")
        recorded = [of_notebook(output) for output in cell["outputs"]]
        assert [of_ours(output) for output in shown] == recorded, "".join(cell["source"])


def of_notebook(output: dict) -> tuple[str, str]:
    if output["output_type"] == "stream":
        return "text", "".join(output["text"])
    if output["output_type"] == "error":
        return "error", f"{output['ename']}: {output['evalue']}"
    if "image/svg+xml" in output["data"]:
        return "picture", "".join(output["data"]["image/svg+xml"]).strip()
    return "text", "".join(output["data"]["text/plain"])


def of_ours(output: dict) -> tuple[str, str]:
    return output["type"], output["svg"].strip() if "svg" in output else output["text"]


def test_blocks_share_their_names_and_the_value_of_the_last_line_is_shown(cells):
    assert cells.run("price = 3", "block 1") == []
    assert cells.run("print('two cost')\nprice * 2", "block 2") == [
        {"type": "text", "text": "two cost\n"},
        {"type": "text", "text": "6"},
    ]


def test_a_name_that_no_block_has_made_is_unknown(cells):
    assert cells.run("price", "block 1")[0]["text"] == "NameError: name 'price' is not defined"


def test_an_error_names_the_blocks_and_lines_that_led_to_it(cells):
    cells.run("def split(bill, people):\n    return bill / people", "block 1")
    (error,) = cells.run("\nsplit(10, 0)", "block 2")
    assert error["type"] == "error"
    assert error["text"] == "ZeroDivisionError: division by zero"
    assert error["places"] == [["<block 2>", 2], ["<block 1>", 2]]


def test_a_misspelled_block_says_where(cells):
    (error,) = cells.run("x = 1\nif x\n    print(x)", "block 1")
    assert error["text"] == "SyntaxError: expected ':'"
    assert error["places"] == [["<block 1>", 2]]


def test_a_block_that_exits_ends_nothing_but_itself(cells):
    assert cells.run("import sys\nsys.exit('no')", "block 1")[0]["text"] == "SystemExit: no"
    assert text_of(cells.run("print('here')", "block 2")) == "here\n"


def test_waiting_costs_no_time(cells):
    source = "import asyncio\nawait asyncio.sleep(3600)\nprint('awake')"
    assert text_of(cells.run(source, "block 1")) == "awake\n"


def test_a_block_that_waits_forever_says_so(cells):
    source = "import asyncio\nawait asyncio.Event().wait()"
    assert "Stalled" in text_of(cells.run(source, "block 1"))


def test_a_block_that_prints_without_end_is_stopped(cells):
    shown = cells.run("while True:\n    print('and on' * 100)", "block 1")
    assert shown[-1]["text"] == "Stopped: this block printed more than 100,000 characters."


@STOPS
def test_a_block_that_runs_without_end_is_stopped_at_its_line(cells):
    (error,) = cells.run("n = 0\nwhile True:\n    n += 1", "block 1")
    assert error["text"].startswith("Stopped after 2 seconds at line ")
    assert error["places"][0][0] == "<block 1>"
    assert text_of(cells.run("print(n > 1000)", "block 2")) == "True\n"
