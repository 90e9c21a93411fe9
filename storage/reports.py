"""What reports are made of: the state of a commune with the figures that led to it, and the sums of many communes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.status import CommuneTally, Counts, Given, StatusRow
from storage.database import Row, Transaction
from storage.permissions import units_granted
from storage.rows import SENT_BACK, TARGET_COLUMNS, planned_day, read_target
from storage.values import read_day, read_figure, read_instant, read_optional_instant

# The commune's own targets for the year of a plan in force. "-" (not assigned) is left out: nothing is owed.
OWN_TARGET = "t.scope = 'xa' AND t.kind <> 'not_assigned' AND COALESCE(t.year, p.year) = p.year"

# Of the lines k in duties f of one target, the one that counts today.
_NEWEST = (
    f"ORDER BY CASE WHEN COALESCE(f.asked_from, '') <= :today THEN {planned_day('f')} ELSE '' END DESC,"
    f" {planned_day('f')} LIMIT 1"
)


async def status_rows(tx: Transaction, unit_id: int, today: date, period: str | None = None) -> list[StatusRow]:
    """Return the commune's own targets for the year of its plans in force, each with the newest answer, in their order.

    Of a target reported period by period it is the newest of those asked for on `today`, else the first; with `period`,
    only what is asked for that one. A target nobody reports on yet has no agency.
    """
    rows = await tx.all(
        f"SELECT i.id AS indicator_id, i.name, i.ordinal, i.position, p.id AS plan_id, p.confirmed_by,"
        f" s.title AS section, {TARGET_COLUMNS}, d.due_on, t.due_on AS target_due, a.id AS agency_id, a.name AS agency,"
        " l.id AS line_id, t.id AS target_id,"
        " l.status, l.promised_on, b.value, b.recorded_at, COALESCE(l.verdict, b.verdict) AS verdict,"
        f" {SENT_BACK} AS returned, (SELECT COUNT(*) FROM reviews c WHERE c.submission_id = l.submission_id"
        " AND c.kind = 'confirmed' AND l.status = 'reported') AS confirmed,"
        " r.words AS reason, y.words AS remedy,"
        " (SELECT COUNT(*) FROM memberships m WHERE m.agency_id = a.id AND m.role <> 'head') AS contacts"
        " FROM plans p JOIN indicators i ON i.plan_id = p.id JOIN targets t ON t.indicator_id = i.id"
        " LEFT JOIN sections s ON s.id = i.section_id LEFT JOIN duty_lines l ON l.id = (SELECT k.id FROM duty_lines k"
        " JOIN duties f ON f.id = k.duty_id WHERE k.target_id = t.id AND (:period = '' OR f.period = :period)"
        f" {_NEWEST})"
        " LEFT JOIN duties d ON d.id = l.duty_id LEFT JOIN agencies a ON a.id = d.agency_id"
        " LEFT JOIN submissions b ON b.id = l.submission_id"
        " LEFT JOIN remarks r ON r.submission_id = b.id AND r.kind = 'reason'"
        " LEFT JOIN remarks y ON y.submission_id = b.id AND y.kind = 'remedy'"
        f" WHERE p.unit_id = :unit_id AND p.status = 'active' AND {OWN_TARGET}"
        " ORDER BY p.id, i.position, t.position",
        unit_id=unit_id,
        today=today.isoformat(),
        period=period or "",
    )
    return [_status_row(row) for row in rows if not period or row["line_id"] is not None]


def _status_row(row: Row) -> StatusRow:
    due = row["due_on"] or row["target_due"]
    return StatusRow(
        indicator_id=row["indicator_id"],
        name=row["name"],
        section=row["section"] or "",
        agency=row["agency"],
        due=read_day(due) if due else None,
        target=read_target(row),
        status=row["status"] or "missing",
        value=read_figure(row["value"]),
        verdict=row["verdict"],
        has_contact=row["contacts"] > 0,
        returned=row["returned"] or "",
        confirmed=row["confirmed"] > 0,
        preliminary=row["confirmed_by"] == "head" and row["status"] == "reported" and row["confirmed"] == 0,
        ordinal=row["ordinal"],
        line_id=row["line_id"],
        target_id=row["target_id"],
        agency_id=row["agency_id"],
        plan_id=row["plan_id"],
        position=row["position"],
        reported_at=read_optional_instant(row["recorded_at"]),
        reason=row["reason"] or "",
        remedy=row["remedy"] or "",
        promised=read_day(row["promised_on"]) if row["promised_on"] else None,
    )


async def given(tx: Transaction, unit_id: int) -> dict[int, list[Given]]:
    """Return the figures given for a commune's plans in force, oldest first, by the id of their target.

    Those before a line lost its figure to a new version of the plan are left out: they answered another question.
    """
    rows = await tx.all(
        "SELECT b.id, b.line_id, b.recorded_at, b.as_of, b.value, b.verdict, b.replaces_id, l.submission_id,"
        " l.target_id, COALESCE(l.verdict, b.verdict) AS line_verdict, x.name"
        " FROM plans p JOIN duties d ON d.plan_id = p.id JOIN duty_lines l ON l.duty_id = d.id"
        " JOIN submissions b ON b.line_id = l.id JOIN people x ON x.id = b.person_id"
        " WHERE p.unit_id = :unit_id AND p.status = 'active' ORDER BY b.id",
        unit_id=unit_id,
    )
    by_line: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        by_line[row["line_id"]].append(row)
    found: dict[int, list[Given]] = defaultdict(list)
    for each in by_line.values():
        found[each[0]["target_id"]] += _chain(each)
    return {target: sorted(figures, key=lambda figure: figure.at) for target, figures in found.items()}


async def periods(tx: Transaction, unit_id: int, today: date) -> list[str]:
    """Return the keys of the periods a commune was asked for up to `today`, the newest first."""
    rows = await tx.all(
        f"SELECT d.period, MAX({planned_day('d')}) AS due FROM plans p JOIN duties d ON d.plan_id = p.id"
        " WHERE p.unit_id = :unit_id AND p.status = 'active' AND COALESCE(d.asked_from, '') <= :today"
        " AND EXISTS (SELECT 1 FROM duty_lines l WHERE l.duty_id = d.id)"
        " GROUP BY d.period ORDER BY due DESC, d.period",
        unit_id=unit_id,
        today=today.isoformat(),
    )
    return [row["period"] for row in rows]


def _chain(rows: Sequence[Row]) -> list[Given]:
    """Follow the newest figure of a line back over those it has replaced."""
    by_id = {row["id"]: row for row in rows}
    found: list[Given] = []
    at = rows[-1]["submission_id"]
    while at in by_id:
        row = by_id[at]
        newest = row["id"] == row["submission_id"]
        found.append(
            Given(
                read_instant(row["recorded_at"]),
                read_figure(row["value"]),
                row["line_verdict"] if newest else row["verdict"],
                row["name"],
                not newest,
                read_day(row["as_of"]) if row["as_of"] else None,
            )
        )
        at = row["replaces_id"]
    return found[::-1]


async def plan_years(tx: Transaction, unit_id: int) -> list[int]:
    """Return the years a unit has plans in force for, oldest first."""
    rows = await tx.all(
        "SELECT DISTINCT year FROM plans WHERE unit_id = :unit_id AND status = 'active' ORDER BY year", unit_id=unit_id
    )
    return [row["year"] for row in rows]


@dataclass(frozen=True, slots=True)
class ReportedPlan:
    """What the head of a report says of the plan it is about."""

    id: int
    number: str | None
    title: str | None
    issued_on: date | None
    year: int
    source_name: str


async def plans_reported(tx: Transaction, unit_id: int) -> list[ReportedPlan]:
    """Return the plans of a commune in force, in the order of their rows in `status_rows`."""
    rows = await tx.all(
        "SELECT id, number, title, issued_on, year, source_name FROM plans"
        " WHERE unit_id = :unit_id AND status = 'active' ORDER BY id",
        unit_id=unit_id,
    )
    return [
        ReportedPlan(
            row["id"],
            row["number"],
            row["title"],
            read_day(row["issued_on"]) if row["issued_on"] else None,
            row["year"],
            row["source_name"],
        )
        for row in rows
    ]


# Reported by its deadlines alone, a target has one line. Of several the one that counts today is looked up, target by
# target: done line by line, a year of months would cost a country ten times as much.
_ONE_LINE = (
    "SELECT p.unit_id, l.status, l.verdict, d.due_on"
    " FROM plans p JOIN duties d ON d.plan_id = p.id JOIN duty_lines l ON l.duty_id = d.id"
    " WHERE p.status = 'active' AND p.cycle = 'deadlines' AND d.period LIKE 'deadline:%'"
    " AND p.unit_id IN ({communes})"
)
_SEVERAL_LINES = (
    "SELECT p.unit_id, l.status, l.verdict, d.due_on"
    " FROM plans p JOIN indicators i ON i.plan_id = p.id JOIN targets t ON t.indicator_id = i.id"
    " JOIN duty_lines l ON l.id = (SELECT k.id FROM duty_lines k JOIN duties f ON f.id = k.duty_id"
    f" WHERE k.target_id = t.id {_NEWEST}) JOIN duties d ON d.id = l.duty_id"
    f" WHERE p.status = 'active' AND p.cycle <> 'deadlines' AND {OWN_TARGET} AND p.unit_id IN ({{communes}})"
)
_SUMS = (
    "SELECT x.unit_id, COUNT(*) AS lines, SUM(CASE WHEN x.status = 'reported' THEN 1 ELSE 0 END) AS reported,"
    " SUM(CASE WHEN x.status = 'reported' AND x.verdict = 'met' THEN 1 ELSE 0 END) AS met,"
    " SUM(CASE WHEN x.status = 'reported' AND x.verdict = 'not_met' THEN 1 ELSE 0 END) AS not_met,"
    " SUM(CASE WHEN x.status <> 'reported' AND x.due_on < :today THEN 1 ELSE 0 END) AS overdue"
    f" FROM ({_ONE_LINE} UNION ALL {_SEVERAL_LINES}) x GROUP BY x.unit_id"
)
_PLANS = (
    "SELECT u.id, u.name, u.parent_id, COUNT(p.id) AS plans, COALESCE(SUM(p.own_targets), 0) AS targets"
    " FROM units u LEFT JOIN plans p ON p.unit_id = u.id AND p.status = 'active'"
    " WHERE u.id IN ({communes}) GROUP BY u.id, u.name, u.parent_id ORDER BY u.name, u.id"
)
_THERE = (
    " c.kind = 'commune' AND (c.closed_on IS NULL OR c.closed_on > :today)"
    " AND (:province = 0 OR c.parent_id = :province)"
)
_EVERY = f"SELECT c.id FROM units c WHERE{_THERE}"
_GRANTED = units_granted("read_status")
_REACHED = f"{_EVERY} AND (c.id IN {_GRANTED} OR c.parent_id IN {_GRANTED})"


async def tallies(
    tx: Transaction, person_id: int | None, today: date, province_id: int | None = None
) -> dict[int | None, list[CommuneTally]]:
    """Return how the communes a person may see stand on `today`, by province; of one province only, if given.

    `person_id` is None for whoever runs the program, and so may see all.

    A commune counts from the day it is there until the day it is closed. How many are at risk, or were
    sent back, is not counted here: that takes every figure ever given.
    """
    asked: dict[str, object] = {"today": today.isoformat(), "province": province_id or 0}
    communes = _EVERY
    if person_id is not None:
        communes, asked["person_id"] = _REACHED, person_id
    sums: dict[int, Row] = {row["unit_id"]: row for row in await tx.all(_SUMS.format(communes=communes), **asked)}
    found: dict[int | None, list[CommuneTally]] = defaultdict(list)
    for row in await tx.all(_PLANS.format(communes=communes), **asked):
        counts = _counts(sums.get(row["id"]), row["targets"])
        found[row["parent_id"]].append(CommuneTally(row["id"], row["name"], row["plans"], counts))
    return dict(found)


def _counts(sums: Row | None, targets: int) -> Counts:
    if sums is None:
        return Counts(total=targets, unassigned=targets)
    reported, met, not_met, lines = sums["reported"], sums["met"], sums["not_met"], sums["lines"]
    return Counts(
        total=max(targets, lines),
        reported=reported,
        met=met,
        not_met=not_met,
        to_judge=reported - met - not_met,
        missing=lines - reported,
        overdue=sums["overdue"],
        unassigned=max(targets - lines, 0),
    )
