"""What a worker does. A scheduler is told these functions by name; the code is the worker's own.

A worker refuses in one sentence what it could only do wrongly: with another version of the
workbook, or with less isolation than the teacher asked for. It never runs a student's program
itself: it starts a judge for each file, as `workbook grade` does on the teacher's machine.
"""

from __future__ import annotations

import platform
from pathlib import Path
from typing import Any

from classroom.cluster.call import Call, Reply, job_in, reply_with, version_for
from classroom.versions import code_version
from course import Chapter, find_root
from isolation import Judgement, Level, judge, machine
from isolation.job import BROKE
from isolation.session import temporary_folder
from room.worlds.folder import new_folder, remove_folder


def about() -> dict[str, Any]:
    """Return what a client asks before it hands over anything: this machine's version and level."""
    return {"version": code_version(), "level": machine.best_level().value}


def grade(call: Call) -> Reply:
    """Grade the file of a call. The reply has the judgement, or else `refused` with the reason."""
    root = find_root(Path(__file__)) or find_root(Path.cwd()) or Path.cwd()
    level = machine.best_level()
    if refused := _refusal(call, Chapter(root, call["chapter"]), level):
        return {"refused": f"The worker on {platform.node()} refuses: {refused}"}
    try:
        return reply_with(_judged(call, root, level))
    except Exception as error:  # one file that cannot be judged must not end the class
        trouble = f"The judge failed: {type(error).__name__}: {error}"
        return reply_with(Judgement(level, (), BROKE, trouble[:500], 0.0))


def _refusal(call: Call, chapter: Chapter, level: Level) -> str:
    least = Level(call["least"])
    if call["version"] != version_for(chapter):
        return "it has another version of the workbook or of the chapter's tests"
    if level < least:
        return (
            f"it isolates programs at the level {level.value!r}, and {least.value!r} is asked for. "
            f"{machine.why_not(least)}"
        )
    if level == Level.USER and least > Level.PROCESS and not call["is_private"]:
        return (
            f"at its level, {level.value!r}, a student's program can reach the network, and a "
            "cluster without TLS obeys anyone who does. Use tls://, or a machine with a sandbox"
        )
    return ""


def _judged(call: Call, root: Path, level: Level) -> Judgement:
    folder = new_folder("grading", str(temporary_folder()))  # where the next judge cleans up
    try:
        return judge(job_in(call, root, Path(folder)), level)
    finally:
        remove_folder(folder)
