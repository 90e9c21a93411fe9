"""A plan as read from a file, before anybody has confirmed it: what was understood, and what must be asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.model import Deadline, Target

QuestionKind = Literal[
    "missing_agency",  # the agency cell is empty
    "no_addressable_agency",  # only a group or an outside body is named: who reports?
    "unknown_agency",  # a name not found in the table of agencies
    "missing_deadline",  # no deadline printed for these indicators
    "unclear_deadline",  # printed, but no day can be read from it
    "suspect_unit",  # the unit of measure contradicts the name or the target
    "impossible_operator",  # "≥ 100 %" of a share
    "unclear_target",  # the target's words cannot be placed
    "secret_wording",  # the indicator is about secret papers
    "renamed_indicator",  # of a new version: one of the old under another name, or a new one?
]
# These must be answered, or set aside, before a plan is imported: without them nobody would be reminded, or on no day.
# The other kinds inform; where they stay open, their indicators are imported as printed.
BLOCKING: frozenset[QuestionKind] = frozenset(
    {"missing_agency", "no_addressable_agency", "unknown_agency", "missing_deadline", "unclear_deadline"}
)
# Left open, these leave a number without a rule: its figures are collected, and judged by a person.
UNJUDGED_IF_OPEN: frozenset[QuestionKind] = frozenset({"unclear_target", "impossible_operator"})
# Asked at a terminal as well, and may be passed over there.
WORTH_ASKING: frozenset[QuestionKind] = UNJUDGED_IF_OPEN | {"suspect_unit"}
LEFT_FOR_LATER = "left_for_later"  # the flag of an indicator whose question was set aside: it gets no duty yet
LEAVE_TO_ADMIN = "de sau"  # the folded answer "để sau": keep the indicator, give it no duty yet


@dataclass(frozen=True, slots=True)
class DraftTarget:
    """A target with the year and level it holds for.

    `scope` is "xa" (the commune's own, also of a ward) or "tinh". `due_basis` "year_column" means that the day is the
    last one of the year printed over the column.
    """

    target: Target
    year: int | None
    year_basis: Literal["column", "deadline_column", "assumed", "section"]
    scope: Literal["xa", "tinh"]
    due: date | None
    due_basis: Literal["stated", "year_column", "answered", "none"]


@dataclass(frozen=True, slots=True)
class DraftSection:
    """A section: `path` of its ids outermost first (("B", "IV")), and its title as printed."""

    path: tuple[str, ...]
    title: str


@dataclass(frozen=True, slots=True)
class DraftIndicator:
    """One indicator. `seq` is the running order in the document and its only identity: printed ordinals repeat."""

    seq: int
    section: tuple[str, ...]
    ordinal_raw: str
    ordinal: int | None
    name: str
    name_suggested: str
    unit_raw: str | None
    unit: str | None
    targets: tuple[DraftTarget, ...]
    lead_raw: str | None
    lead_agencies: tuple[str, ...]
    monitor_raw: str | None
    monitor_agencies: tuple[str, ...]
    coordinating_raw: str | None
    coordinating_agencies: tuple[str, ...]
    assignee_roles: tuple[str, ...]
    suggested_reporters: tuple[str, ...]
    deadline: Deadline
    source_lines: tuple[int, ...]
    flags: tuple[str, ...] = ()
    restricted: bool = False  # about state secrets: not collected by chat unless an admin allows it


@dataclass(frozen=True, slots=True)
class DraftDocument:
    """What the lines around the table say about the plan.

    `commune` is the bare name ("Vũ Dương") and `commune_type` the word before it ("xã", "phường", "đặc khu").
    `plan_number_raw` is the line that should have held the number, `plan_month` ("2026-05") what is left of a date
    whose day is blank.
    """

    title: str | None
    appendix: str | None
    plan_number: str | None
    plan_date: date | None
    issuer: str | None
    commune: str | None
    year: int
    commune_type: str | None = None
    issuer_type: str | None = None
    plan_number_raw: str | None = None
    plan_month: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """Something a person must decide. `proposals` are ready answers, the likeliest first; `subject` is the print."""

    id: str
    kind: QuestionKind
    indicators: tuple[int, ...]
    subject: str
    proposals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DraftAgency:
    """An agency named in the plan, under its canonical name."""

    name: str
    kind: Literal["agency", "group", "external"]


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """A whole plan as understood. `source_name` and `source_sha256` say which file it came from."""

    document: DraftDocument
    sections: tuple[DraftSection, ...]
    indicators: tuple[DraftIndicator, ...]
    agencies: tuple[DraftAgency, ...]
    questions: tuple[Question, ...]
    source_name: str = ""
    source_sha256: str = ""
