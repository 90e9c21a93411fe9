"""Closing the figures of a commune's due day, and opening them again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.closing import Closing
from storage.database import Transaction
from storage.values import read_day


@dataclass(frozen=True, slots=True)
class DueDay:
    """What a commune owes by one day: how many figures, how many there are, and whether they are closed."""

    due: date
    lines: int
    reported: int
    closing: Closing
    closes_after: int


async def due_days(tx: Transaction, unit_id: int) -> list[DueDay]:
    """Return the due days of a commune's plans in force, the nearest first."""
    rows = await tx.all(
        "SELECT d.due_on, COUNT(*) AS lines, SUM(CASE WHEN l.status = 'reported' THEN 1 ELSE 0 END) AS reported,"
        " MAX(d.closing) AS closing, MIN(p.closes_after) AS closes_after"
        " FROM duties d JOIN agencies a ON a.id = d.agency_id JOIN plans p ON p.id = d.plan_id AND p.status = 'active'"
        " JOIN duty_lines l ON l.duty_id = d.id WHERE a.unit_id = :unit_id GROUP BY d.due_on ORDER BY d.due_on",
        unit_id=unit_id,
    )
    return [
        DueDay(read_day(row["due_on"]), row["lines"], row["reported"], row["closing"], row["closes_after"])
        for row in rows
    ]


def set_closing(tx: Transaction, unit_id: int, due: date, closing: Closing) -> None:
    """Queue closing, or opening, all that a commune owes by a day."""
    tx.later(
        "UPDATE duties SET closing = :closing WHERE due_on = :due"
        " AND agency_id IN (SELECT id FROM agencies WHERE unit_id = :unit_id)"
        " AND plan_id IN (SELECT id FROM plans WHERE status = 'active')",
        closing=closing,
        due=due.isoformat(),
        unit_id=unit_id,
    )
