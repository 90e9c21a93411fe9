"""Reminders put off by one person; the duty itself, and the others who answer for it, are not touched."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

from storage.database import Transaction
from storage.values import instant

# Of duty d: somebody who has put off its reminder is to be reminded now.
WAKES = "(d.status = 'open' AND EXISTS (SELECT 1 FROM snoozes z WHERE z.duty_id = d.id AND z.until <= :now))"


def put_off(tx: Transaction, person_id: int, unit_id: int, due: date, until: datetime) -> None:
    """Queue reminding a person at `until`, and not before, of what their agencies in a commune owe up to `due`.

    The later word counts. `until` is within the sending window: that is the caller's to see to.
    """
    tx.later(
        "INSERT INTO snoozes (person_id, duty_id, until)"
        " SELECT m.person_id, d.id, :until FROM duties d JOIN agencies a ON a.id = d.agency_id"
        " JOIN memberships m ON m.agency_id = a.id AND m.person_id = :person_id"
        " WHERE a.unit_id = :unit_id AND d.status = 'open' AND d.due_on <= :due"
        " ON CONFLICT (person_id, duty_id) DO UPDATE SET until = excluded.until",
        person_id=person_id,
        unit_id=unit_id,
        due=due.isoformat(),
        until=instant(until),
    )


def end(tx: Transaction, duty_id: int, now: datetime) -> None:
    """Queue forgetting who had put off the reminder of a duty until now: they have been reminded."""
    tx.later("DELETE FROM snoozes WHERE duty_id = :id AND until <= :now", id=duty_id, now=instant(now))


async def of_unit(
    tx: Transaction, unit_id: int, now: datetime
) -> tuple[defaultdict[int, set[int]], defaultdict[int, set[int]]]:
    """Return, by open duty of a commune, who has put its reminder off until now, and who until later."""
    woken: defaultdict[int, set[int]] = defaultdict(set)
    asleep: defaultdict[int, set[int]] = defaultdict(set)
    for row in await tx.all(
        "SELECT z.duty_id, z.person_id, z.until FROM agencies a JOIN duties d ON d.agency_id = a.id"
        " AND d.status = 'open' JOIN snoozes z ON z.duty_id = d.id WHERE a.unit_id = :unit_id",
        unit_id=unit_id,
    ):
        (woken if row["until"] <= instant(now) else asleep)[row["duty_id"]].add(row["person_id"])
    return woken, asleep


def prolong(tx: Transaction, duty_id: int, now: datetime, until: datetime) -> None:
    """Queue reminding those who were to be reminded of a duty now at `until` instead."""
    tx.later(
        "UPDATE snoozes SET until = :until WHERE duty_id = :id AND until <= :now",
        id=duty_id,
        now=instant(now),
        until=instant(until),
    )
