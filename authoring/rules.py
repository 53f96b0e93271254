"""Reads what each task asks for, rule by rule, and holds that nothing is left out.

tests/chapters/rules.toml quotes the task's text on the page. Every word of that text is in a rule,
or under `besides`. Every rule has a test, `@pytest.mark.task("3.1", rule="prompt")`, and a wrong
solution that breaks it. So a sentence that no test asks for cannot hide.
"""

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from course import Chapter, SourceError
from course.tasks import read_tasks

FILE = Path("tests/chapters/rules.toml")
BESIDES = "besides"
_NAME = re.compile(r"[a-z]+(-[a-z]+)*")


@dataclass(frozen=True)
class Rule:
    """One thing that a task asks for, in the words of its page."""

    task: str
    name: str
    text: str
    tests: tuple[str, ...]

    @property
    def id(self) -> str:
        """The id, such as "3.1-prompt"."""
        return f"{self.task}-{self.name}"


def read_rules(chapter: Chapter) -> list[Rule]:
    """Return the rules of a chapter, in the order of its tasks and of its page.

    Raises `SourceError` for a rule without a test, a test without a rule, and any word of a task's
    text that is in no rule.
    """
    file = chapter.root / FILE
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SourceError(file, 1, f"not TOML: {error}") from None
    tests = rules_of_tests(chapter)
    found = []
    for task in read_tasks(chapter).tasks:
        table = tables.get(task.id, {})
        _check_words(chapter, task.id, table)
        named = {name: text for name, text in table.items() if name != BESIDES}
        for name, text in named.items():
            mine = tuple(test for test, rule in tests.items() if rule == (task.id, name))
            if not _NAME.fullmatch(name):
                raise SourceError(file, 1, f"{task.id}-{name}: a name has small letters and -")
            if not mine:
                raise SourceError(file, 1, f"{task.id}-{name} has no test: {text}")
            found.append(Rule(task.id, name, text, mine))
    ids = {(rule.task, rule.name) for rule in found}
    for test, (task_id, name) in tests.items():
        if (task_id, name) not in ids:
            problem = f'{test} has rule="{name}", which task {task_id} has not in {FILE}'
            raise SourceError(chapter.test, 1, problem)
    return found


def rules_of_tests(chapter: Chapter) -> dict[str, tuple[str, str]]:
    """Return the task and the rule that each test's mark names, such as ("3.1", "prompt")."""
    tree = ast.parse(chapter.test.read_text(encoding="utf-8"))
    return {
        test.name: mark
        for test in tree.body
        if isinstance(test, ast.FunctionDef)
        for decorator in test.decorator_list
        if (mark := _mark(decorator))
    }


def _mark(decorator: ast.expr) -> tuple[str, str] | None:
    match decorator:
        case ast.Call(
            func=ast.Attribute(attr="task"), args=[ast.Constant(value=str(task))], keywords=named
        ):
            rule = next((n.value for n in named if n.arg == "rule"), ast.Constant(value=""))
            return task, str(rule.value) if isinstance(rule, ast.Constant) else ""
    return None


def _check_words(chapter: Chapter, task: str, table: Mapping[str, object]) -> None:
    """Raise `SourceError` unless each word of the task's text is in a rule or under `besides`."""
    line, left = _text_of(chapter, task)
    quoted = [text for name, text in table.items() if name != BESIDES]
    besides = table.get(BESIDES, [])
    quoted += besides if isinstance(besides, list) else [besides]
    for text in map(str, quoted):
        if text not in left:
            problem = f"task {task} does not say what {FILE} quotes: {text}"
            raise SourceError(chapter.page, line, problem)
        left = left.replace(text, "\0", 1)
    for words in (part.strip() for part in left.split("\0")):
        if words:
            problem = f"task {task} says this, and no rule in {FILE} has it: {words}"
            raise SourceError(chapter.page, line, problem)


def _text_of(chapter: Chapter, task: str) -> tuple[int, str]:
    """Return the first line of a task's text on the page, and the text as one line."""
    lines = chapter.page.read_text(encoding="utf-8").splitlines()
    heading = f"### Task {task}: "
    start = next((n for n, line in enumerate(lines) if line.startswith(heading)), None)
    if start is None:
        raise SourceError(chapter.page, 1, f"there is no heading {heading!r}")
    return start + 1, " ".join(" ".join(_words(lines[start + 1 :])).split())


def _words(lines: list[str]) -> Iterator[str]:
    """Yield the lines of the text, without code, tables' lines and what is made."""
    is_code = is_made = False
    for line in lines:
        if line.startswith("#") and not is_code:
            return
        if line.startswith("```"):
            is_code = not is_code
        elif re.fullmatch(r"<!-- /?about -->", line):
            is_made = not is_made
        elif not is_code and not is_made and not re.fullmatch(r"[|-]+", line):
            yield re.sub(r"^- |\|", " ", line)
