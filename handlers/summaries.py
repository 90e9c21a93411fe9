"""The one summary of a commune that chat, command line and documents are made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from documents.report.model import HistoryLine, Issuer, Line, Part, Plan, Report
from domain.model import Target, Unit
from domain.periods import WorkCalendar
from domain.status import Counts, Given, Group, StatusReport, StatusRow, summarise, with_outlook
from domain.vietnamese import format_date, shorten
from handlers.render import environment, words, words_of_figure, words_of_period
from storage import evidence, plans, reports, units
from storage.database import Transaction
from storage.evidence import Evidence
from storage.reports import ReportedPlan


@dataclass(frozen=True, slots=True)
class Summary:
    """How a commune stands at a local time `at`, in one period if given, and the figures that led there, by target."""

    unit: Unit
    province: str
    issuer: Issuer
    plans: tuple[ReportedPlan, ...]
    report: StatusReport
    at: datetime
    history: Mapping[int, Sequence[Given]]
    period: str = ""

    @property
    def years(self) -> tuple[int, ...]:
        """The years of the plans, oldest first."""
        return tuple(sorted({plan.year for plan in self.plans}))


async def summary_of(
    tx: Transaction, unit: Unit, now: datetime, calendar: WorkCalendar, period: str | None = None
) -> Summary:
    """Read how a commune stands, in one period if given. Without a plan in force its report is one of nothing."""
    today = calendar.today(now)
    rows = await reports.status_rows(tx, unit.id, today, period)
    history = await reports.given(tx, unit.id)
    seen = [with_outlook(row, pace(history.get(row.target_id, ()), calendar), today) for row in rows]
    seen = _with_evidence(seen, await evidence.of_unit(tx, unit.id))
    found = await reports.plans_reported(tx, unit.id)
    parent = await units.find(tx, unit.parent_id) if unit.parent_id else None
    issuer = await plans.issuer(tx, unit.id)
    return Summary(
        unit,
        parent.name if parent else "",
        issuer,
        tuple(found),
        summarise(seen, today),
        now.astimezone(calendar.zone),
        history,
        period or "",
    )


def _with_evidence(rows: Iterable[StatusRow], attached: Iterable[Evidence]) -> list[StatusRow]:
    names: dict[int | None, list[str]] = {}
    for each in attached:
        name = each.name or shorten(each.words, 80) or document_words()["picture"]
        names.setdefault(each.line_id, []).append(name)
    return [replace(row, evidence=tuple(names.get(row.line_id, ()))) if row.line_id else row for row in rows]


def pace(figures: Iterable[Given], calendar: WorkCalendar) -> list[tuple[date, Decimal]]:
    """Return the last number as of each day, oldest first; a correction as of the same day is no progress."""
    numbers: dict[date, Decimal] = {}
    for each in figures:
        if isinstance(each.value, Decimal):
            numbers[each.as_of or calendar.today(each.at)] = each.value
    return sorted(numbers.items())


@cache
def document_words() -> Mapping[str, Any]:
    """Return the labels of documents: the table [document] in templates/vi/document.toml."""
    found: Mapping[str, Any] = words("document")["document"]
    return found


def words_of_target(target: Target) -> str:
    """Return a target in words, as every template shows it."""
    macros: Any = environment().globals
    return str(macros["target"](target))


def printed(summary: Summary) -> Report:
    """Return a summary in printed cells, for documents and for `as_json`."""
    report = summary.report
    labels = document_words()
    return Report(
        commune=summary.unit.name,
        province=summary.province,
        issuer=summary.issuer,
        years=summary.years,
        plans=tuple(
            Plan(each.id, each.number or "", each.title or "", each.issued_on, each.year, each.source_name)
            for each in summary.plans
        ),
        at=summary.at,
        counts=report.counts,
        lines=_lines(report, summary.at, labels),
        sections=_parts(report.sections, labels["no_section"]),
        agencies=_parts(report.agencies, labels["no_agency"]),
        history=_history(summary, labels),
        words=labels,
        period=words_of_period(summary.period) if summary.period else "",
    )


def _parts(groups: Iterable[Group], nameless: str) -> tuple[Part, ...]:
    return tuple(Part(group.name or nameless, group.counts, group.days_late) for group in groups)


def _lines(report: StatusReport, at: datetime, labels: Mapping[str, Any]) -> tuple[Line, ...]:
    found = []
    part: dict[int, int] = {}
    for row in report.rows:
        part[row.indicator_id] = part.get(row.indicator_id, 0) + 1
        bare = replace(row.target, unit=None)
        state = row.state(report.today)
        reported = row.reported_at.astimezone(at.tzinfo) if row.reported_at and row.status == "reported" else None
        found.append(
            Line(
                plan_id=row.plan_id,
                position=row.position,
                part=part[row.indicator_id],
                ordinal=row.ordinal,
                section=row.section or labels["no_section"],
                name=row.name,
                unit=row.target.unit or "",
                target=words_of_target(bare),
                result=words_of_figure(row.value, bare) if row.status == "reported" else "",
                verdict=labels["states"][state],
                agency=row.agency or labels["no_agency"],
                due=format_date(row.due) if row.due else "",
                reported_at=format_date(reported.date()) if reported else "",
                note=_note(row, labels),
                state=state,
                said=words_of_figure(row.value, row.target) if row.status == "reported" else "",
                aimed=words_of_target(row.target),
                reason=row.reason,
                remedy=row.remedy,
                value=row.value if isinstance(row.value, Decimal) else None,
                wanted=row.target.value if isinstance(row.target.value, Decimal) else None,
                evidence=row.evidence,
            )
        )
    return tuple(found)


def _note(row: StatusRow, labels: Mapping[str, Any]) -> str:
    parts = [
        labels["preliminary"] if row.preliminary else "",
        labels["reason"].format(words=row.reason.rstrip(" .;")) if row.reason else "",
        labels["remedy"].format(words=row.remedy.rstrip(" .;")) if row.remedy else "",
        labels["promised"].format(day=format_date(row.promised)) if row.promised else "",
    ]
    return " ".join(part for part in parts if part)


def _history(summary: Summary, labels: Mapping[str, Any]) -> tuple[HistoryLine, ...]:
    found: list[HistoryLine] = []
    for row in summary.report.rows:
        bare = replace(row.target, unit=None)
        found += [_told(each, row, bare, summary, labels) for each in summary.history.get(row.target_id, ())]
    return tuple(found)


def _told(each: Given, row: StatusRow, bare: Target, summary: Summary, labels: Mapping[str, Any]) -> HistoryLine:
    return HistoryLine(
        name=row.name,
        agency=row.agency or "",
        at=each.at.astimezone(summary.at.tzinfo),
        result=words_of_figure(each.value, bare),
        unit=row.target.unit or "",
        verdict=labels["verdicts"][each.verdict],
        person=each.person,
        counts=labels["replaced"] if each.replaced else labels["newest"],
        value=each.value if isinstance(each.value, Decimal) else None,
    )


def as_json(report: Report) -> dict[str, Any]:
    """Return a report as plain data for other programs: the printed cells, and the numbers as text."""
    return {
        "commune": report.commune,
        "province": report.province,
        "at": report.at.isoformat(timespec="seconds"),
        "period": report.period,
        "plans": [
            {"number": plan.number, "title": plan.title, "year": plan.year, "file": plan.source_name}
            for plan in report.plans
        ],
        "counts": counts_json(report.counts),
        "indicators": [_line_json(line) for line in report.lines],
        "sections": [_part_json(part) for part in report.sections],
        "agencies": [_part_json(part) for part in report.agencies],
    }


def counts_json(counts: Counts) -> dict[str, Any]:
    """Return counts as plain data, with the two shares as text in percent."""
    plain = {name: getattr(counts, name) for name in Counts.__slots__}
    return plain | {"completeness": str(counts.completeness), "result": str(counts.result)}


def _part_json(part: Part) -> dict[str, Any]:
    return {"name": part.name, "days_late": part.days_late, **counts_json(part.counts)}


def _line_json(line: Line) -> dict[str, Any]:
    return {
        "ordinal": line.ordinal,
        "section": line.section,
        "name": line.name,
        "unit": line.unit,
        "target": line.target,
        "result": line.result,
        "value": None if line.value is None else format(line.value, "f"),
        "verdict": line.verdict,
        "state": line.state,
        "agency": line.agency,
        "due": line.due,
        "reported_at": line.reported_at,
        "note": line.note,
        "evidence": list(line.evidence),
    }
