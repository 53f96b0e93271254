"""Says what changed in a chapter since the learner's file was started, or was checked last."""

from __future__ import annotations

from course import Chapter
from workbook.checkout.progress import Progress
from workbook.checkout.project import workbook_command
from workbook.checkout.tasks import about


def what_changed(chapter: Chapter, progress: Progress) -> str:
    """Return what changed, in a paragraph; "" if nothing that matters to work/CHAPTER.py did.

    A file whose starter is older stays as it is: it says so until the learner starts over.
    """
    changes, checked = about(chapter).changes, progress.version_checked(chapter)
    written = _text_of(chapter)
    older = [change for change in changes if change.since and change.since not in written]
    newer = [change for change in changes if checked is not None and change.version > checked]
    told = [change for change in changes if change in older or change in newer]
    if not told or not written:
        return ""
    since = "you started it" if older else "your last check"
    what = " ".join(change.says for change in told)
    start_over = (
        f" To start over with the new file and keep a copy of yours: {workbook_command()} reset "
        f"{chapter.number}"
    )
    return (
        f"Chapter {chapter.number} has changed since {since}. {what}{start_over if older else ''}"
    )


def _text_of(chapter: Chapter) -> str:
    try:
        return chapter.work.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
