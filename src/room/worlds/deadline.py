"""Limits how long the judge waits for an answer, by what the program does, not by the clock.

In virtual time an honest answer takes milliseconds of work. On a busy machine, the program can wait
seconds for those milliseconds, and that is nobody's fault. So the limit counts two things of which
an honest program needs little, however slow the machine is: CPU time, as the system measures it,
and sleep, counted by looking at the process again and again. Waiting for the processor counts as
neither.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from time import monotonic

from room.worlds.processes import Process, group_of, look_at

LOOK = 0.02  # seconds between two looks
FAMILY = {4, 8, 16, 32, 64, 128}  # numbers of the looks that include the processes it started
MOST_PROCESSES = 64
MOST_MEMORY = 2**30  # bytes, for all of them together
MOST_STORED = 2**26  # bytes in the program's files
STORED = 4  # looks for each look at them
LONGEST = 60.0  # seconds on the clock, in case everything above fails


class Deadline:
    """A deadline for one answer of the process `pid`.

    `limit` is in seconds of CPU or sleep rather than wall-clock time. At `end`, on the clock of
    `time.monotonic`, the deadline is over in any case. `family` finds the program's processes: if
    not given, those of its group. `stored` counts the bytes in its files.
    """

    def __init__(
        self,
        pid: int,
        limit: float,
        end: float = inf,
        family: Callable[[], list[Process]] | None = None,
        stored: Callable[[], int] = int,
    ) -> None:
        self.processes = 1  # the most that were found at one look
        self.memory = 0  # bytes; the most that they held together
        self.stored = 0  # bytes in files, at the last look
        self._pid = pid
        self._family = family or (lambda: group_of(pid))
        self._stored = stored
        self._limit = limit
        self._asleep = 0.0
        self._worked = 0.0  # before the question
        self._by_others = 0.0
        self._looks = 0
        self._next = monotonic() + LOOK
        self._end = min(monotonic() + max(limit, LONGEST), end)

    def is_over(self) -> bool:
        """Return whether it is over. Call this again and again: a call may look at the process."""
        now = monotonic()
        if now < self._next:
            return False
        self._next = now + LOOK
        process = look_at(self._pid)
        if process is None:  # it has ended; the caller notices that
            return False
        return self._judge(process) or now > self._end

    def _judge(self, process: Process) -> bool:
        self._looks += 1
        if self._looks == 1:
            self._worked = process.seconds
        if self._looks in FAMILY:
            self.look_at_others()
        elif self._looks % STORED == 0:
            self.stored = self._stored()
        self._asleep += 0.0 if process.runs else LOOK
        worked = process.seconds - self._worked + self._by_others
        return max(worked, self._asleep) >= self._limit or self.has_too_many()

    def has_too_many(self) -> bool:
        """Return whether too many processes were found, or too much in memory or in files."""
        in_all = self.processes > MOST_PROCESSES, self.memory > MOST_MEMORY
        return any(in_all) or self.stored > MOST_STORED

    def look_at_others(self) -> None:
        """Look at the whole family: after a fork bomb, its leader gets little CPU time itself."""
        family = self._family()
        self.processes = max(self.processes, len(family))
        self.memory = max(self.memory, sum(one.memory for one in family))
        self.stored = self._stored()
        self._by_others = sum(one.seconds for one in family if one.pid != self._pid)
