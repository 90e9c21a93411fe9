"""When a duty is next to be reminded of. Pure: the bell in `bot/scheduler.py` only asks what is due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from domain.periods import WorkCalendar

# Working days before the due day, the day itself, after it; then every LATE_EVERY working days as long as
# figures are missing.
STEPS = (-14, -7, -3, -1, 0, 1, 3)
LATE_EVERY = 5


def steps(due: date, calendar: WorkCalendar) -> Iterator[datetime]:
    """Yield the instants at which a duty due on `due` is reminded of, in order and without end.

    Each is the opening of the sending window on a working day. A due day on a day off counts as the last working
    day before it, so that nobody is told on a Sunday.
    """
    anchor = calendar.last_working_day(due)
    for step in STEPS:
        yield calendar.opening(calendar.step(anchor, step))
    late = STEPS[-1]
    while True:
        late += LATE_EVERY
        yield calendar.opening(calendar.step(anchor, late))


def next_reminder(due: date, after: datetime, calendar: WorkCalendar) -> datetime:
    """Return the first step strictly after the instant `after`.

    After a stop of days the steps missed meanwhile are behind `after`: one reminder stands for all of them.
    """
    return next(step for step in steps(due, calendar) if step > after)


def first_reminder(due: date, created: datetime, calendar: WorkCalendar) -> datetime:
    """Return when a duty made at `created` is first to be reminded of: at once if a step has already passed.

    "At once" still waits for the sending window, as every bell does.
    """
    if next(steps(due, calendar)) <= created:
        return created
    return next_reminder(due, created, calendar)
