"""When a duty is reminded of: fixed working days around the due day, then weekly; never twice for one stop."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.periods import WorkCalendar
from domain.reminders import STEPS, first_reminder, next_reminder, steps

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
CALENDAR = WorkCalendar(ZONE)
TET = WorkCalendar(ZONE, days_off=frozenset(date(2027, 2, 4) + timedelta(days=offset) for offset in range(7)))
DUE = date(2026, 11, 30)
MICROSECOND = timedelta(microseconds=1)
dues = st.dates(date(2024, 1, 1), date(2030, 12, 31))
offsets = st.timedeltas(timedelta(days=-60), timedelta(days=120))


def morning(day: int, month: int, year: int = 2026) -> datetime:
    """The opening of the sending window."""
    return datetime(year, month, day, 8, tzinfo=ZONE)


STEP_MORNINGS = [
    morning(10, 11),
    morning(19, 11),
    morning(25, 11),
    morning(27, 11),
    morning(30, 11),
    morning(1, 12),
    morning(3, 12),
]


def test_the_steps_of_a_duty_due_on_30_november_2026() -> None:
    assert list(islice(steps(DUE, CALENDAR), len(STEPS))) == STEP_MORNINGS


def test_after_the_steps_it_goes_on_weekly_for_ever() -> None:
    late = list(islice(steps(DUE, CALENDAR), len(STEPS), len(STEPS) + 4))
    assert late == [morning(10, 12), morning(17, 12), morning(24, 12), morning(31, 12)]
    assert next_reminder(DUE, morning(1, 6, 2030), CALENDAR) > morning(1, 6, 2030)


@pytest.mark.parametrize(("earlier", "later"), list(pairwise(STEP_MORNINGS)))
def test_each_step_is_followed_by_the_next(earlier: datetime, later: datetime) -> None:
    assert next_reminder(DUE, earlier - MICROSECOND, CALENDAR) == earlier
    assert next_reminder(DUE, earlier, CALENDAR) == later
    assert next_reminder(DUE, earlier + timedelta(hours=3), CALENDAR) == later


def test_after_a_stop_of_days_the_steps_missed_are_one_reminder() -> None:
    # Down from the 18th to the 28th: 19, 25 and 27 November were missed. The bell rings once, and moves to the 30th.
    assert next_reminder(DUE, datetime(2026, 11, 28, 10, tzinfo=ZONE), CALENDAR) == morning(30, 11)


def test_due_on_a_sunday_counts_as_the_friday_before() -> None:
    sunday = date(2026, 11, 29)
    assert next_reminder(sunday, morning(26, 11), CALENDAR) == morning(27, 11)  # the day itself
    assert next_reminder(sunday, morning(27, 11), CALENDAR) == morning(30, 11)  # one day late


def test_due_in_tet_counts_as_the_last_working_day_before_it() -> None:
    in_tet = date(2027, 2, 9)
    assert next_reminder(in_tet, morning(2, 2, 2027), TET) == morning(3, 2, 2027)
    assert next_reminder(in_tet, morning(3, 2, 2027), TET) == morning(11, 2, 2027)


def test_a_duty_made_early_waits_for_its_first_step() -> None:
    assert first_reminder(DUE, morning(1, 10), CALENDAR) == STEP_MORNINGS[0]
    assert first_reminder(DUE, STEP_MORNINGS[0] - MICROSECOND, CALENDAR) == STEP_MORNINGS[0]


def test_a_duty_made_late_is_told_at_once() -> None:
    for created in (STEP_MORNINGS[0], datetime(2026, 11, 24, 15, tzinfo=ZONE), morning(1, 3, 2027)):
        assert first_reminder(DUE, created, CALENDAR) == created


@given(dues, offsets)
def test_the_next_reminder_is_later_and_on_a_working_day_at_opening(due: date, offset: timedelta) -> None:
    after = datetime(due.year, due.month, due.day, tzinfo=UTC) + offset
    found = next_reminder(due, after, TET)
    assert found > after
    assert found == TET.opening(TET.today(found))
    assert TET.is_open(found)


@given(dues, offsets, offsets)
def test_a_later_question_never_gets_an_earlier_answer(due: date, one: timedelta, other: timedelta) -> None:
    base = datetime(due.year, due.month, due.day, tzinfo=UTC)
    earlier, later = sorted((one, other))
    assert next_reminder(due, base + earlier, TET) <= next_reminder(due, base + later, TET)


@given(dues)
def test_no_two_steps_fall_on_one_day(due: date) -> None:
    found = list(islice(steps(due, TET), len(STEPS) + 10))
    assert found == sorted(set(found))


@given(dues, offsets)
def test_the_first_reminder_is_never_before_the_duty(due: date, offset: timedelta) -> None:
    created = datetime(due.year, due.month, due.day, tzinfo=UTC) + offset
    assert first_reminder(due, created, TET) >= created
