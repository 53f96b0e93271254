"""What handing in late costs. It is worked out from times, after everything was graded."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from classroom.settings import LatePolicy, Settings
from classroom.submission import Submission

_DAY = 86400.0  # seconds


@dataclass(frozen=True)
class Lateness:
    """How late something was handed in. `percent` of what was earned is lost."""

    percent: float = 0
    days: int = 0  # days that have begun since the due date
    due: datetime | None = None
    is_unknown: bool = False  # there is a due date, and nobody knows when it was handed in
    has_extension: bool = False
    is_closed: bool = False

    @property
    def words(self) -> str:
        """A sentence for the student; "" when it was in time."""
        if self.is_closed:
            return "It was handed in after the last day, and earns nothing."
        if not self.days:
            return ""
        days = "1 day" if self.days == 1 else f"{self.days} days"
        return f"It was handed in late, within {days} after the due date: {self.percent:g} % less."


def lateness(submission: Submission, chapter: int, settings: Settings) -> Lateness:
    """Return how late a submission is for its student, and what that costs."""
    due, has_extension = due_for(submission, chapter, settings)
    if due is None:
        return Lateness()
    if submission.handed_in is None:
        # Canvas says that something is late, and not by how much.
        return Lateness(due=due, is_unknown=True, has_extension=has_extension)
    return _cost(submission.handed_in, due, settings.late, has_extension)


def due_for(
    submission: Submission, chapter: int, settings: Settings
) -> tuple[datetime | None, bool]:
    """Return when a student has to hand in, and whether that is an extension."""
    extended = settings.extensions.get(submission.student.id, {})
    own = extended.get(chapter, extended.get(None))
    return (own, True) if own else (settings.due.get(chapter), False)


def _cost(handed_in: datetime, due: datetime, policy: LatePolicy, has_extension: bool) -> Lateness:
    late = (handed_in - due).total_seconds()
    if late <= timedelta(minutes=policy.grace_minutes).total_seconds():
        return Lateness(due=due, has_extension=has_extension)
    days = max(1, math.ceil(late / _DAY))
    if policy.closed_after_days is not None and late > policy.closed_after_days * _DAY:
        return Lateness(100, days, due, has_extension=has_extension, is_closed=True)
    percent = min(policy.percent_per_day * days, policy.most_percent, 100)
    return Lateness(percent, days, due, has_extension=has_extension)
