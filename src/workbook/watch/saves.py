"""Reports which chapter was saved or deleted, in whatever way an editor writes files.

Some editors write into the file. Some write another file and rename it. Some delete the old file
first, and some save twice. In each case, the file's name changes or comes back. Other files, such
as swap files, backups and progress.json, belong to no chapter. The checkout itself is watched too,
in case work/ is deleted and comes back.

The system reports changes where it can. It cannot on a network mount, nor on Windows' drives under
WSL, nor behind a link, nor when this user has taken all its watchers: there we poll the files ten
times a second. When watchfiles polls, it compares whole seconds (its issue 319), and misses a
second save within the same second. So after one second without a change, we compare the files'
exact times.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from pathlib import Path

from watchfiles import Change, awatch
from watchfiles._rust_notify import WatchfilesRustInternalError

from course import Chapter, all_chapters
from workbook.checkout.project import last_saved
from workbook.setup.network_mounts import is_network

QUIET = 20  # milliseconds without a change that end one save
POLL_INTERVAL = 100  # milliseconds
IDLE = 1000  # milliseconds without a change, after which polling compares exact times


async def saves(project: Path, polling: bool = False) -> AsyncIterator[list[Chapter]]:
    """Yield the chapters whose files in work/ were saved, or are gone, again and again.

    `polling` polls the files even where the system would report changes. Raises OSError when work/
    cannot be watched.
    """
    must_poll = polling or is_network(project) or _has_links(project / "work")
    force_polling = True if must_poll else None  # None: watchfiles decides
    while True:
        try:
            async for saved in _saves_until_work_is_made(project, force_polling):
                yield saved
        except OSError:  # the system has too many files to watch
            if force_polling:
                raise
            force_polling = True
        except WatchfilesRustInternalError as error:  # it has too many watchers, or any other limit
            if force_polling:
                raise OSError(str(error)) from error
            force_polling = True


async def _saves_until_work_is_made(
    project: Path, force_polling: bool | None
) -> AsyncIterator[list[Chapter]]:
    """Yield changed chapters until work/ itself is made again. Then it needs a new watcher."""
    work = project / "work"
    work.mkdir(exist_ok=True)
    watcher = awatch(
        *(project, work),
        watch_filter=_is_relevant,
        recursive=False,
        step=QUIET,
        force_polling=force_polling,
        poll_delay_ms=POLL_INTERVAL,
        rust_timeout=IDLE,
        yield_on_timeout=bool(force_polling),
    )
    times = _times(work)
    async with aclosing(watcher):
        async for changes in watcher:
            changed = {Path(path).name for _, path in changes}
            is_back = work.name in changed
            if force_polling:
                before, times = times, _times(work)
                names = before.keys() | times.keys()
                changed = {name for name in names if before.get(name) != times.get(name)}
            chapters = [each for each in all_chapters(project) if each.work.name in changed]
            if is_back and (last := last_saved(project)):
                chapters = [last]  # it was saved before work/ was watched
            if chapters:
                yield chapters
            if is_back:
                return


def _has_links(work: Path) -> bool:
    """Return whether a chapter's file is a link. The system reports no save behind a link."""
    return any(file.is_symlink() for file in work.glob("*.py"))


def _times(work: Path) -> dict[str, tuple[int, int]]:
    """Return when each file was changed, in nanoseconds, and its size in bytes."""
    times = {}
    for file in work.glob("*.py"):
        with suppress(FileNotFoundError):  # an editor may be about to replace it
            status = file.stat()
            times[file.name] = status.st_mtime_ns, status.st_size
    return times


def _is_relevant(change: Change, path: str) -> bool:
    """Return whether a change may be that of a chapter's file, or a new work/ folder."""
    file = Path(path)
    is_chapter = file.parent.name == "work" and file.suffix == ".py"
    is_work = file.name == "work" and change == Change.added
    return is_work or is_chapter
