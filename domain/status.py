"""What a leader wants to know: how many are reported and reached, what is late, and whose it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.model import FigureValue, Target, Verdict


@dataclass(frozen=True, slots=True)
class StatusRow:
    """One target of one indicator with the newest answer to it. `agency` is None while nobody is assigned."""

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
class StatusReport:
    """The state of one plan's indicators on one day. An indicator with two targets counts twice: both are owed."""

    total: int
    reported: tuple[StatusRow, ...]
    met: tuple[StatusRow, ...]
    not_met: tuple[StatusRow, ...]
    to_judge: tuple[StatusRow, ...]
    missing: tuple[StatusRow, ...]
    overdue: tuple[AgencyLag, ...]
    unassigned: tuple[StatusRow, ...]
    next_due: tuple[tuple[date, int], ...]
    waiting_for: tuple[tuple[str, int], ...]  # agencies with figures still to come in time, most first

    @property
    def overdue_count(self) -> int:
        """How many figures are past their due day."""
        return sum(len(lag.rows) for lag in self.overdue)


def summarise(rows: Sequence[StatusRow], today: date) -> StatusReport:
    """Return the report for `rows` as of the local day `today`; worst agency first, then by name.

    "No figure yet" is an answer and still missing: it is never 0 and never done.
    """
    unassigned = tuple(row for row in rows if row.agency is None)
    owed = [row for row in rows if row.agency is not None]
    reported = tuple(row for row in owed if row.status == "reported")
    missing = tuple(row for row in owed if row.status != "reported")
    late: dict[str, list[StatusRow]] = defaultdict(list)
    coming: dict[date, int] = defaultdict(int)
    waiting_for: dict[str, int] = defaultdict(int)
    for row in missing:
        if row.due is not None and row.due < today:
            late[row.agency or ""].append(row)
        elif row.due is not None:
            coming[row.due] += 1
            waiting_for[row.agency or ""] += 1
    return StatusReport(
        total=len(rows),
        reported=reported,
        met=tuple(row for row in reported if row.verdict == "met"),
        not_met=tuple(row for row in reported if row.verdict == "not_met"),
        to_judge=tuple(row for row in reported if row.verdict not in ("met", "not_met")),
        missing=missing,
        overdue=_worst_first(late, today),
        unassigned=unassigned,
        next_due=tuple(sorted(coming.items())),
        waiting_for=tuple(sorted(waiting_for.items(), key=lambda found: (-found[1], found[0]))),
    )


def _worst_first(late: dict[str, list[StatusRow]], today: date) -> tuple[AgencyLag, ...]:
    lags = [
        AgencyLag(agency, tuple(rows), max((today - row.due).days for row in rows if row.due))
        for agency, rows in late.items()
    ]
    return tuple(sorted(lags, key=lambda lag: (-len(lag.rows), -lag.days_late, lag.agency)))
