"""Reporting periods follow upon one another, and what a target is asked for is asked once for each."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cycles import (
    CutOffs,
    Cycle,
    PeriodKind,
    UnknownCycle,
    as_of,
    by_deadline,
    owings,
    periods,
    periods_of,
    read_cycle,
)
from domain.periods import WorkCalendar

CALENDAR = WorkCalendar(ZoneInfo("Asia/Ho_Chi_Minh"), days_off=frozenset({date(2026, 12, 15), date(2026, 12, 16)}))
DAY = timedelta(days=1)
QUARTER = Cycle(("quarter",))
years = st.integers(2020, 2040)
kinds = st.sampled_from(["month", "quarter", "half_year", "year"])
ways = st.sampled_from(["decree", "calendar"])
any_kinds = st.lists(
    st.sampled_from(["month", "quarter", "half_year", "nine_months", "year"]), min_size=1, unique=True
).map(tuple)
cycles = st.builds(Cycle, any_kinds, ways)


def spans(kind: PeriodKind, year: int, cut_offs: CutOffs = "decree") -> list[tuple[date, date]]:
    """From when to when the periods of a year go."""
    found = periods(kind, Cycle((kind,), cut_offs), year, CALENDAR)
    return [(period.first, period.cut_off) for period in found]


@pytest.mark.parametrize(
    ("kind", "number", "first", "cut_off"),
    [
        ("month", 11, date(2026, 10, 15), date(2026, 11, 14)),
        ("month", 1, date(2025, 12, 15), date(2026, 1, 14)),
        ("quarter", 1, date(2025, 12, 15), date(2026, 3, 14)),
        ("quarter", 4, date(2026, 9, 15), date(2026, 12, 14)),
        ("half_year", 1, date(2025, 12, 15), date(2026, 6, 14)),
        ("half_year", 2, date(2026, 6, 15), date(2026, 12, 14)),
        ("nine_months", 1, date(2025, 12, 15), date(2026, 9, 14)),
        ("year", 1, date(2025, 12, 15), date(2026, 12, 14)),
    ],
)
def test_data_are_taken_in_as_the_decree_says(kind: PeriodKind, number: int, first: date, cut_off: date) -> None:
    assert spans(kind, 2026)[number - 1] == (first, cut_off)


def test_calendar_quarters_end_with_their_last_month_also_in_a_leap_year() -> None:
    assert spans("quarter", 2028, "calendar")[0] == (date(2028, 1, 1), date(2028, 3, 31))
    assert spans("month", 2028, "calendar")[1] == (date(2028, 2, 1), date(2028, 2, 29))


@given(kinds, years, ways)
def test_periods_leave_no_gap_and_do_not_overlap_also_over_the_turn_of_the_year(
    kind: PeriodKind, year: int, cut_offs: CutOffs
) -> None:
    both = [*spans(kind, year, cut_offs), *spans(kind, year + 1, cut_offs)]
    assert all(cut_off + DAY == first for (_, cut_off), (first, _) in pairwise(both))


@given(cycles, years)
def test_figures_are_due_after_the_cut_off_on_working_days_agencies_before_the_commune(cycle: Cycle, year: int) -> None:
    for period in periods_of(cycle, year, CALENDAR):
        assert period.first <= period.asked_from <= period.cut_off < period.agency_due < period.unit_due
        assert CALENDAR.is_working_day(period.agency_due)
        assert CALENDAR.is_working_day(period.unit_due)


@given(cycles, years)
def test_periods_with_one_cut_off_are_one_report(cycle: Cycle, year: int) -> None:
    found = periods_of(cycle, year, CALENDAR)
    assert len({period.cut_off for period in found}) == len({period.key for period in found}) == len(found)
    assert [period.cut_off for period in found] == sorted(period.cut_off for period in found)


@given(cycles, years, st.integers(-40, 500), st.integers(0, 400))
def test_a_target_is_asked_for_once_a_day_at_most_and_last_by_its_deadline(
    cycle: Cycle, year: int, deadline: int, since: int
) -> None:
    end = date(year, 1, 1) + timedelta(days=deadline)
    start = date(year, 1, 1) + timedelta(days=since)
    owed = owings(end, periods_of(cycle, year, CALENDAR), start)
    days = [owing.due for owing in owed]
    assert days == sorted(set(days))
    assert days[-1] <= end
    assert all(start <= day for day in days[:-1])
    assert len({owing.period for owing in owed}) == len(owed)
    assert all(owing.cut_off <= owing.due for owing in owed)
    assert all((owing.asked_from or owing.due) <= owing.cut_off for owing in owed)


def test_the_target_of_a_year_is_asked_for_with_the_annual_data_and_not_again_on_31_december() -> None:
    owed = owings(date(2026, 12, 31), periods_of(QUARTER, 2026, CALENDAR), date(2026, 7, 1))
    assert [(owing.cut_off, owing.due) for owing in owed] == [
        (date(2026, 9, 14), date(2026, 9, 15)),
        (date(2026, 12, 14), date(2026, 12, 17)),  # 15 and 16/12 are off here
    ]


def test_a_deadline_before_its_quarter_is_reported_is_kept() -> None:
    owed = owings(date(2026, 11, 30), periods_of(QUARTER, 2026, CALENDAR), date(2026, 9, 1))
    assert [owing.due for owing in owed] == [date(2026, 9, 15), date(2026, 11, 30)]
    assert owed[-1].cut_off == date(2026, 11, 30)


def test_a_deadline_that_has_passed_is_still_owed_and_a_period_is_not() -> None:
    owed = owings(date(2026, 6, 1), periods_of(QUARTER, 2026, CALENDAR), date(2026, 9, 1))
    assert [owing.due for owing in owed] == [date(2026, 6, 1)]


def test_without_periods_there_is_the_deadline_alone_asked_for_at_any_time() -> None:
    assert owings(date(2026, 11, 30), (), date(2026, 1, 1)) == (by_deadline(date(2026, 11, 30)),)


@pytest.mark.parametrize(
    ("words", "cycle"),
    [
        ("deadlines", None),
        ("theo hạn", None),
        ("quarter", QUARTER),
        ("Quý", QUARTER),
        ("hàng quý", QUARTER),
        ("quarter:", QUARTER),
        ("half_year", Cycle(("half_year",))),
        ("6 tháng+năm", Cycle(("half_year", "year"))),
        ("month:calendar", Cycle(("month",), "calendar")),
        ("quý:dương lịch", Cycle(("quarter",), "calendar")),
        ("quarter:Nghị định 09/2019", QUARTER),
        ("year:decree:2+5", Cycle(("year",), "decree", 2, 5)),
    ],
)
def test_a_cycle_is_named_in_words(words: str, cycle: Cycle | None) -> None:
    assert read_cycle(words) == cycle


@pytest.mark.parametrize(
    "words", ["", "weekly", "quarter:lunar", "quarter+quarter", "year:decree:0+2", "year:decree:5+2", "a:b:c:d"]
)
def test_words_that_name_no_cycle_are_refused(words: str) -> None:
    with pytest.raises(UnknownCycle):
        read_cycle(words)


@given(cycles, st.integers(1, 20), st.integers(0, 20))
def test_what_is_stored_of_a_cycle_is_read_back(cycle: Cycle, agency: int, more: int) -> None:
    told = Cycle(cycle.kinds, cycle.cut_offs, agency, agency + more)
    assert read_cycle(str(told)) == told


@given(st.text(max_size=40))
def test_any_words_name_a_cycle_or_are_refused(words: str) -> None:
    try:
        found = read_cycle(words)
    except UnknownCycle:
        return
    assert found is None or found.kinds


@pytest.mark.parametrize(
    ("named", "today", "expected"),
    [
        (None, date(2026, 12, 16), date(2026, 12, 14)),  # the cut-off
        (None, date(2026, 12, 10), date(2026, 12, 10)),  # given before it
        ("đến 12/12", date(2026, 12, 16), date(2026, 12, 12)),
        ("tính đến hết tháng 11", date(2026, 12, 16), date(2026, 11, 30)),
        ("31/12", date(2027, 1, 4), date(2026, 12, 31)),  # the last one of that name
        ("15/12/2027", date(2026, 12, 16), date(2026, 12, 14)),  # still to come
        ("tuần 45", date(2026, 12, 16), date(2026, 12, 14)),
    ],
)
def test_a_figure_is_as_of_the_day_it_names_else_of_its_cut_off(named: str | None, today: date, expected: date) -> None:
    assert as_of(named, date(2026, 12, 14), today) == expected
