"""What goes over the wire: a job without any path in it, and what came of it.

Both are plain data. A worker has its own copy of the workbook, so the chapter's tests are not sent,
only a digest of them. Everything else that a judgement depends on is in the call.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from classroom.versions import code_version
from course import Chapter
from isolation import Job, Judgement, Level
from isolation.record import as_json, from_json

Call = dict[str, Any]
Reply = dict[str, Any]


def call_for(job: Job, least: Level, is_private: bool) -> Call:
    """Return a job as plain data. Raises `OSError` when one of its files cannot be read.

    `least` is the level of isolation that the worker has to offer. `is_private` says whether the
    cluster speaks TLS, so that only its members can give orders to a worker.
    """
    return {
        "version": version_for(Chapter(job.root, job.chapter)),
        "least": least.value,
        "is_private": is_private,
        "chapter": job.chapter,
        "source": job.file.read_bytes(),
        "worlds": list(job.worlds),
        "seeds": job.seeds,
        "first_seed": job.first_seed,
        "hidden_tests": job.hidden_tests.read_bytes() if job.hidden_tests else None,
        "deadline": job.deadline,
    }


def job_in(call: Call, root: Path, folder: Path) -> Job:
    """Return the job of a call. Its files are written into `folder`, which must be ours alone."""
    chapter = Chapter(root, call["chapter"])
    (folder / "hidden").mkdir()
    file, hidden = folder / f"{chapter.name}.py", folder / "hidden" / chapter.test.name
    file.write_bytes(call["source"])
    if call["hidden_tests"] is not None:
        hidden.write_bytes(call["hidden_tests"])
    return Job(
        root=root,
        chapter=chapter.name,
        file=file,
        worlds=tuple(call["worlds"]),
        seeds=call["seeds"],
        first_seed=call["first_seed"],
        hidden_tests=None if call["hidden_tests"] is None else hidden,
        deadline=call["deadline"],
    )


def reply_with(judgement: Judgement) -> Reply:
    """Return a judgement as plain data."""
    return {
        "level": judgement.level.value,
        "results": json.dumps([as_json(result) for result in judgement.results]),
        "outcome": judgement.outcome,
        "trouble": judgement.trouble,
        "seconds": judgement.seconds,
    }


def judgement_in(reply: Reply) -> Judgement:
    """Return the judgement of a reply. Raises `Malformed` when it cannot be read."""
    return Judgement(
        level=Level(reply["level"]),
        results=tuple(from_json(result) for result in json.loads(reply["results"])),
        outcome=str(reply["outcome"]),
        trouble=str(reply["trouble"]),
        seconds=float(reply["seconds"]),
    )


def version_for(chapter: Chapter) -> str:
    """Return what both sides must have alike: the code that judges, and a chapter's files."""
    found = hashlib.sha256()
    for file in (chapter.test, chapter.test.with_name("passages.json"), chapter.tasks):
        content = file.read_bytes() if file.is_file() else b""
        found.update(f"{file.name} {len(content)}\n".encode() + content)
    return f"{code_version()}-{found.hexdigest()[:10]}"
