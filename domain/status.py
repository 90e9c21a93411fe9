"""What a leader wants to know: how many are reported and reached, what is late or at risk, and whose it is.

Chat, command line and documents are all made from `summarise`, so that they cannot disagree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from domain.model import FigureValue, Target, Verdict
from domain.outlook import Outlook, outlook

# What a row is to a reader, each row exactly one; the worst first.
State = Literal["overdue", "not_met", "at_risk", "unassigned", "missing", "to_judge", "met"]
STATES: tuple[State, ...] = ("overdue", "not_met", "at_risk", "unassigned", "missing", "to_judge", "met")


@dataclass(frozen=True, slots=True)
class Given:
    """One figure as given: when, by whom, and whether it still counts or a later one of its line has replaced it."""

    at: datetime
    value: FigureValue
    verdict: Verdict
    person: str
    replaced: bool = False
    as_of: date | None = None  # the last day it takes in


@dataclass(frozen=True, slots=True)
class StatusRow:
    """One target of one indicator with the newest answer to it. `agency` is None while nobody is assigned.

    `reason` and `remedy` are what was said of a missed target; `outlook` is set where there is a pace to go by.
    """

    indicator_id: int
    name: str
    section: str
    agency: str | None
    due: date | None
    target: Target
    status: Literal["missing", "reported", "no_data"]
    value: FigureValue
    verdict: Verdict | None
    has_contact: bool = True  # whether anybody has joined for the agency
    returned: str = ""  # why its figure was sent back; it is missing again until another is given
    confirmed: bool = False  # by the head of its agency
    preliminary: bool = False  # its plan asks the head to confirm it, which is still to be done
    ordinal: str = ""
    line_id: int | None = None
    target_id: int = 0
    agency_id: int | None = None
    plan_id: int = 0
    position: int = 0  # of the indicator in its plan, the only identity it has in the plan's own file
    reported_at: datetime | None = None
    reason: str = ""
    remedy: str = ""
    promised: date | None = None
    outlook: Outlook | None = None
    evidence: tuple[str, ...] = ()  # names of what was handed in as proof

    @property
    def in_danger(self) -> bool:
        """Whether the pace so far does not lead to the target by its due day."""
        return self.outlook is not None and self.outlook.prospect in ("at_risk", "unlikely")

    def late(self, today: date) -> bool:
        """Whether a figure is owed since before `today` and not there."""
        return self.agency is not None and self.status != "reported" and self.due is not None and self.due < today

    def state(self, today: date) -> State:
        """Return what the row is to a reader on `today`. A missed target that may still be reached is "at_risk"."""
        if self.agency is None:
            return "unassigned"
        if self.status != "reported":
            return "overdue" if self.late(today) else "missing"
        if self.verdict == "met":
            return "at_risk" if self.in_danger else "met"
        if self.verdict != "not_met":
            return "to_judge"
        return "at_risk" if self.in_danger and self.due is not None and self.due >= today else "not_met"


@dataclass(frozen=True, slots=True)
class AgencyLag:
    """An agency with figures past their due day: how many, and how many calendar days the oldest is late."""

    agency: str
    rows: tuple[StatusRow, ...]
    days_late: int

    @property
    def has_contact(self) -> bool:
        """Whether anybody there could be reminded; without one the lag is not the agency's alone."""
        return any(row.has_contact for row in self.rows)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of some rows are what.

    `overdue` and `returned` are parts of `missing`, `confirmed` and `preliminary` of `reported`; `at_risk` is told
    besides.
    """

    total: int = 0
    reported: int = 0
    met: int = 0
    not_met: int = 0
    to_judge: int = 0
    at_risk: int = 0
    missing: int = 0
    overdue: int = 0
    returned: int = 0
    unassigned: int = 0
    confirmed: int = 0
    preliminary: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))

    @property
    def completeness(self) -> Decimal:
        """The share of all targets that have a figure, in percent with one decimal; 0 of none."""
        return share(self.reported, self.total)

    @property
    def result(self) -> Decimal:
        """The share of all targets, not of those reported, that are reached: silence never looks good."""
        return share(self.met, self.total)


def share(part: int, whole: int) -> Decimal:
    """Return a share in percent with one decimal; 0 where there is no whole."""
    return (Decimal(part * 100) / whole).quantize(Decimal("0.1")) if whole else Decimal("0.0")


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that belong together, those of an agency or of a section, in the plan's order. `name` may be empty."""

    name: str
    rows: tuple[StatusRow, ...]
    counts: Counts
    days_late: int = 0


@dataclass(frozen=True, slots=True)
class StatusReport:
    """The state of a commune's indicators on one day. An indicator with two targets counts twice: both are owed."""

    total: int
    reported: tuple[StatusRow, ...]
    met: tuple[StatusRow, ...]
    not_met: tuple[StatusRow, ...]
    to_judge: tuple[StatusRow, ...]
    missing: tuple[StatusRow, ...]
    at_risk: tuple[StatusRow, ...]
    overdue: tuple[AgencyLag, ...]
    unassigned: tuple[StatusRow, ...]
    next_due: tuple[tuple[date, int], ...]
    waiting_for: tuple[tuple[str, int], ...]  # agencies with figures still to come in time, most first
    counts: Counts
    agencies: tuple[Group, ...]  # the worst first; the unassigned, under "", last
    sections: tuple[Group, ...]  # in the plan's order
    rows: tuple[StatusRow, ...]  # all, in the plan's order
    today: date

    def row_of(self, line_id: int) -> StatusRow | None:
        """Return the row of a line; None where it is none of these, or no longer."""
        return next((row for row in self.rows if row.line_id is not None and row.line_id == line_id), None)

    @property
    def overdue_count(self) -> int:
        """How many figures are past their due day."""
        return self.counts.overdue

    @property
    def overdue_rows(self) -> tuple[StatusRow, ...]:
        """Figures past their due day, the worst agency first."""
        return tuple(row for lag in self.overdue for row in lag.rows)


def summarise(rows: Sequence[StatusRow], today: date) -> StatusReport:
    """Return the report for `rows` as of the local day `today`; worst agency first, then by name.

    "No figure yet" is an answer and still missing: it is never 0 and never done.
    """
    owed = [row for row in rows if row.agency is not None]
    reported = tuple(row for row in owed if row.status == "reported")
    missing = tuple(row for row in owed if row.status != "reported")
    coming: dict[date, int] = defaultdict(int)
    waiting_for: dict[str, int] = defaultdict(int)
    for row in missing:
        if row.due is not None and row.due >= today:
            coming[row.due] += 1
            waiting_for[row.agency or ""] += 1
    return StatusReport(
        total=len(rows),
        reported=reported,
        met=tuple(row for row in reported if row.verdict == "met"),
        not_met=tuple(row for row in reported if row.verdict == "not_met"),
        to_judge=tuple(row for row in reported if row.verdict not in ("met", "not_met")),
        missing=missing,
        at_risk=tuple(row for row in reported if row.state(today) == "at_risk"),
        overdue=_lags(missing, today),
        unassigned=tuple(row for row in rows if row.agency is None),
        next_due=tuple(sorted(coming.items())),
        waiting_for=tuple(sorted(waiting_for.items(), key=lambda found: (-found[1], found[0]))),
        counts=count(rows, today),
        agencies=_by_agency(rows, today),
        sections=_grouped(rows, today, lambda row: row.section),
        rows=tuple(rows),
        today=today,
    )


def count(rows: Iterable[StatusRow], today: date) -> Counts:
    """Count rows as of `today`."""
    found = list(rows)
    reported = [row for row in found if row.agency is not None and row.status == "reported"]
    met = sum(row.verdict == "met" for row in reported)
    not_met = sum(row.verdict == "not_met" for row in reported)
    unassigned = sum(row.agency is None for row in found)
    return Counts(
        total=len(found),
        reported=len(reported),
        met=met,
        not_met=not_met,
        to_judge=len(reported) - met - not_met,
        at_risk=sum(row.state(today) == "at_risk" for row in reported),
        missing=len(found) - len(reported) - unassigned,
        overdue=sum(row.late(today) for row in found),
        returned=sum(row.status != "reported" and bool(row.returned) for row in found),
        unassigned=unassigned,
        confirmed=sum(row.confirmed for row in reported),
        preliminary=sum(row.preliminary for row in reported),
    )


def with_outlook(row: StatusRow, history: Sequence[tuple[date, Decimal]], today: date) -> StatusRow:
    """Return a row with what its figures so far, oldest first, let one expect; as it is where nothing can be said."""
    if len(history) < 2 or row.due is None or row.status != "reported":
        return row
    return replace(row, outlook=outlook(history, row.target, today, row.due))


def _grouped(rows: Sequence[StatusRow], today: date, key: Callable[[StatusRow], str]) -> tuple[Group, ...]:
    found: dict[str, list[StatusRow]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return tuple(Group(name, tuple(each), count(each, today), _days_late(each, today)) for name, each in found.items())


def _by_agency(rows: Sequence[StatusRow], today: date) -> tuple[Group, ...]:
    groups = _grouped(rows, today, lambda row: row.agency or "")
    return tuple(
        sorted(
            groups,
            key=lambda group: (
                not group.name,
                -group.counts.overdue,
                -group.days_late,
                -group.counts.not_met,
                -group.counts.missing,
                group.name,
            ),
        )
    )


def _days_late(rows: Iterable[StatusRow], today: date) -> int:
    return max(((today - row.due).days for row in rows if row.due and row.late(today)), default=0)


def _lags(missing: Sequence[StatusRow], today: date) -> tuple[AgencyLag, ...]:
    late = [row for row in missing if row.late(today)]
    lags = [
        AgencyLag(group.name, group.rows, group.days_late)
        for group in _grouped(late, today, lambda row: row.agency or "")
    ]
    return tuple(sorted(lags, key=lambda lag: (-len(lag.rows), -lag.days_late, lag.agency)))


@dataclass(frozen=True, slots=True)
class CommuneTally:
    """How a commune stands, without its rows: what a province sees of many. `plans` is 0 while it has none."""

    unit_id: int
    name: str
    plans: int
    counts: Counts

    @property
    def rank(self) -> tuple[int, Decimal, Decimal, str]:
        """What sorts the worst first: late figures, then what is not reported, then what is not reached."""
        return (-self.counts.overdue, self.counts.completeness, self.counts.result, self.name)


@dataclass(frozen=True, slots=True)
class Rollup:
    """Many communes at once. Those without a plan are told apart: they neither lower nor raise a share."""

    communes: tuple[CommuneTally, ...]  # those with a plan, the worst first
    without_plan: tuple[CommuneTally, ...]
    counts: Counts

    @property
    def late(self) -> tuple[CommuneTally, ...]:
        """The communes with figures past their due day, the worst first."""
        return tuple(each for each in self.communes if each.counts.overdue)


def roll_up(tallies: Iterable[CommuneTally]) -> Rollup:
    """Return the sum of communes; the worst first."""
    found = list(tallies)
    planned = sorted((each for each in found if each.plans), key=lambda each: each.rank)
    total = Counts()
    for each in planned:
        total += each.counts
    return Rollup(tuple(planned), tuple(each for each in found if not each.plans), total)
