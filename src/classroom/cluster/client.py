"""Hands jobs to a cluster, and waits for their judgements.

Dask gives a job to another worker when one dies. What comes back is written down by the caller, as
if it had been judged here. So a teacher's command that is killed loses only what was under way.
"""

from __future__ import annotations

import secrets
import threading
from concurrent.futures import CancelledError
from importlib.metadata import version
from types import TracebackType
from typing import Any

from distributed.scheduler import KilledWorker

from classroom.cluster import worker
from classroom.cluster.call import Call, Reply, call_for, judgement_in
from classroom.cluster.connection import TIMEOUT, Address, connect
from classroom.errors import ClassError
from classroom.versions import code_version
from isolation import Job, Judgement, Level
from isolation.job import BROKE
from room.wire import Malformed

LOOK = 10.0  # seconds between two looks at whether there are workers
ALONE = 60.0  # seconds without any worker before a run ends
AHEAD = 2  # calls for each of the workers' threads, so that none waits for the next

_KEPT = "What was graded is kept: the same command continues."


class Cluster:
    """The workers of a scheduler. Used in a `with`; threads may share it.

    Every worker is asked for its version and its level of isolation at once. Raises `ClassError`,
    with one line, when the scheduler cannot be reached or a worker cannot be used.
    """

    def __init__(self, address: Address, least: Level) -> None:
        self._address, self._least = address, least
        self._client = connect(address)
        self._suspects = threading.Lock()
        try:
            self.threads = self._checked()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Cluster:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def jobs(self) -> int:
        """How many calls to have under way."""
        return AHEAD * self.threads

    def close(self) -> None:
        """Leave the cluster. Calls that are under way are given up."""
        self._client.close(timeout=TIMEOUT)

    def judge(self, job: Job, least: Level) -> Judgement:
        """Have a file graded by some worker.

        A file during which workers die again and again is graded once more, after all others of
        that kind. If that ends in the same way, the judgement says so. Raises `ClassError` when the
        cluster cannot go on, and `OSError` when the file cannot be read.
        """
        call = call_for(job, least, self._address.is_private)
        try:
            return self._asked(call)
        except KilledWorker:
            with self._suspects:  # it may only have been beside one that did it
                return self._asked_alone(call, least)

    def _asked_alone(self, call: Call, least: Level) -> Judgement:
        try:
            return self._asked(call)
        except KilledWorker:
            trouble = "Workers died again and again while they graded this file."
            return Judgement(least, (), BROKE, trouble, 0.0)

    def _asked(self, call: Call) -> Judgement:
        name = f"workbook-{secrets.token_hex(8)}"  # a run never gets what an earlier one asked for
        try:
            future = self._client.submit(worker.grade, call, key=name, pure=False)
            reply = self._awaited(future)
            if refused := reply.get("refused"):
                raise ClassError(f"{refused}. {_KEPT}")
            return judgement_in(reply)
        except (KeyError, TypeError, ValueError, AttributeError, Malformed) as error:
            raise ClassError(f"A worker's answer cannot be read: {error!r}. {_KEPT}") from None
        except (CancelledError, OSError, RuntimeError) as error:
            raise ClassError(f"The scheduler at {self._address.url} is gone. {_KEPT}") from error

    def _awaited(self, future: Any) -> Reply:
        without = 0.0
        while True:
            try:
                return dict(future.result(timeout=LOOK))
            except TimeoutError:
                without = 0.0 if self._client.nthreads() else without + LOOK
                if without >= ALONE:
                    raise ClassError(
                        f"No worker has been left for {ALONE:g} seconds. Start one: dask worker "
                        f"{self._address.url}. {_KEPT}"
                    ) from None

    def _checked(self) -> int:
        """Ask every worker about itself. Returns how many threads they have."""
        try:
            self._client.wait_for_workers(1, timeout=TIMEOUT)
            versions = self._client.get_versions()
            found = self._client.run(worker.about, on_error="return")
            threads = sum(map(int, self._client.nthreads().values()))
        except TimeoutError:
            raise ClassError(
                f"The scheduler at {self._address.url} has no workers. Start one on each machine: "
                f"dask worker {self._address.url}"
            ) from None
        except (CancelledError, OSError, RuntimeError) as error:
            raise ClassError(f"The scheduler at {self._address.url} went away: {error}") from None
        troubles = [trouble for name in found if (trouble := self._trouble(found[name], name))]
        ours = version("distributed")
        for name, theirs in _dask_versions(versions):
            if theirs != ours:
                troubles.append(f"{name} has distributed {theirs}, and this machine {ours}")
        if troubles:
            raise ClassError(f"{troubles[0]}. Nothing was handed over.")
        return threads

    def _trouble(self, about: Any, name: str) -> str:
        """Return why a worker cannot be used, or ""."""
        if not isinstance(about, dict):
            return (
                f"The worker at {name} has no workbook ({about}): start it in the workbook's "
                "folder, with .venv/bin/dask worker"
            )
        if about["version"] != code_version():
            return (
                f"The worker at {name} has version {about['version']} of the workbook, and this "
                f"machine {code_version()}: bring both to the same commit and start it again"
            )
        if Level(about["level"]) < self._least:
            return (
                f"The worker at {name} isolates programs at the level {about['level']!r}, and "
                f"{self._least.value!r} is asked for: `workbook doctor` there says how to get it"
            )
        return ""


def _dask_versions(versions: Any) -> list[tuple[str, str]]:
    """Return which version of `distributed` the scheduler and the workers have."""
    hosts = {"The scheduler": versions["scheduler"]} | {
        f"The worker at {name}": about for name, about in versions["workers"].items()
    }
    return [(name, about["packages"]["distributed"]) for name, about in hosts.items()]
