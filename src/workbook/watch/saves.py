"""Which chapter was saved: the files in work/ are watched, in whatever way an editor writes them.

Some editors write into the file, some write another and rename it, some delete the old one first;
some save twice. All of it is seen as the file's name changing or coming back. Other files (swap
files, backups, progress.json) are nobody's chapter. The checkout itself is watched as well, for
work/ to come back when it was deleted.

The system tells of changes where it can. It cannot on a network mount, nor on Windows' drives
under WSL: there the files are looked at ten times a second. watchfiles compares whole seconds when
it looks (its issue 319), and misses a save in the same second as the one before. So once nothing
has happened for a second, the times of the files are compared in full.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from pathlib import Path

from watchfiles import Change, awatch

from course import Chapter, all_chapters
from workbook.checkout.project import last_saved
from workbook.setup.network_mounts import is_network

TOGETHER = 20  # milliseconds without a change, after which what changed is one save
LOOK = 100  # milliseconds between two looks at the files, where it comes to that
NOTHING = 1000  # milliseconds without a change, after which looking goes into detail


async def saves(project: Path, polling: bool = False) -> AsyncIterator[list[Chapter]]:
    """Yield the chapters whose files in work/ were saved, again and again.

    `polling` looks at the files even where the system would tell. Raises OSError when work/ cannot
    be watched.
    """
    looks = True if polling or is_network(project) else None  # None: as watchfiles thinks best
    while True:
        try:
            async for saved in _until_work_changes(project, looks):
                yield saved
        except OSError:
            if looks:
                raise
            looks = True  # the system has too many files to watch


async def _until_work_changes(project: Path, looks: bool | None) -> AsyncIterator[list[Chapter]]:
    """Yield what was saved until work/ itself is made, which is then to be watched anew."""
    work = project / "work"
    work.mkdir(exist_ok=True)
    seen = awatch(
        *(project, work),
        watch_filter=_counts,
        recursive=False,
        step=TOGETHER,
        force_polling=looks,
        poll_delay_ms=LOOK,
        rust_timeout=NOTHING,
        yield_on_timeout=bool(looks),
    )
    times = _times(work)
    async with aclosing(seen):
        async for changes in seen:
            changed = {Path(path).name for _, path in changes}
            is_back = work.name in changed
            if looks:
                before, times = times, _times(work)
                changed = {name for name, time in times.items() if time != before.get(name)}
            chapters = [each for each in all_chapters(project) if each.work.name in changed]
            if is_back and (last := last_saved(project)):
                chapters = [last]  # it was saved before anybody could tell
            if chapters:
                yield chapters
            if is_back:
                return


def _times(work: Path) -> dict[str, tuple[int, int]]:
    """When each file was changed, in nanoseconds, and its size in bytes."""
    times = {}
    for file in work.glob("*.py"):
        with suppress(FileNotFoundError):  # an editor may be about to replace it
            status = file.stat()
            times[file.name] = status.st_mtime_ns, status.st_size
    return times


def _counts(change: Change, path: str) -> bool:
    """Whether it may be a save of a chapter, or of work/ come back."""
    place = Path(path)
    is_chapter = place.parent.name == "work" and place.suffix == ".py"
    is_work = place.name == "work" and change == Change.added
    return is_work or (is_chapter and change != Change.deleted)
