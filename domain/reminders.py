"""When a duty is next to be reminded of. Pure: the bell in `bot/scheduler.py` only asks what is due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache
from itertools import islice

from domain.periods import WorkCalendar
from domain.rungs import LATE_EVERY, STEPS

__all__ = ["LATE_EVERY", "STEPS", "bells", "first_reminder", "is_bell", "next_reminder", "steps"]
_AHEAD = 24  # bells of a due day worked out at once; it is years before more of them are needed


def steps(due: date, calendar: WorkCalendar) -> Iterator[datetime]:
    """Yield the instants at which the officers who owe a duty due on `due` are reminded, in order and without end.

    Each is the opening of the sending window on a working day. A due day on a day off counts as the last working
    day before it, so that nobody is told on a Sunday.
    """
    return _openings(due, calendar, calendar.rules.days("officer"))


def bells(due: date, calendar: WorkCalendar) -> Iterator[datetime]:
    """Yield the instants at which anybody at all is told of a duty due on `due`, in order and without end."""
    yield from _first_bells(due, calendar)
    yield from islice(_openings(due, calendar, calendar.rules.bells()), _AHEAD, None)


def _openings(due: date, calendar: WorkCalendar, days: Iterator[int]) -> Iterator[datetime]:
    day, at = calendar.last_working_day(due), 0
    for step in days:
        day, at = calendar.step(day, step - at), step
        yield calendar.opening(day)


@lru_cache(maxsize=2048)
def _first_bells(due: date, calendar: WorkCalendar) -> tuple[datetime, ...]:
    return tuple(islice(_openings(due, calendar, calendar.rules.bells()), _AHEAD))


def is_bell(due: date, at: datetime, calendar: WorkCalendar) -> bool:
    """Tell whether somebody is to be told at this very instant by the rules, and not because it was asked for."""
    return next(bell for bell in bells(due, calendar) if bell >= at) == at


def next_reminder(due: date, after: datetime, calendar: WorkCalendar) -> datetime:
    """Return the first bell strictly after the instant `after`.

    After a stop of days the steps missed meanwhile are behind `after`: one reminder stands for all of them.
    """
    return next(bell for bell in bells(due, calendar) if bell > after)


def first_reminder(due: date, created: datetime, calendar: WorkCalendar) -> datetime:
    """Return when a duty made at `created` is first to be reminded of: at once if a step has already passed.

    "At once" still waits for the sending window, as every bell does.
    """
    if next(bells(due, calendar)) <= created:
        return created
    return next_reminder(due, created, calendar)
