"""Reads the mutants of a chapter: wrong solutions, each made from the right one by a replacement.

tests/mutants/chNN_slug.toml names each mistake and the test that must catch it. The file is read
here, and not by the tests that run the mutants, because the page "what the graders catch" is made
from it too. CONTRIBUTING.md, "Add a mutant", describes how to write one.
"""

import ast
import difflib
import json
import re
import tomllib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from authoring.rules import rules_of_tests
from authoring.starters import with_tasks_marked, with_tasks_unwritten
from course import Chapter, SourceError
from course.sections import MarkedSource
from course.tasks import read_tasks

FOLDER = Path("tests/mutants")
NAME = re.compile(r"[a-z][a-z0-9_]*")
REMAKE = "python tests/mutants/test_mutants.py"
WORLDS = ("child", "tls")


@dataclass(frozen=True)
class Mutant:
    """A wrong solution.

    `mistake` is one sentence on what is wrong. `caught_by` is the test whose message the learner
    reads, and `says` lists the words of that message that name the mistake.
    """

    name: str
    task: str
    rule: str  # the name of the task's rule that it breaks, the same as the rule of `caught_by`
    mistake: str
    caught_by: str
    says: tuple[str, ...]
    world: str  # "tls" for a mistake that only the real network shows
    deadline: float | None  # seconds for an answer, if the mutant hangs
    source: str
    changes: tuple[tuple[str, str], ...] = ()  # texts of our solution, and their replacements


def mutants_file(chapter: Chapter) -> Path:
    """Return the path of the file that describes a chapter's mutants."""
    return chapter.root / FOLDER / f"{chapter.name}.toml"


def table_file(chapter: Chapter) -> Path:
    """Return the path of the verified table: which tests fail for each mutant."""
    return chapter.root / FOLDER / "golden" / chapter.name / "table.json"


def message_file(chapter: Chapter, name: str) -> Path:
    """Return the path of the message that the author of this mutant reads."""
    return table_file(chapter).with_name(f"{name}.txt")


def graders_file(chapter: Chapter) -> Path:
    """Return the path of the tests that grade a chapter."""
    return chapter.root / "tests" / "chapters" / f"test_{chapter.name}.py"


def right_solutions(chapter: Chapter) -> list[Path]:
    """Return the paths of right solutions that are written differently from ours."""
    return sorted((chapter.root / FOLDER / "right" / chapter.name).glob("*.py"))


def read_mutants(chapter: Chapter) -> list[Mutant]:
    """Return a chapter's mutants in the order of the file. Raises `SourceError` for any mistake."""
    file = mutants_file(chapter)
    if not file.is_file():
        raise SourceError(file, 1, f"chapter {chapter.name} needs this file, with its mutants")
    return list(_Reader(chapter, file).mutants())


def read_table(chapter: Chapter) -> dict[str, list[str]]:
    """Return the verified table. Raises `SourceError` if it is for other mutants."""
    file, names = table_file(chapter), [mutant.name for mutant in read_mutants(chapter)]
    table = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    if list(table) != names:
        problem = f"not the table of the mutants there are: run `{REMAKE} {chapter.name}`"
        raise SourceError(file, 1, problem)
    return dict(table)


def read_graders(chapter: Chapter) -> list[str]:
    """Return the names of the tests that grade a chapter, in order."""
    tree = ast.parse(graders_file(chapter).read_text(encoding="utf-8"))
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef))
    return [node.name for node in functions if node.name.startswith("test_")]


def mutant_without(chapter: Chapter, mutant: Mutant, tasks: Collection[str]) -> str | None:
    """Return the mutant without these other tasks; None if its change is in their lines."""
    return changed(with_tasks_unwritten(chapter, tasks), mutant.changes)


def changed(source: str, changes: Iterable[tuple[str, str]]) -> str | None:
    """Return the source with each text replaced; None if one is not in it exactly once."""
    for old, new in changes:
        if source.count(old) != 1:
            return None
        source = source.replace(old, new)
    return source


class _Reader:
    """Reads one file of mutants, and checks its entries."""

    KEYS = frozenset(Mutant.__dataclass_fields__) - {"source", "changes"}
    KEYS |= {"replace", "with", "change"}

    def __init__(self, chapter: Chapter, file: Path) -> None:
        self._file = file
        self._text = file.read_text(encoding="utf-8")
        self._solution = MarkedSource(chapter.solution)
        self._right = self._solution.text()
        self._marked = with_tasks_marked(chapter)
        self._tasks = [task.id for task in read_tasks(chapter).tasks]
        self._graders = read_graders(chapter)
        self._rules = rules_of_tests(chapter)
        self._graders_file = graders_file(chapter).name

    def mutants(self) -> Iterator[Mutant]:
        """Yield the mutants in the order of the file. Raises `SourceError`."""
        try:
            tables = tomllib.loads(self._text).get("mutant", [])
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"at line (\d+)", str(error))
            raise SourceError(
                self._file, int(found[1]) if found else 1, f"not TOML: {error}"
            ) from None
        if not isinstance(tables, list) or not tables:
            raise SourceError(self._file, 1, "no mutant in it: write [[mutant]]")
        same = {self._right: "the solution", self._marked: "the solution"}
        names: set[str] = set()
        for table in tables:
            mutant = self._mutant(table)
            if mutant.name in names:
                raise self._error(mutant.name, "its name is taken: choose another")
            if mutant.source in same:
                raise self._error(mutant.name, f"the same program as {same[mutant.source]}")
            names.add(mutant.name)
            same[mutant.source] = mutant.name
            yield mutant

    def _mutant(self, table: dict[str, Any]) -> Mutant:
        name = table.get("name")
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise self._error(
                str(name), "a mutant has a name of small letters, digits and _: name = ..."
            )
        for key in table.keys() - self.KEYS:
            raise self._error(name, f"{key} is no key: there are {', '.join(sorted(self.KEYS))}")
        mistake = self._string(name, table, "mistake")
        if not re.fullmatch(r"[A-Z`].*\.", mistake):
            raise self._error(name, "mistake is one sentence, on one line, with its period")
        plain = self._source(name, table)
        changes = self._changes(table)
        task = self._one_of(name, table, "task", self._tasks, "tasks.toml")
        caught_by = self._one_of(name, table, "caught_by", self._graders, self._graders_file)
        rule = self._string(name, table, "rule")
        if (task, rule) != self._rules.get(caught_by):
            of_test = "-".join(self._rules.get(caught_by, ("none",)))
            problem = f"it breaks rule {task}-{rule}, but the rule of {caught_by} is {of_test}"
            raise self._error(name, problem)
        return Mutant(
            name=name,
            task=task,
            rule=rule,
            mistake=mistake,
            caught_by=caught_by,
            says=self._says(name, table),
            world=self._one_of(name, {"world": "child"} | table, "world", WORLDS, "the worlds"),
            deadline=self._deadline(name, table),
            source=changed(self._marked, changes) or plain,
            changes=changes,
        )

    def _string(self, name: str, table: dict[str, Any], key: str) -> str:
        value = table.get(key)
        if not isinstance(value, str) or not value:
            raise self._error(name, f"it needs {key} = (some text)")
        return value

    def _one_of(
        self,
        name: str,
        table: dict[str, Any],
        key: str,
        known: list[str] | tuple[str, ...],
        of: str,
    ) -> str:
        value = self._string(name, table, key)
        if value in known:
            return value
        near = difflib.get_close_matches(value, known, n=1, cutoff=0.0)[0]
        raise self._error(name, f"{key} = {value!r} is not in {of}: did you mean {near!r}?")

    def _says(self, name: str, table: dict[str, Any]) -> tuple[str, ...]:
        value = table.get("says")
        words = value if isinstance(value, list) else [value]
        if not words or not all(isinstance(each, str) and each.strip() for each in words):
            raise self._error(name, "it needs says = (words of the message, or a list of them)")
        return tuple(words)

    def _deadline(self, name: str, table: dict[str, Any]) -> float | None:
        value = table.get("deadline")
        if value is not None and (type(value) not in (int, float) or value <= 0):
            raise self._error(name, "deadline is a number of seconds above zero")
        return value

    def _source(self, name: str, table: dict[str, Any]) -> str:
        changes = table.get("change", [table])
        if "change" in table and ("replace" in table or "with" in table):
            raise self._error(name, "either replace and with, or a list of them in change")
        source = self._right
        for change in changes if isinstance(changes, list) else [changes]:
            source = self._replaced(name, change, source)
        return source

    def _changes(self, table: dict[str, Any]) -> tuple[tuple[str, str], ...]:
        return tuple((each["replace"], each["with"]) for each in table.get("change", [table]))

    def _replaced(self, name: str, change: Any, source: str) -> str:
        change = change if isinstance(change, dict) else {}
        old, new = change.get("replace"), change.get("with")
        if not isinstance(old, str) or not isinstance(new, str) or not old:
            raise self._error(name, "it needs replace = (text of the solution), with = (new text)")
        times = source.count(old)
        if times == 1:
            return source.replace(old, new)
        line = old.strip().partition("\n")[0]
        where = f"solutions/{self._solution.file.name}"
        if times:
            problem = f"{line!r} is {times} times in {where}: replace more of what stands around it"
        else:
            problem = (
                f"{line!r}... is not in {where} (its markers do not count): copy it from there"
            )
        raise self._error(name, problem)

    def _error(self, name: str, problem: str) -> SourceError:
        named = re.compile(rf"""name\s*=\s*["']{re.escape(name)}["']""")
        lines = [n for n, text in enumerate(self._text.splitlines(), 1) if named.match(text)]
        return SourceError(self._file, lines[-1] if lines else 1, f"mutant {name}: {problem}")
