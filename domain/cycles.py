"""Reporting periods: which spans a plan is reported for, to which day their figures go and by when they are due.

The cut-offs of Article 12 of Decree 09/2019/NĐ-CP: a month is taken from the 15th of the month before to its 14th, a
quarter likewise, half a year and a year from 15/12 of the year before. Nine months (15/12 to 14/9) are not in the
decree's list; provinces add them. Where offices go by the solar calendar, a period ends with its last month.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from domain.deadlines import parse_day, read_deadline
from domain.periods import WorkCalendar
from domain.vietnamese import clean, fold

PeriodKind = Literal["month", "quarter", "half_year", "nine_months", "year"]
CutOffs = Literal["decree", "calendar"]
DEADLINES = "deadlines"  # no periods: each target is reported once, by its deadline in the plan
_DAY = timedelta(days=1)
_PLAIN_DAY = re.compile(r"(?<![\d/.-])(\d{1,2})\s*[/.-]\s*(\d{1,2})(?![\d/.-])")
_CUT_OFF = 14  # the last day taken in, by the decree
# How long before its cut-off a period's figures are asked for: before that there is little to say of it.
_ASKED_FOR = timedelta(days=31)
# The first and the last month of each period of a year.
_MONTHS: dict[PeriodKind, tuple[tuple[int, int], ...]] = {
    "month": tuple((month, month) for month in range(1, 13)),
    "quarter": ((1, 3), (4, 6), (7, 9), (10, 12)),
    "half_year": ((1, 6), (7, 12)),
    "nine_months": ((1, 9),),
    "year": ((1, 12),),
}
_KINDS: dict[str, PeriodKind] = {
    **{kind.replace("_", " "): kind for kind in get_args(PeriodKind)},
    "thang": "month",
    "hang thang": "month",
    "quy": "quarter",
    "hang quy": "quarter",
    "6 thang": "half_year",
    "nua nam": "half_year",
    "9 thang": "nine_months",
    "nam": "year",
    "hang nam": "year",
}
_CUT_OFFS: dict[str, CutOffs] = {
    "": "decree",
    "decree": "decree",
    "nd 09 2019": "decree",
    "nghi dinh 09 2019": "decree",
    "calendar": "calendar",
    "duong lich": "calendar",
}


class UnknownCycle(ValueError):
    """The words name no cycle."""


@dataclass(frozen=True, slots=True)
class Cycle:
    """How often a plan is reported on: every period of `kinds`, taken to the days of `cut_offs`.

    Figures are due from agencies `agency_days` working days after the cut-off, the report from the commune `unit_days`
    after it; at least one (Article 8.5.b of Decree 09/2019/NĐ-CP). `read_cycle` reads what `str` writes.
    """

    kinds: tuple[PeriodKind, ...]
    cut_offs: CutOffs = "decree"
    agency_days: int = 1
    unit_days: int = 2

    def __str__(self) -> str:
        days = (self.agency_days, self.unit_days)
        late = "" if days == (1, 2) else f":{self.agency_days}+{self.unit_days}"
        return "+".join(self.kinds) + (f":{self.cut_offs}" if late or self.cut_offs == "calendar" else "") + late


@dataclass(frozen=True, slots=True)
class Period:
    """A span that is reported on: figures from `first` to `cut_off`, both included.

    Each agency sends its figures by `agency_due`, the commune its report by `unit_due`; both are working days after
    the cut-off (Article 8.5.b: at least one working day). The period is named by the months `starts` to `ends`, whose
    deadlines it takes in; its figures are asked for from `asked_from` on.
    """

    kind: PeriodKind
    number: int
    first: date
    cut_off: date
    agency_due: date
    unit_due: date
    starts: date
    ends: date

    @property
    def key(self) -> str:
        """What the period is known by in a row: "quarter:2026-4"."""
        return f"{self.kind}:{self.ends.year}-{self.number}"

    @property
    def asked_from(self) -> date:
        """The first day on which its figures are asked for."""
        return max(self.first, self.cut_off - _ASKED_FOR)


@dataclass(frozen=True, slots=True)
class Owing:
    """One answer that a target asks for: by `due`, as of `cut_off`, from `asked_from` on; `period` is a row's key."""

    due: date
    cut_off: date
    asked_from: date | None
    period: str


def by_deadline(day: date, asked_from: date | None = None) -> Owing:
    """Return the one answer owed by a plan's deadline, with figures up to that day."""
    return Owing(day, day, asked_from, f"deadline:{day.isoformat()}")


def read_cycle(words: str) -> Cycle | None:
    """Return the cycle that `words` name; None where a plan is reported by its deadlines alone.

    Read are "quarter", "month:calendar", "quý", "quý:dương lịch", "quarter+nine_months", "year:decree:2+5" (from
    agencies two working days after the cut-off, from the commune five). Raises `UnknownCycle` for anything else.
    """
    named, *rest = clean(words).split(":")
    if not rest and fold(named) in (DEADLINES, "theo han"):
        return None
    kinds = [kind for name in named.split("+") if (kind := _KINDS.get(fold(name.replace("_", " "))))]
    cut_offs, late = (*rest, "", "")[:2]
    days = re.fullmatch(r"(?:([1-9]\d?)\+([1-9]\d?))?", late.strip())
    found = _CUT_OFFS.get(fold(cut_offs))
    if found is None or days is None or len(set(kinds)) < len(named.split("+")) or len(rest) > 2:
        raise UnknownCycle(words)
    agency, unit = (int(days[1]), int(days[2])) if late.strip() else (1, 2)
    if unit < agency:
        raise UnknownCycle(words)
    return Cycle(tuple(kinds), found, agency, unit)


def periods(kind: PeriodKind, cycle: Cycle, year: int, calendar: WorkCalendar) -> tuple[Period, ...]:
    """Return the periods of one kind that end in `year`, in order; they follow upon one another without a gap."""
    found = []
    for number, (first_month, last_month) in enumerate(_MONTHS[kind], 1):
        starts, ends = date(year, first_month, 1), _last_day(year, last_month)
        if cycle.cut_offs == "calendar":
            first, cut_off = starts, ends
        else:
            before = starts - _DAY
            first, cut_off = date(before.year, before.month, _CUT_OFF + 1), date(year, last_month, _CUT_OFF)
        agency_due, unit_due = (calendar.step(cut_off, days) for days in (cycle.agency_days, cycle.unit_days))
        found.append(Period(kind, number, first, cut_off, agency_due, unit_due, starts, ends))
    return tuple(found)


def as_of(named: str | None, cut_off: date, today: date) -> date:
    """Return the last day a figure given on `today` takes in: the day it names itself, else its period's cut-off.

    Before the cut-off it takes in what there is so far. A day without a year is the last one of that name.
    """
    plain = _PLAIN_DAY.search(named or "")
    for year in (today.year, today.year - 1):
        day = parse_day(f"{plain[1]}/{plain[2]}/{year}") if plain else read_deadline(named, year).date
        if day is not None and day <= today:
            return day
    return min(cut_off, today)


def _last_day(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def periods_of(cycle: Cycle, year: int, calendar: WorkCalendar) -> tuple[Period, ...]:
    """Return the periods of a cycle that end in `year`, by their cut-offs; of those with one cut-off the longest.

    The fourth quarter and the year are taken to the same day: they are one report.
    """
    found: dict[date, Period] = {}
    for kind in sorted(cycle.kinds, key=list(_MONTHS).index):
        found |= {period.cut_off: period for period in periods(kind, cycle, year, calendar)}
    return tuple(found[cut_off] for cut_off in sorted(found))


def owings(deadline: date, year_periods: tuple[Period, ...], since: date) -> tuple[Owing, ...]:
    """Return all that is asked of a target, the nearest first: interim figures, and the final one by its deadline.

    A period is reported on while the target has not come to its end. The period whose months hold the deadline and
    the final figure are one: it is due on whichever of the two days comes first. "Năm 2026", due on 31/12, is so asked
    for with the data to 14/12. Periods that were due before `since` are over; a deadline that has passed is not.
    Without periods there is the final figure alone.
    """
    before = [period for period in year_periods if period.ends < deadline]
    holding = next((period for period in year_periods if period.starts <= deadline <= period.ends), None)
    found = [
        Owing(period.agency_due, period.cut_off, period.asked_from, period.key)
        for period in before
        if since <= period.agency_due < deadline
    ]
    if holding is not None and holding.agency_due <= deadline:
        final = Owing(holding.agency_due, holding.cut_off, holding.asked_from, holding.key)
    else:
        final = by_deadline(deadline, deadline - _ASKED_FOR if year_periods else None)
    return (*found, final)
