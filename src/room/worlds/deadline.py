"""How long an answer is waited for: by what the program does meanwhile, not by the clock.

In virtual time an honest answer takes milliseconds of work. On a machine with a hundred other
things to do, those milliseconds may take seconds to come by, and that is nobody's fault. So the
limit is of two things that an honest program does not have much of, however slow the machine: work,
as the system measures it, and sleep, as it is found asleep when looked at. Waiting for a turn at
the processor counts as neither.
"""

from __future__ import annotations

from math import inf
from time import monotonic

from room.worlds.processes import Process, group_of, look_at

LOOK = 0.02  # seconds between two looks
FAMILY = {4, 8, 16, 32, 64, 128}  # looks at which the processes that it has started are looked at
MOST_PROCESSES = 64
LONGEST = 60.0  # seconds on the clock, if all that is said above fails


class Deadline:
    """With a process that was asked something; `limit` is in seconds of work, or of sleep. It is
    over at `end` in any case, on the clock.
    """

    def __init__(self, pid: int, limit: float, end: float = inf) -> None:
        self.processes = 1  # as many as were found
        self._pid = pid
        self._limit = limit
        self._asleep = 0.0
        self._worked = 0.0  # before it was asked
        self._by_others = 0.0
        self._looks = 0
        self._next = monotonic() + LOOK
        self._end = min(monotonic() + max(limit, LONGEST), end)

    def is_over(self) -> bool:
        """To be asked again and again: each time, it may take a look."""
        now = monotonic()
        if now < self._next:
            return False
        self._next = now + LOOK
        process = look_at(self._pid)
        if process is None:  # it has ended, which is found elsewhere
            return False
        return self._judge(process) or now > self._end

    def _judge(self, process: Process) -> bool:
        self._looks += 1
        if self._looks == 1:
            self._worked = process.seconds
        if self._looks in FAMILY:
            self._look_at_others()
        self._asleep += 0.0 if process.runs else LOOK
        worked = process.seconds - self._worked + self._by_others
        return max(worked, self._asleep) >= self._limit or self.processes > MOST_PROCESSES

    def _look_at_others(self) -> None:
        """A bomb of forks leaves the first of them little to work with."""
        family = group_of(self._pid)
        self.processes = max(self.processes, len(family))
        self._by_others = sum(one.seconds for one in family if one.pid != self._pid)
