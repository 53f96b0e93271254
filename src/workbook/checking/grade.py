"""Grades a chapter's file for the commands: runs its tests, or says in one message why it cannot.

The graded program runs only in child processes. If a file cannot be graded, `trouble` has the
message; that is never a pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from course import Chapter
from grader.report import PASSED, Result
from grader.run import run
from workbook.checkout.project import short_path, workbook_command


@dataclass(frozen=True)
class Graded:
    """The results of a check. `trouble` says why nothing could be graded, or is "".

    Each result includes the conversation (`events`) and the test's source (`code`).
    """

    chapter: Chapter
    file: Path
    results: tuple[Result, ...]
    trouble: str = ""
    world: str | None = None  # the only one that was tried; None for all
    seed: int | None = None  # the only one that was tried; None for all

    @property
    def passed(self) -> bool:
        """Whether there were tests and each of them passed."""
        return (
            not self.trouble
            and bool(self.results)
            and all(result.verdict == PASSED for result in self.results)
        )

    @property
    def is_of_work(self) -> bool:
        """Whether it is a check of the learner's own file in work/."""
        return self.file.absolute() == self.chapter.work.absolute()

    @property
    def is_whole(self) -> bool:
        """Whether it shows how far the learner is: their file, every world, every seed."""
        return self.is_of_work and self.world is None and self.seed is None and bool(self.results)


def grade(
    chapter: Chapter,
    file: Path,
    *,
    world: str | None = None,
    seed: int | None = None,
    junitxml: Path | None = None,
) -> Graded:
    """Run the chapter's tests on a file, in one world or in all, with one seed or with all.

    Can be called any number of times. Until it returns, stdout and stderr of this process are
    redirected. Raises KeyboardInterrupt after Ctrl-C, once the children have ended.
    """
    if missing := _missing(chapter, file):
        return Graded(chapter, file, (), missing, world, seed)
    options = ["--file", str(file.absolute())]
    options += ["--world", world] if world else []
    options += ["--seed", str(seed)] if seed is not None else []
    options += [f"--junitxml={junitxml.absolute()}"] if junitxml else []
    try:
        found = run(chapter.test, chapter.root, options)
    except OSError as error:  # the JUnit file is the only one that pytest writes
        trouble = f"{error.filename or junitxml} cannot be written: {error.strerror}."
        return Graded(chapter, file, (), trouble, world, seed)
    trouble = "" if found.has_run and found.results else _not_run(chapter, found.output)
    return Graded(chapter, file, found.results, trouble, world, seed)


def _missing(chapter: Chapter, file: Path) -> str:
    """Return one line about a missing file; "" if no file is missing."""
    if not chapter.test.is_file():
        return (
            f"Chapter {chapter.number} has no tests ({short_path(chapter.test)}): nothing to check."
        )
    if file.is_file():
        return ""
    if file.is_dir():
        return f"{short_path(file)} is a folder. Name the file in it."
    if file.absolute() == chapter.work.absolute():
        start = f"{workbook_command()} start {chapter.number}"
        return f"{short_path(file)} is not there yet. Make it: {start}"
    return f"{short_path(file)} does not exist. Check the spelling."


def _not_run(chapter: Chapter, output: str) -> str:
    return (
        f"The tests of chapter {chapter.number} did not run. If you have changed them, bring them "
        f"back: git restore {short_path(chapter.test)}\n{output.strip()}"
    )
