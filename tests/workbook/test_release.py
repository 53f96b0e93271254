"""The student edition: what is in it, what is not, and that a student can work with it.

Editions up to chapters 1, 3 and 8 are written once, from this checkout, and used as students would.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from course import Chapter, all_chapters
from course.sections import MarkedSource
from course.tasks import read_tasks
from workbook.release.pages import student_page

CHECKOUT = Path(__file__).parents[2]
CHAPTERS = all_chapters(CHECKOUT)
EDITIONS = (1, 3, 8)
CODE = ("src/", "authoring/", "playground/")  # where a chapter's name alone tells nothing


def workbook(*arguments: str, at: Path = CHECKOUT) -> subprocess.CompletedProcess[str]:
    """Run the `workbook` of the checkout or edition at `at`, and not the one that is installed."""
    paths = {"PYTHONPATH": f"{at}:{at / 'src'}", "NO_MKDOCS_2_WARNING": "1"}
    command = [sys.executable, "-P", "-m", "workbook", *arguments]
    return subprocess.run(
        command, cwd=at, env={**os.environ, **paths}, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="session", params=EDITIONS)
def edition(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, int]:
    """The folder of an edition, and the number of its last chapter."""
    out = tmp_path_factory.mktemp("edition") / f"up-to-{request.param}"
    done = workbook("release", str(out), "--up-to", str(request.param))
    assert (done.returncode, done.stderr) == (0, "")
    return out, request.param


@pytest.fixture(scope="session")
def smallest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The edition with chapters 0 and 1."""
    out = tmp_path_factory.mktemp("edition") / "class"
    assert workbook("release", str(out), "--up-to", "1").returncode == 0
    return out


def in_one_line(text: str) -> str:
    return " ".join(text.split())


def texts(out: Path) -> dict[str, str]:
    """What can be read in each file, with lines joined. A notebook's is what is in its cells."""
    found = {}
    for file in sorted(out.rglob("*")):
        if not file.is_file() or {"__pycache__", "site", ".venv"} & {*file.parts}:
            continue
        text = file.read_text(encoding="utf-8", errors="replace")
        if file.suffix == ".ipynb":
            text = "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
        found[str(file.relative_to(out))] = in_one_line(text)
    return found


def secrets(chapter: Chapter) -> Iterator[str]:
    """What nobody should read before the chapter is released."""
    for task in read_tasks(chapter).tasks:
        yield from (task.title, *task.hints, *(mistake.hint for mistake in task.mistakes))
    yield from written_by_learners(chapter)


def written_by_learners(chapter: Chapter) -> Iterator[str]:
    """The lines of our solution that are missing in the starter, task by task."""
    source = MarkedSource(chapter.solution)
    for section in source.sections.values():
        if section.name.startswith("task-"):
            yield source.section_text(section.name)


def test_nothing_of_a_later_chapter_is_in_it(edition: tuple[Path, int]) -> None:
    out, last = edition
    inside = texts(out)
    later = [chapter for chapter in CHAPTERS if chapter.number > last]
    assert later
    found = [
        (chapter.name, name)
        for chapter in later
        for name, text in inside.items()
        if chapter.name in name or (chapter.name in text and not name.startswith(CODE))
    ]
    found += [
        (secret, name)
        for chapter in later
        for secret in secrets(chapter)
        for name, text in inside.items()
        if in_one_line(secret) in text
    ]
    assert found == []


def test_each_released_chapter_is_whole_but_for_its_solution(edition: tuple[Path, int]) -> None:
    out, last = edition
    assert [chapter.number for chapter in all_chapters(out)] == [*range(last + 1)]
    for chapter in all_chapters(out):
        files = (chapter.page, chapter.starter, chapter.tasks, chapter.notebook, chapter.test)
        assert [file for file in files if not file.is_file()] == []
        assert not chapter.solution.exists()


def test_the_last_solution_is_nowhere_but_in_what_the_page_says(edition: tuple[Path, int]) -> None:
    out, last = edition
    pages = (f"chapters/ch{last:02}", f"notebooks/ch{last:02}")
    inside = {name: text for name, text in texts(out).items() if not name.startswith(pages)}
    (chapter,) = (each for each in CHAPTERS if each.number == last)
    for lines in written_by_learners(chapter):
        assert [name for name, text in inside.items() if in_one_line(lines) in text] == []


def test_it_has_nothing_for_teachers_and_nothing_that_was_not_named(
    edition: tuple[Path, int],
) -> None:
    out, _ = edition
    for text in texts(out).values():
        assert "## For the teacher <details" not in text
        assert "The most common mistakes:" not in text
    kept = {
        "src",
        "authoring",
        "playground",
        "chapters",
        "notebooks",
        "recordings",
        "tests",
        "solutions",
    }
    assert {path.name for path in out.iterdir() if path.is_dir()} == kept | {".github"}
    assert {path.name for path in (out / "tests").iterdir()} == {"chapters"}
    assert not (out / "chapters" / "what-the-graders-catch.md").exists()


@pytest.mark.usefixtures("environment")
def test_a_right_file_passes_and_the_starter_does_not(edition: tuple[Path, int]) -> None:
    out, last = edition
    (chapter,) = (each for each in CHAPTERS if each.number == last)
    right = workbook("check", str(last), str(chapter.solution), at=out)
    assert right.returncode == 0, right.stdout + right.stderr
    assert workbook("start", str(last), at=out).returncode == 0
    mine = workbook("check", str(last), "--world", "child", at=out)
    assert (mine.returncode, "not written yet" in mine.stdout) == (1, True)
    (out / "work" / f"{chapter.name}.py").unlink()


def test_its_site_has_no_dead_link(edition: tuple[Path, int]) -> None:
    out, last = edition
    environment = {**os.environ, "PYTHONPATH": f"{out}:{out / 'src'}"}
    environment |= {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}
    command = [sys.executable, "-P", "-m", "mkdocs", "build", "--strict", "--quiet"]
    done = subprocess.run(
        command, cwd=out, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    chapter = next((out / "site").glob(f"ch{last:02}_*/index.html")).read_text(encoding="utf-8")
    assert "Hint 1 of" in chapter
    assert "The whole solution" not in chapter


def test_its_notebooks_show_what_ours_show(edition: tuple[Path, int]) -> None:
    """The cells that run our solutions run a recording here, with the same outputs."""
    out, last = edition
    (chapter,) = (each for each in all_chapters(out) if each.number == last)
    assert outputs(chapter) == outputs(Chapter(CHECKOUT, chapter.name)) != ""


def outputs(chapter: Chapter) -> str:
    """What the notebook's cells print, without the last two, when they are run now."""
    root = chapter.root
    paths = {"PYTHONPATH": f"{root}:{root / 'src'}"}
    program = (
        "import asyncio, sys; from course import Chapter; from pathlib import Path;"
        "from workbook.release.recordings import _run_cells;"
        f"asyncio.run(_run_cells(Chapter(Path({str(root)!r}), {chapter.name!r})))"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", program],
        cwd=chapter.root / "notebooks",
        env={**os.environ, **paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_commands_know_that_there_are_no_solutions(smallest: Path) -> None:
    for command in ("solution 1", "solution 1 --anyway", "diff 1", "run 1 --solution"):
        done = workbook(*command.split(), at=smallest)
        assert done.returncode == 1
        assert "A student edition comes without solutions: ask your teacher." in done.stderr
        assert "git restore" not in done.stderr
    assert "ask your teacher" in workbook("hint", "1.1", "3", at=smallest).stdout
    assert "Build it, which needs npm: make site" in workbook("play", "1", at=smallest).stderr


@pytest.mark.usefixtures("environment")
def test_the_doctor_finds_nothing_missing(smallest: Path) -> None:
    found = workbook("doctor", at=smallest).stdout
    assert "good  Checkout: 2 chapters in" in found
    assert "good  A check: the starter of chapter 0 is checked" in found
    assert "Grading" not in found


def test_with_solutions_it_has_those_of_its_chapters_and_no_others(tmp_path: Path) -> None:
    assert (
        workbook("release", f"{tmp_path}/out", "--up-to", "1", "--with-solutions").returncode == 0
    )
    solutions = {file.name for file in (tmp_path / "out" / "solutions").glob("ch*")}
    assert solutions == {"ch00_warm_up.py", "ch01_echo_server.py"}
    assert not (tmp_path / "out" / "recordings").exists()
    ideas = (tmp_path / "out" / "chapters" / "where-each-idea-lives.md").read_text()
    assert "ch01_echo_server" in ideas
    assert "ch02" not in ideas


def test_a_later_release_replaces_the_edition_and_keeps_what_is_not_ours(tmp_path: Path) -> None:
    out = tmp_path / "class"
    assert workbook("release", str(out), "--up-to", "3").returncode == 0
    mine = {out / "work" / "ch03_on_connection.py": "mine", out / ".git" / "HEAD": "main"}
    mine |= {out / "syllabus.md": "# Fridays"}
    for file, text in mine.items():
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    again = workbook("release", str(out), "--up-to", "1")
    assert (again.returncode, "is not empty" in again.stderr) == (1, True)
    assert Chapter(out, "ch03_on_connection").page.is_file()
    assert workbook("release", str(out), "--up-to", "1", "--force").returncode == 0
    assert [chapter.number for chapter in all_chapters(out)] == [0, 1]
    assert not Chapter(out, "ch03_on_connection").page.parent.exists()
    assert {file: file.read_text() for file in mine} == mine


def git(*arguments: str, at: Path) -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        **{
            f"GIT_{who}_{what}": "ada"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        },
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    subprocess.run(["git", *arguments], cwd=at, env=environment, check=True, capture_output=True)


def test_a_students_repository_takes_the_next_edition_without_a_conflict(tmp_path: Path) -> None:
    course, student = tmp_path / "class", tmp_path / "networks"
    assert workbook("release", str(course), "--up-to", "1").returncode == 0
    git("init", "--quiet", "--initial-branch", "main", at=course)
    git("add", ".", at=course)
    git("commit", "--message", "Chapter 1", at=course)
    git("clone", "--quiet", "--origin", "course", str(course), str(student), at=tmp_path)
    mine = Chapter(student, "ch01_echo_server").work
    mine.parent.mkdir()
    mine.write_text("mine")
    git("add", "work", at=student)
    git("commit", "--message", "My echo server", at=student)
    assert workbook("release", str(course), "--up-to", "2", "--force").returncode == 0
    git("add", "--all", at=course)
    git("commit", "--message", "Chapter 2", at=course)
    git("pull", "--quiet", "--no-rebase", "--no-edit", "course", "main", at=student)
    assert mine.read_text() == "mine"
    assert [chapter.number for chapter in all_chapters(student)] == [0, 1, 2]


@pytest.fixture
def pushed(smallest: Path, tmp_path: Path) -> Path:
    """A student's repository on a runner, with an environment that was set up before."""
    there = tmp_path / "repository"
    shutil.copytree(smallest, there, ignore=shutil.ignore_patterns("work", "site"))
    (there / "work").mkdir()
    binaries = there / ".venv" / "bin"
    binaries.mkdir(parents=True)
    (binaries / "python").write_text(f'#!/bin/sh\nexec {sys.executable} -P "$@"\n')
    (binaries / "python").chmod(0o755)
    for stamp in (".minimal", ".full"):
        (there / ".venv" / stamp).touch()
    return there


def feedback(repository: Path) -> tuple[int, str]:
    """Run the workflow's own steps as a runner does. Returns the status and the summary."""
    workflow = yaml.safe_load((repository / ".github/workflows/feedback.yml").read_text())
    summary = repository.parent / "summary.md"
    summary.write_text("")
    paths = {
        "PYTHONPATH": f"{repository / 'src'}",
        "GITHUB_STEP_SUMMARY": str(summary),
        "CI": "true",
    }
    status = 0
    for step in workflow["jobs"]["feedback"]["steps"]:
        if status == 0 and "run" in step:
            command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
            done = subprocess.run(command, cwd=repository, env={**os.environ, **paths}, check=False)
            status = done.returncode
    return status, summary.read_text()


@pytest.mark.usefixtures("environment")
def test_the_workflow_gives_feedback_on_each_file_and_says_that_it_is_no_grade(
    pushed: Path,
) -> None:
    status, summary = feedback(pushed)
    assert (status, "There is nothing in work/ yet" in summary) == (0, True)
    shutil.copy(Chapter(CHECKOUT, "ch01_echo_server").solution, pushed / "work")
    status, summary = feedback(pushed)
    assert status == 0
    assert "## Feedback, not a grade" in summary
    assert "    2 of 2 tasks passed." in summary
    hostile = Chapter(pushed, "ch00_warm_up").work
    hostile.write_text("raise SystemExit('```\\n# All right')")
    status, summary = feedback(pushed)
    assert status == 1
    assert all(line.startswith("    ") for line in summary.splitlines()[4:] if line)


def test_the_workflow_can_only_read(smallest: Path) -> None:
    workflow = yaml.safe_load((smallest / ".github/workflows/feedback.yml").read_text())
    assert workflow["permissions"] == {"contents": "read"}
    (checkout,) = (
        step
        for step in workflow["jobs"]["feedback"]["steps"]
        if "with" in step and "checkout" in step["uses"]
    )
    assert checkout["with"]["persist-credentials"] is False


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (". --up-to 3", "is the workbook itself, or contains it"),
        (".. --up-to 3", "is the workbook itself, or contains it"),
        ("chapters/new --up-to 3", "is inside a folder of the workbook"),
        ("README.md --up-to 3", "README.md is a file"),
        ("OUT --up-to 12", "There is no chapter 12. Choose from: 0, 1, 2,"),
        ("OUT", "Missing option '--up-to'"),
    ],
)
def test_what_cannot_be_released_is_refused_in_a_line(
    arguments: str, message: str, tmp_path: Path
) -> None:
    done = workbook("release", *arguments.replace("OUT", f"{tmp_path}/out").split())
    assert done.returncode != 0
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_chapters_that_no_release_wrote_are_not_mixed_with_an_edition(tmp_path: Path) -> None:
    (tmp_path / "chapters").mkdir()
    done = workbook("release", str(tmp_path), "--up-to", "1", "--force")
    assert "has chapters that no release wrote" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["chapters"]


def test_a_list_that_was_edited_removes_nothing_outside(tmp_path: Path) -> None:
    out, outside = tmp_path / "class", tmp_path / "outside"
    assert workbook("release", str(out), "--up-to", "0").returncode == 0
    outside.write_text("stays")
    listed = json.loads((out / ".student-edition.json").read_text())
    listed["files"] += ["../outside", str(outside)]
    (out / ".student-edition.json").write_text(json.dumps(listed))
    assert workbook("release", str(out), "--up-to", "0", "--force").returncode == 0
    assert outside.read_text() == "stays"


PAGE = """\
# A page

<!-- whole-edition -->
Only ours.
<!-- /whole-edition -->
<!-- student-edition
Only theirs.
-->
[one](ch01/index.md#top), [two](ch02/index.md), [web](https://example.org/), [here](#top)

| [one](ch01/index.md) | kept |
| [two](ch02/index.md) | `its line` |

```text
[two](ch02/index.md)
```

## For the teacher

Psst.
"""


def test_a_page_loses_what_leads_nowhere() -> None:
    assert student_page(PAGE, "chapters/index.md", {"chapters/ch01/index.md"}) == (
        "# A page\n\nOnly theirs.\n"
        "[one](ch01/index.md#top), two, [web](https://example.org/), [here](#top)\n\n"
        "| [one](ch01/index.md) | kept |\n\n"
        "```text\n[two](ch02/index.md)\n```\n"
    )
