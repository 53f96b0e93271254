"""What a learner reads in a browser: the command line's sentences, if they are true there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.browser import SERVES
from playground.words import INSTEAD, NEVER_HERE, TRUE_HERE, in_a_browser
from room.failure import advice

ROOT = Path(__file__).parents[2]
READ_HERE = (
    *("room/failure", "room/room.py", "room/in_process.py", "grader/effort.py", "grader/report.py"),
    *("room/child/program.py", "room/child/stage.py", "room/child/simulated.py"),
    *("room/child/repeated.py", "room/child/notes.py", "room/child/unwritten.py"),
    *("grader/run_test.py", "grader/whose_line.py", "grader/known_breakdowns.py"),
)
"""Where the sentences are that a check in a browser can show."""

NOT_IN_A_BROWSER = re.compile(
    r"process|deadline|\bworkbook\b|\bwork/|\.venv|terminal|folder|files\b|\beditor|save it|TLS"
    r"|threads?\b|descriptor|installed|command line|machine|traceback|with python|memory|signal"
    r"|fork|sys\.exit|sockets?\b|python\b",
    re.IGNORECASE,
)
NOT_SHOWN = "A hint: workbook hint"  # the page has a button for it
OF_THE_SYSTEM = "[Errno"  # said by Python in a browser, and not by us


def sentences(file: Path) -> Iterator[str]:
    """Yield the texts of a file that could be sentences, without its docstrings."""
    tree = ast.parse(file.read_text())
    unread = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) or (isinstance(node, ast.keyword) and node.arg == "meaning")
    }
    parts = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr) and id(node) not in unread
        for part in ast.walk(node)
        if part is not node
    }
    for node in ast.walk(tree):
        if id(node) in unread or id(node) in parts:
            continue
        if isinstance(node, ast.JoinedStr):
            texts = [str(v.value) if isinstance(v, ast.Constant) else "{}" for v in node.values]
            yield "".join(texts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def all_sentences() -> list[str]:
    files = [file for name in READ_HERE for file in sorted((ROOT / "src" / name).rglob("*.py"))]
    files += [ROOT / "src" / name for name in READ_HERE if name.endswith(".py")]
    never = {text for kind in NEVER_HERE for text in advice.KINDS[kind][1:3]}
    found = [text for file in files for text in sentences(file)]
    return [text for text in found if text.count(" ") > 2 and text not in never]


def test_each_sentence_about_a_computer_has_other_words_or_is_true_in_a_browser():
    unknown = [
        text
        for text in all_sentences()
        if NOT_IN_A_BROWSER.search(text)
        if not any(said.casefold() in text.casefold() for said in (*INSTEAD, *TRUE_HERE, NOT_SHOWN))
    ]
    assert unknown == []


@pytest.mark.parametrize("said", [*INSTEAD, *TRUE_HERE])
def test_each_entry_is_still_said(said):
    texts = [text.casefold().rstrip(".") for text in all_sentences()]
    assert said.startswith(OF_THE_SYSTEM) or any(
        said.casefold().rstrip(".") in text for text in texts
    )


def test_words_are_exchanged_within_a_text():
    said = "Try: run the file by itself with python to see the whole traceback."
    assert in_a_browser(said) == "Try: look at that line, and at those that it depends on."
    assert in_a_browser("See work/playground.py, line 3.") == "See line 3."
    assert in_a_browser("See work/ch01_echo_server.py, line 3.").endswith("server.py, line 3.")


def test_a_file_that_serves_at_import_is_told_so_as_on_the_command_line():
    assert f'"{SERVES}"' in (ROOT / "src" / "workbook" / "serving.py").read_text()
