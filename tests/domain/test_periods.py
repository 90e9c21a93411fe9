"""Working days, days off, swapped days, and the hours in which people may be written to."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.periods import WorkCalendar

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
# Tết 2027 as an office might enter it, and one Saturday worked for it.
TET = frozenset(date(2027, 2, 4) + timedelta(days=offset) for offset in range(7))
CALENDAR = WorkCalendar(ZONE, days_off=TET, extra_working_days=frozenset({date(2027, 2, 20)}))
PLAIN = WorkCalendar(ZONE)
days = st.dates(date(2024, 1, 1), date(2030, 12, 31))
instants = st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    """An instant by the clock of Hà Nội."""
    return datetime(year, month, day, hour, minute, second, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 23), True),  # a Monday
        (date(2026, 11, 28), False),  # a Saturday
        (date(2026, 11, 29), False),
        (date(2027, 1, 1), False),  # a Friday, and New Year
        (date(2026, 4, 30), False),
        (date(2026, 5, 1), False),
        (date(2026, 9, 2), False),
        (date(2027, 2, 8), False),  # a Monday in Tết
        (date(2027, 2, 20), True),  # a Saturday worked instead
        (date(2028, 2, 29), True),  # a Tuesday in a leap year
    ],
)
def test_a_day_is_worked_or_off(day: date, works: bool) -> None:
    assert CALENDAR.is_working_day(day) is works


def test_a_swap_beats_a_holiday_of_the_same_day() -> None:
    swapped = WorkCalendar(ZONE, extra_working_days=frozenset({date(2027, 1, 1)}))
    assert swapped.is_working_day(date(2027, 1, 1))


@pytest.mark.parametrize(
    ("today", "due", "expected"),
    [
        (date(2026, 11, 23), date(2026, 11, 30), 5),
        (date(2026, 11, 27), date(2026, 11, 30), 1),  # Friday to Monday
        (date(2026, 11, 30), date(2026, 11, 30), 0),
        (date(2026, 12, 1), date(2026, 11, 30), -1),
        (date(2026, 12, 7), date(2026, 11, 30), -5),
        (date(2026, 11, 28), date(2026, 11, 29), 0),  # nothing but a weekend
        (date(2026, 12, 31), date(2027, 1, 4), 1),  # over New Year: Monday alone
        (date(2027, 2, 3), date(2027, 2, 11), 1),  # over Tết
        (date(2027, 2, 19), date(2027, 2, 22), 2),  # the Saturday worked counts
        (date(2028, 2, 28), date(2028, 3, 1), 2),  # 29 February is a day
    ],
)
def test_working_days_are_counted_from_tomorrow_to_the_due_day(today: date, due: date, expected: int) -> None:
    assert CALENDAR.working_days_until(today, due) == expected


@pytest.mark.parametrize(
    ("start", "step", "expected"),
    [
        (date(2026, 11, 30), -5, date(2026, 11, 23)),
        (date(2026, 11, 27), 1, date(2026, 11, 30)),
        (date(2026, 11, 30), 0, date(2026, 11, 30)),
        (date(2026, 12, 31), 1, date(2027, 1, 4)),
        (date(2027, 1, 4), -1, date(2026, 12, 31)),
        (date(2027, 2, 3), 1, date(2027, 2, 11)),
        (date(2027, 2, 19), 1, date(2027, 2, 20)),
        (date(2028, 2, 28), 2, date(2028, 3, 1)),
    ],
)
def test_a_step_counts_working_days_alone(start: date, step: int, expected: date) -> None:
    assert CALENDAR.step(start, step) == expected


def test_a_day_off_falls_back_on_the_last_working_day_before_it() -> None:
    assert PLAIN.last_working_day(date(2026, 11, 29)) == date(2026, 11, 27)  # a Sunday
    assert PLAIN.last_working_day(date(2027, 1, 3)) == date(2026, 12, 31)  # a Sunday after New Year on a Friday
    assert CALENDAR.last_working_day(date(2027, 2, 10)) == date(2027, 2, 3)
    assert PLAIN.last_working_day(date(2026, 11, 30)) == date(2026, 11, 30)


def test_the_local_day_is_not_that_of_utc() -> None:
    assert PLAIN.today(datetime(2026, 12, 31, 17, 0, tzinfo=UTC)) == date(2027, 1, 1)
    assert PLAIN.today(datetime(2026, 12, 31, 16, 59, tzinfo=UTC)) == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        (local(2026, 11, 23, 7, 59, 59), False),
        (local(2026, 11, 23, 8), True),
        (local(2026, 11, 23, 16, 30), True),
        (local(2026, 11, 23, 16, 30, 1), False),
        (local(2026, 11, 29, 9), False),  # a Sunday
        (datetime(2026, 11, 23, 1, tzinfo=UTC), True),
        (datetime(2026, 11, 23, 9, 31, tzinfo=UTC), False),
    ],
)
def test_people_are_written_to_in_office_hours(now: datetime, is_open: bool) -> None:
    assert PLAIN.is_open(now) is is_open


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (local(2026, 11, 23, 7, 59), local(2026, 11, 23, 8)),
        (local(2026, 11, 23, 8), local(2026, 11, 24, 8)),
        (local(2026, 11, 27, 9), local(2026, 11, 30, 8)),  # over a weekend
        (local(2026, 12, 31, 9), local(2027, 1, 4, 8)),
        (local(2027, 2, 3, 9), local(2027, 2, 11, 8)),
    ],
)
def test_the_window_opens_next_on_a_working_morning(after: datetime, expected: datetime) -> None:
    assert CALENDAR.next_opening(after) == expected


def test_an_office_may_keep_other_hours() -> None:
    early = WorkCalendar(ZONE, opens=time(7, 30), closes=time(11, 0))
    assert early.opening(date(2026, 11, 23)) == local(2026, 11, 23, 7, 30)
    assert early.is_open(local(2026, 11, 23, 11))
    assert not early.is_open(local(2026, 11, 23, 11, 1))


@given(days, days)
def test_counting_forth_and_back_agree_between_working_days(one: date, other: date) -> None:
    first, second = CALENDAR.last_working_day(one), CALENDAR.last_working_day(other)
    assert CALENDAR.working_days_until(first, second) == -CALENDAR.working_days_until(second, first)
    assert CALENDAR.step(first, CALENDAR.working_days_until(first, second)) == second


@given(days, st.integers(-40, 40))
def test_a_step_and_its_opposite_come_back(start: date, step: int) -> None:
    anchor = CALENDAR.last_working_day(start)
    there = CALENDAR.step(anchor, step)
    assert CALENDAR.is_working_day(there)
    assert CALENDAR.step(there, -step) == anchor


@given(instants)
def test_the_next_opening_is_open_and_nothing_opens_before_it(after: datetime) -> None:
    opening = CALENDAR.next_opening(after)
    assert opening > after
    assert CALENDAR.is_open(opening)
    day = CALENDAR.today(after)
    while day < CALENDAR.today(opening):
        assert not CALENDAR.is_working_day(day) or CALENDAR.opening(day) <= after
        day += timedelta(days=1)
