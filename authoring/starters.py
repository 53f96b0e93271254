"""Makes a chapter's starter from its solution: each task becomes one `raise`."""

import ast
import re
import subprocess
import sys
from collections.abc import Collection

from course import Chapter, SourceError
from course.sections import MARKER, MarkedSource, Section
from course.tasks import About, read_tasks

TASK_SECTION = re.compile(r"task-(\d+\.\d+)(-[a-z]+)?")


def make_starter(chapter: Chapter) -> str:
    """Return the text of exercise.py.

    Raises `SourceError` for a task without a section, or a section without a task.
    """
    return _formatted(chapter, _blanked(chapter))


def make_notebook_starter(chapter: Chapter) -> str:
    """Return the starter for a notebook, without section `main`: `__name__` is "__main__" there."""
    return _formatted(chapter, _blanked(chapter, left_out=("main",)))


def with_tasks_unwritten(chapter: Chapter, tasks: Collection[str]) -> str:
    """Return our solution with only these tasks blanked, as if a learner had done the others."""
    return _blanked(chapter, only=tasks)


def with_tasks_marked(chapter: Chapter) -> str:
    """Return our solution as a learner's file, with each task's comment above its lines."""
    source = MarkedSource(chapter.solution)
    marks = {
        section.start: f"{section.indent}# Task {task}"
        for section in source.sections.values()
        if (task := task_of_section(section.name))
    }
    lines = [marks.get(index, line) for index, line in enumerate(source.lines)]
    return "\n".join(line for line in lines if not MARKER.fullmatch(line)) + "\n"


def with_tasks_recorded(chapter: Chapter) -> str:
    """Return our whole solution, changed to record at each task's beginning that it was reached."""
    source = MarkedSource(chapter.solution)
    raises = {
        source.sections[name].start: source.sections[name].indent + line
        for name, line in _raises(chapter, source, read_tasks(chapter)).items()
    }
    return "\n".join(raises.get(index, line) for index, line in enumerate(source.lines)) + "\n"


def _blanked(
    chapter: Chapter, left_out: tuple[str, ...] = (), only: Collection[str] | None = None
) -> str:
    source = MarkedSource(chapter.solution)
    replacements = {
        name: f"# Task {task}\n{source.sections[name].indent}{line}"
        for name, line in _raises(chapter, source, read_tasks(chapter)).items()
        if (task := task_of_section(name)) and (only is None or task in only)
    }
    for name in left_out:
        if name not in source.sections:
            raise SourceError(chapter.solution, 1, f"section {name} is missing: mark it")
        replacements[name] = ""
    lines: list[str] = []
    inside_until = -1
    starts = {source.sections[name].start: name for name in replacements}
    for index, line in enumerate(source.lines):
        if index <= inside_until:
            continue
        if index in starts:
            section = source.sections[starts[index]]
            lines.append(section.indent + replacements[section.name])
            inside_until = section.end
        elif not MARKER.fullmatch(line):
            lines.append(line)
    return "\n".join(lines) + "\n"


def task_of_section(name: str) -> str:
    """Return "3.1" for task-3.1 and task-3.1-leaving, "" for a section of another kind."""
    match = TASK_SECTION.fullmatch(name)
    return match[1] if match else ""


def _raises(chapter: Chapter, source: MarkedSource, tasks: About) -> dict[str, str]:
    """Return the line that replaces each task's section, by the section's name."""
    titles = {task.id: task.title for task in tasks.tasks}
    raises: dict[str, str] = {}
    seen: set[str] = set()
    previous_end = -1
    for section in source.sections.values():
        if not section.name.startswith("task-"):
            continue
        match = TASK_SECTION.fullmatch(section.name)
        if match is None or match[1] not in titles:
            problem = f"section {section.name} has no task in {chapter.tasks.name}"
            raise SourceError(chapter.solution, section.start + 1, problem)
        if section.start < previous_end:
            problem = f"section {section.name} stands inside another task's section: take it out"
            raise SourceError(chapter.solution, section.start + 1, problem)
        _require_inside_a_function(source, section)
        previous_end = section.end
        task_id = match[1]
        seen.add(task_id)
        message = f"Task {task_id}: {titles[task_id]}".replace("\\", "\\\\").replace('"', '\\"')
        raises[section.name] = f'raise NotImplementedError("{message}")'
    for task_id in titles:
        if task_id not in seen:
            raise SourceError(
                chapter.solution, 1, f"task {task_id} has no section: mark one as task-{task_id}"
            )
    return raises


def _require_inside_a_function(source: MarkedSource, section: Section) -> None:
    try:
        tree = ast.parse("\n".join(source.lines))
    except SyntaxError as error:
        raise SourceError(source.file, error.lineno or 1, f"not Python: {error.msg}") from None
    inside = range(section.start, section.end)
    code = [index + 1 for index in inside if not re.match(r"\s*(#|$)", source.lines[index])]
    last_line = code[-1] if code else section.start
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if node.lineno <= section.start and last_line <= (node.end_lineno or 0):
            return
    problem = (
        f"section {section.name} must stand inside a function, so that the starter can be imported"
    )
    raise SourceError(source.file, section.start + 1, problem)


def _formatted(chapter: Chapter, text: str) -> str:
    """Return the text as ruff formats it, because titles may be long and markers leave blanks."""
    command = [
        sys.executable,
        "-m",
        "ruff",
        "format",
        "--stdin-filename",
        str(chapter.starter),
        "-",
    ]
    done = subprocess.run(
        command, input=text, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode != 0:
        problem = f"with its tasks blanked this is not Python: {done.stderr.strip()}"
        raise SourceError(chapter.solution, 1, problem)
    return done.stdout
