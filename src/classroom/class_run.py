"""One run over a class: collect, grade what is new, mark, and write everything that shows it.

It can be killed anywhere and started again: what is collected and judged is kept by content, and
everything else is made from that each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from classroom.changes import changes
from classroom.collecting import Collected, chapters_handed_in, collect
from classroom.errors import ClassError
from classroom.grading import Judge, grade_all, to_grade
from classroom.marks import NOT_GRADED, Mark, Marker, attempts_by_student, unknown_names, with_ids
from classroom.nothing import nothing
from classroom.outputs.formats import nbgrader_csv
from classroom.outputs.gradebook import check, fill_in
from classroom.outputs.results_csv import results_csv
from classroom.outputs.write_pages import write_pages
from classroom.pseudonyms import Pseudonyms
from classroom.roster import Roster, is_called, normalized, read_roster
from classroom.settings import Settings, read_settings
from classroom.store import Store, open_store
from classroom.submission import Submission, digest_of
from classroom.times import read_times
from classroom.versions import versions_of, without_hidden_tests
from course import Chapter, SourceError, all_chapters
from course.files import write_atomically
from course.tasks import About, read_tasks
from isolation import Level, judge
from isolation.job import BROKE

MOST_NAMED = 5  # files that were passed over


class Progress(Protocol):
    """What is told how far a run is."""

    def begin(self, total: int, known: int) -> None:
        """Gradings begin."""

    def done(self) -> None:
        """One more is done."""


@dataclass(frozen=True)
class Options:
    """What a run is asked to do. Without `chapters`, it is the one that was handed in."""

    root: Path
    submissions: tuple[Path, ...]
    output: Path
    level: Level
    chapters: tuple[Chapter, ...] = ()
    class_file: Path | None = None
    jobs: int = 1
    only: tuple[str, ...] = ()
    regrade: bool = False
    anonymous: bool = False
    into: Path | None = None
    column: str | None = None
    formats: tuple[str, ...] = ()


@dataclass
class Finished:
    """What a run has done. `shown` are the marks to show; `written` has files by what they are.

    `problem` is why the gradebook could not be filled in, or "".
    """

    marks: list[Mark]
    shown: list[Mark]
    remarks: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    written: dict[str, Path] = field(default_factory=dict)
    problem: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether everything that was to be shown has been graded, and written."""
        return not self.problem and not any(
            mark.outcome in (NOT_GRADED, BROKE) for mark in self.shown
        )


class ClassRun:
    """One run. The settings are read when it is made, so a mistake in them ends it at once."""

    def __init__(self, options: Options, how: Judge = judge) -> None:
        self._options, self._how = options, how
        self.settings = read_settings(options.class_file)
        self.roster = read_roster(self.settings.roster) if self.settings.roster else Roster()
        self._times = read_times(self.settings.times)
        self.chapters = options.chapters or self._chapters()
        try:
            self.abouts = [read_tasks(chapter) for chapter in self.chapters]
        except (OSError, SourceError) as error:
            raise ClassError(str(error)) from None
        if options.into:  # before anything is graded
            try:
                check(options.into.read_bytes(), options.column, self.chapters)
            except OSError as error:
                raise ClassError(f"{options.into} cannot be read: {error.strerror}.") from None

    def grade(self, progress: Progress) -> Finished:
        """Do all of it. Raises `ClassError`, OSError and KeyboardInterrupt as `grade_all` does."""
        with open_store(self._options.output) as store:
            since = store.regrade_began if store.regrading else store.size()
            return self._grade(store, progress, since)

    def _grade(self, store: Store, progress: Progress, since: int) -> Finished:
        options, settings = self._options, self.settings
        collected = collect(
            *(options.submissions, self.chapters, settings, self.roster, self._times, store)
        )
        self.settings = settings = with_ids(settings, collected.students)
        chosen = self._chosen(collected)
        attempts = attempts_by_student(collected.submissions, store, settings)
        every = self._wanted(attempts, {student.id for student in collected.students})
        wanted = [*self._wanted(attempts, chosen), *self._nothings(store)]
        if options.regrade:
            store.begin_regrade(digest for _, digest in wanted)
        tasks = to_grade(wanted, self.chapters, settings, store, options.level)
        progress.begin(len(tasks), len({*wanted}) - len(tasks))
        grade_all(tasks, store, options.level, options.jobs, lambda *_: progress.done(), self._how)
        left = to_grade(every, self.chapters, settings, store, options.level)
        if not {task.digest for task in left} & store.regrading:
            store.end_regrade()
        markers = [
            Marker(chapter, about, self._of_chapter(about), store, versions_of(chapter, settings))
            for chapter, about in zip(self.chapters, self.abouts, strict=True)
        ]
        marks = [
            marker.mark(student, attempts.get((student.id, marker.chapter.name), ()))
            for student in sorted(collected.students, key=lambda each: each.shown.casefold())
            for marker in markers
        ]
        finished = Finished(marks, [mark for mark in marks if mark.student.id in chosen])
        finished.remarks = self._remarks(collected, store, marks)
        self._write(finished, markers, store)
        finished.changes = changes(finished.shown, markers, store, since)
        return finished

    def _nothings(self, store: Store) -> list[tuple[str, str]]:
        """Return what partial credit needs to have judged, as `_wanted` does."""
        found = []
        for chapter in self.chapters if self.settings.partial_credit else ():
            source = nothing(chapter)
            found.append((chapter.name, digest_of(source)))
            store.keep_source(found[-1][1], chapter.name, source)
        return found

    def _of_chapter(self, about: About) -> Settings:
        """Return the settings with the chapter's share of the points that all of it is worth."""
        if self.settings.points is None:
            return self.settings
        every = sum(task.points for each in self.abouts for task in each.tasks)
        own = sum(task.points for task in about.tasks)
        return replace(self.settings, points=self.settings.points * own / every)

    def _write(self, finished: Finished, markers: Sequence[Marker], store: Store) -> None:
        output, written = self._options.output, finished.written
        shown = finished.marks
        if sheet := self._options.into:
            self._fill_in(sheet, finished)
        if self._options.anonymous:
            codes = Pseudonyms(output)
            written["Whose code is whose"] = codes.write_names([m.student for m in shown])
            known = {mark.student.id: mark.student for mark in shown}.values()
            finished.remarks = [codes.hide(remark, known) for remark in finished.remarks]
            finished.problem = codes.hide(finished.problem, known)
            shown = [codes.mark(mark) for mark in shown]
            shown.sort(key=lambda mark: (mark.student.id, mark.chapter.number))  # not as names are
            of_chosen = {codes.code(mark.student.id) for mark in finished.shown}
            finished.marks = shown
            finished.shown = [mark for mark in shown if mark.student.id in of_chosen]
        formats = self._options.formats
        written["Class"] = write_pages(
            *(output, shown, markers, store, self.settings, formats),
            quote_comments=not self._options.anonymous,
        )
        written["Results"] = output / "results.csv"
        write_atomically(written["Results"], results_csv(shown))
        if "nbgrader" in formats:
            written["For nbgrader"] = output / "nbgrader.csv"
            write_atomically(written["For nbgrader"], nbgrader_csv(shown).encode())
        for name in {"gradescope", "classroom50"} & {*formats}:
            written[f"For {name}"] = output / name

    def _fill_in(self, sheet: Path, finished: Finished) -> None:
        try:
            filled = fill_in(
                sheet.read_bytes(), finished.shown, self._options.column, self.chapters
            )
            write_atomically(sheet, filled.data)
        except ClassError as error:  # everything else is still written and shown
            finished.problem = f"{sheet} was not filled in. {error}"
            return
        except OSError as error:
            finished.problem = f"{sheet} was not filled in: {error.strerror or error}."
            return
        finished.remarks += filled.remarks
        rows = "1 row" if filled.count == 1 else f"{filled.count} rows"
        finished.written[f"Filled in, {rows} of {filled.column!r}"] = sheet

    def _chapters(self) -> tuple[Chapter, ...]:
        """Return what class.toml says, or the one chapter that was handed in."""
        every = all_chapters(self._options.root)
        if numbers := self.settings.chapters:
            known = {chapter.number: chapter for chapter in every}
            for number in numbers:
                if number not in known:
                    raise ClassError(f"class.toml: there is no chapter {number}.")
            return tuple(known[number] for number in numbers)
        found = chapters_handed_in(self._options.submissions, every)
        if len(found) == 1:
            return tuple(found)
        numbers_found = ", ".join(str(chapter.number) for chapter in found)
        what = (
            f"files of the chapters {numbers_found}" if found else "no file with a chapter's name"
        )
        raise ClassError(f"The submissions have {what}. Say which to grade, such as: --chapter 6")

    def _chosen(self, collected: Collected) -> set[str]:
        """Return the students to grade now: all, or those of `--only`."""
        if not self._options.only:
            return {student.id for student in collected.students}
        found = set()
        for name in self._options.only:
            fitting = [each for each in collected.students if is_called(each, name)]
            if len(fitting) != 1:
                how_many = "no student" if not fitting else f"{len(fitting)} students"
                raise ClassError(f"--only: {name!r} fits {how_many}. Use the name in results.csv.")
            found.add(fitting[0].id)
        return found

    def _wanted(
        self, attempts: dict[tuple[str, str], list[Submission]], students: set[str]
    ) -> list[tuple[str, str]]:
        """Return what has to be judged for these students: (chapter, digest)."""
        return [
            (each.chapter, each.digest)
            for (student, _), listed in sorted(attempts.items())
            for each in (listed if self.settings.attempt == "best" else listed[-1:])
            if student in students and each.digest
        ]

    def _remarks(self, collected: Collected, store: Store, marks: Sequence[Mark]) -> list[str]:
        found = unknown_names(self.settings, collected.students, self.abouts)
        found += without_hidden_tests(self.chapters, self.settings)
        if collected.unknown:
            found.append(f"Not in the roster: {', '.join(collected.unknown)}.")
            if self.roster.header in {normalized(name) for name in collected.unknown}:
                found.append(
                    f"The roster begins with {self.roster.header!r}. Its first line has to be "
                    "headers, such as: student,name"
                )
        if passed_over := collected.passed_over:
            listed = ", ".join(passed_over[:MOST_NAMED])
            more = f" and {len(passed_over) - MOST_NAMED} more" if passed_over[MOST_NAMED:] else ""
            found.append(f"Passed over, because no program is in it: {listed}{more}.")
        if unknown := sum(mark.late.is_unknown for mark in marks):
            found.append(
                f"It is not known when {unknown} of the submissions were handed in, so they lose "
                "nothing for lateness. Name a file with the times in class.toml: times = ..."
            )
        if store.damaged:
            lines = ", ".join(map(str, store.damaged))
            found.append(
                f"{store.file} is damaged in line {lines}: what was there is graded again."
            )
        return found
