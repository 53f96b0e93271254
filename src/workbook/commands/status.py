"""Plain `workbook`: print where the learner is and what comes next, in at most five lines."""

from __future__ import annotations

from pathlib import Path

from course import Chapter, all_chapters
from grader.report import PASSED
from workbook.checkout.next_step import first_to_do, next_chapter, next_step
from workbook.checkout.progress import Progress
from workbook.checkout.project import last_saved, short_path, workbook_command
from workbook.checkout.tasks import about
from workbook.terminal.wrap import say


def show_overview(project: Path, progress: Progress) -> None:
    """Print the status. Raises click.ClickException for a tasks.toml that cannot be read."""
    workbook, chapter = workbook_command(), next_chapter(project, progress)
    step = next_step(project, progress)
    say(_where(last_saved(project), project, progress))
    if chapter is None:
        say(f"There is nothing left to do here. To look back: {workbook} list")
        return
    say(f"Next: {step.text}")
    say(f"  read   {short_path(chapter.page)}")
    if chapter.work.is_file():
        say(f"  write  {_place(chapter, progress)}")
        say(f"  check  {step.command}   (on every save: {workbook} watch)")
    else:
        say(f"  type   {step.command}")
        say(f"All chapters: {workbook} list   All commands: {workbook} --help")


def how_far(project: Path, progress: Progress) -> str:
    """Say in one sentence how many chapters have passed and about how long the rest takes."""
    chapters, done = _chapters(project), _done(project, progress)
    if done == len(chapters):
        return f"All {done} chapters have passed."
    left = sum(_minutes_left(chapter, progress) for chapter in chapters)
    return f"{done} of {len(chapters)} chapters passed, about {_duration(left)} left."


def _where(here: Chapter | None, project: Path, progress: Progress) -> str:
    """Return the first line. Over 80 columns it would wrap, and five lines would become more."""
    if here is None:
        return f"Nothing is started yet: {how_far(project, progress)}"
    verdicts, content = progress.verdicts(here), about(here)
    passed = sum(1 for task in content.tasks if verdicts.get(task.id) == PASSED)
    state = f"{passed} of {len(content.tasks)} tasks done" if verdicts else "not checked yet"
    if progress.has_passed(here):
        state = "passed"
    done = f"{_done(project, progress)} of {len(_chapters(project))} chapters done"
    return f"Chapter {here.number}, {content.title}: {state}. {done}."


def _chapters(project: Path) -> list[Chapter]:
    return [chapter for chapter in all_chapters(project) if about(chapter).tasks]


def _done(project: Path, progress: Progress) -> int:
    return sum(1 for chapter in _chapters(project) if progress.has_passed(chapter))


def _minutes_left(chapter: Chapter, progress: Progress) -> int:
    if progress.has_passed(chapter):
        return 0
    verdicts, content = progress.verdicts(chapter), about(chapter)
    return content.minutes - sum(t.minutes for t in content.tasks if verdicts.get(t.id) == PASSED)


def _duration(minutes: int) -> str:
    """Say the time in minutes, or rounded to half hours: it is only an estimate."""
    if minutes < 60:
        return f"{minutes} minutes"
    hours = round(minutes / 30) / 2
    return "1 hour" if hours == 1 else f"{hours:g} hours"


def _place(chapter: Chapter, progress: Progress) -> str:
    """Return the file, and the line of the next task if the file still has its marker."""
    task = first_to_do(chapter, progress)
    try:
        lines = chapter.work.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    number = next((n for n, line in enumerate(lines, 1) if f"Task {task.id}:" in line), None)
    return f"{short_path(chapter.work)}, line {number}" if number else short_path(chapter.work)
