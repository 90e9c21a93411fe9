"""When figures are closed: by somebody's word, else ten working days after the due day; what is missing never is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from domain.closing import Closing, is_closed, last_open_day, needs_leave
from domain.model import DutyLine
from domain.periods import WorkCalendar
from tests.cast import DUE, ZONE, percent

CALENDAR = WorkCalendar(ZONE)
LAST = date(2026, 12, 14)  # ten working days after Monday 30/11
LINE = DutyLine(1, 1, 1, "a", "I", percent(), DUE, "Phòng Kinh tế", 1, "xã Vũ Dương", "reported")


def test_working_days_are_counted_from_the_last_one_before_the_due_day() -> None:
    assert last_open_day(DUE, 10, CALENDAR) == LAST
    assert last_open_day(date(2026, 11, 29), 10, CALENDAR) == date(2026, 12, 11)  # a Sunday counts as the Friday
    assert last_open_day(DUE, 0, CALENDAR) == DUE


@pytest.mark.parametrize(
    ("closing", "today", "closed"),
    [
        ("auto", LAST, False),
        ("auto", LAST + timedelta(days=1), True),
        ("closed", DUE - timedelta(days=30), True),
        ("open", LAST + timedelta(days=400), False),
    ],
)
def test_somebodys_word_goes_before_the_calendar(closing: Closing, today: date, closed: bool) -> None:
    assert is_closed(closing, DUE, 10, today, CALENDAR) is closed


@pytest.mark.parametrize(
    ("changes", "asks"), [({}, True), ({"status": "missing"}, False), ({"status": "no_data"}, False)]
)
def test_only_a_figure_that_stands_needs_leave_to_be_changed(changes: dict[str, Any], asks: bool) -> None:
    assert needs_leave(replace(LINE, closing="closed", **changes), DUE, CALENDAR) is asks
    assert not needs_leave(replace(LINE, **changes), DUE, CALENDAR)
