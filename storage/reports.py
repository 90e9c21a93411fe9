"""What reports are made of: one SELECT for the state of a commune."""

from __future__ import annotations

from datetime import date

from domain.status import StatusRow
from storage.database import Row, Transaction
from storage.rows import SENT_BACK, TARGET_COLUMNS, read_target
from storage.values import read_day, read_figure


async def status_rows(tx: Transaction, unit_id: int, today: date) -> list[StatusRow]:
    """Return the commune's own targets for the year of its plans in force, each with the newest answer, in their order.

    Of a target reported period by period it is the newest of those asked for on `today`, else the first. "-" (not
    assigned) is left out: nothing is owed. A target nobody reports on yet has no agency.
    """
    rows = await tx.all(
        f"SELECT i.id AS indicator_id, i.name, s.title AS section, {TARGET_COLUMNS}, d.due_on, t.due_on AS target_due,"
        " a.name AS agency, l.status, b.value, COALESCE(l.verdict, b.verdict) AS verdict,"
        f" {SENT_BACK} AS returned,"
        " (SELECT COUNT(*) FROM memberships m WHERE m.agency_id = a.id AND m.role <> 'head') AS contacts"
        " FROM plans p JOIN indicators i ON i.plan_id = p.id JOIN targets t ON t.indicator_id = i.id"
        " LEFT JOIN sections s ON s.id = i.section_id LEFT JOIN duty_lines l ON l.id = (SELECT k.id FROM duty_lines k"
        " JOIN duties f ON f.id = k.duty_id WHERE k.target_id = t.id"
        " ORDER BY CASE WHEN COALESCE(f.asked_from, '') <= :today THEN f.due_on ELSE '' END DESC, f.due_on LIMIT 1)"
        " LEFT JOIN duties d ON d.id = l.duty_id LEFT JOIN agencies a ON a.id = d.agency_id"
        " LEFT JOIN submissions b ON b.id = l.submission_id"
        " WHERE p.unit_id = :unit_id AND p.status = 'active'"
        " AND t.scope = 'xa' AND t.kind <> 'not_assigned' AND t.year = p.year"
        " ORDER BY p.id, i.position, t.position",
        unit_id=unit_id,
        today=today.isoformat(),
    )
    return [_status_row(row) for row in rows]


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
    )


async def plan_years(tx: Transaction, unit_id: int) -> list[int]:
    """Return the years a unit has plans in force for, oldest first."""
    rows = await tx.all(
        "SELECT DISTINCT year FROM plans WHERE unit_id = :unit_id AND status = 'active' ORDER BY year", unit_id=unit_id
    )
    return [row["year"] for row in rows]
