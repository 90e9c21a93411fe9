"""The nouns of the program, as frozen values. What a word means is said once, here; see docs/architecture.md."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

AgencyKind = Literal["agency", "group", "external"]
TargetKind = Literal["number", "range", "boolean", "qualitative", "task", "not_assigned"]
Operator = Literal[">=", "<=", ">", "<", "=="]
Direction = Literal["higher", "lower"]
TaskState = Literal["done", "in_progress", "not_started", "blocked"]
Verdict = Literal["met", "not_met", "not_assessable", "needs_judgement"]
MembershipRole = Literal["primary", "alternate", "head"]
GrantRole = Literal["leader", "admin", "auditor"]
InvitationRole = Literal["officer", "alternate", "head", "leader", "admin", "auditor"]

# A figure as kept: a number, yes or no, or the state of a task. None means "no figure", which is never 0.
FigureValue = Decimal | bool | TaskState | None


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be reached: "≥ 65 %", "80-90", "Duy trì", or a task without a number.

    `op` compares a figure with `value`; a bare printed number means ">=" with `op_printed` None. For a range,
    `value` is the end from which it counts as reached and `value_max` the other end. `text` keeps words to be
    judged by a person or answered đạt / chưa đạt. `component` names one part of a compound target.
    """

    kind: TargetKind
    op: Operator | None = None
    value: Decimal | bool | None = None
    value_max: Decimal | None = None
    text: str | None = None
    unit: str | None = None
    direction: Direction | None = None
    op_printed: str | None = None
    raw: str = ""
    source: Literal["cell", "name"] = "cell"
    component: str | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline as printed (`raw`) and as understood (`date`, the last day; None where it must be asked).

    `kind` is one of year, month, quarter, half_year, before_date, on_date, year_range, recurring_yearly,
    continuous, open_ended, unclear, or None where nothing is printed. `basis` is "stated" or "none".
    """

    raw: str | None
    date: date | None
    basis: Literal["stated", "none"]
    kind: str | None


@dataclass(frozen=True, slots=True)
class Unit:
    """An administrative unit: `kind` "province" or "commune", `name` with its type, e.g. "xã Vũ Dương"."""

    id: int
    kind: Literal["province", "commune"]
    name: str
    parent_id: int | None


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One indicator that one agency owes under a duty, with what is needed to ask for it and to judge the answer."""

    id: int
    duty_id: int
    position: int
    indicator: str
    section: str
    target: Target
    due: date
    agency: str
    unit_id: int
    unit_name: str
    status: Literal["missing", "reported", "no_data"]
    value: FigureValue = None
    verdict: Verdict | None = None
    reported_at: datetime | None = None
    submission_id: int | None = None  # the newest submission, what a later one must still find there
    previous: FigureValue = None  # the newest figure of an earlier period
    promised: date | None = None  # the day by which somebody said there would be a figure
    evidence: int = 0  # how many files and documents show it
    target_id: int | None = None  # which row `target` is; the next figure must still find it there too
    closing: Literal["auto", "closed", "open"] = "auto"  # see `domain.closing`
    closes_after: int = 10  # working days after the due day
    confirmed_by: Literal["nobody", "head"] = "nobody"  # who is to confirm the figures of its plan
    returned: str = ""  # why the figure that still stands there was sent back, and so counts as missing
    cut_off: date | None = None  # the last day its figure takes in, where that is not the due day
    previous_as_of: date | None = None  # the day `previous` is as of
    plan: str = ""  # its number, or its title where it has none
