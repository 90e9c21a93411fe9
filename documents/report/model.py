"""What a report is made of: printed cells, the same for the Word file, the workbook, the appendix and JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from domain.status import Counts, State

Issuer = Literal["state", "party"]


@dataclass(frozen=True, slots=True)
class Line:
    """One target as it is printed. `target` and `result` are without the unit of measure, which has a column.

    `value` and `wanted` are the numbers behind them, where there are any. `position` is the place of the indicator in
    its plan's own file, `part` that of the target within the indicator, from 1.
    """

    plan_id: int
    position: int
    part: int
    ordinal: str
    section: str
    name: str
    unit: str
    target: str
    result: str
    verdict: str
    agency: str
    due: str
    reported_at: str
    note: str
    state: State
    said: str = ""  # the result with its unit
    aimed: str = ""  # the target with its unit
    reason: str = ""
    remedy: str = ""
    value: Decimal | None = None
    wanted: Decimal | None = None
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One figure as given, printed: which indicator, when, by whom, and whether it still counts."""

    name: str
    agency: str
    at: datetime
    result: str
    unit: str
    verdict: str
    person: str
    counts: str
    value: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """The sums of an agency or a section."""

    name: str
    counts: Counts
    days_late: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan a report is about, as its head names it."""

    id: int
    number: str
    title: str
    issued_on: date | None
    year: int
    source_name: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a document shows of a commune; `at` is local time.

    `words` are the labels of the table [document] in templates/vi/document.toml.
    """

    commune: str
    province: str
    issuer: Issuer
    years: tuple[int, ...]
    plans: tuple[Plan, ...]
    at: datetime
    counts: Counts
    lines: tuple[Line, ...]
    sections: tuple[Part, ...]
    agencies: tuple[Part, ...]
    history: tuple[HistoryLine, ...]
    words: Mapping[str, Any]
    period: str = ""  # in words, where the report is of one alone

    @property
    def place(self) -> str:
        """The commune's name without its type, as in "Vũ Dương, ngày …"."""
        for kind in ("xã ", "phường ", "đặc khu "):
            if self.commune.lower().startswith(kind):
                return self.commune[len(kind) :]
        return self.commune
