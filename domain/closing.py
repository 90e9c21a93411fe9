"""When the figures of a duty are closed: a correction is then asked for, and no longer simply made."""

from __future__ import annotations

from datetime import date
from typing import Literal

from domain.model import DutyLine
from domain.periods import WorkCalendar

Closing = Literal["auto", "closed", "open"]


def last_open_day(due: date, working_days: int, calendar: WorkCalendar) -> date:
    """Return the last day on which figures due on `due` are corrected freely, unless somebody says otherwise."""
    return calendar.step(calendar.last_working_day(due), working_days)


def is_closed(closing: Closing, due: date, working_days: int, today: date, calendar: WorkCalendar) -> bool:
    """Tell whether the figures due on `due` are closed: by somebody's word, else so many working days after it."""
    if closing != "auto":
        return closing == "closed"
    return today > last_open_day(due, working_days, calendar)


def needs_leave(line: DutyLine, today: date, calendar: WorkCalendar) -> bool:
    """Tell whether a new figure for a line is to be asked for: there is one that stands, and it is closed.

    A figure still missing, or sent back, may always be given; it is late all the same.
    """
    return line.status == "reported" and is_closed(line.closing, line.due, line.closes_after, today, calendar)
