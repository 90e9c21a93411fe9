"""Lines an officer says are not their agency's, and what an admin made of it; a line moves to another agency here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from domain.cycles import Owing
from storage import duties
from storage.database import Row, Transaction
from storage.rows import read_owing
from storage.values import instant


@dataclass(frozen=True, slots=True)
class Dispute:
    """A line in dispute that is still owed by the agency that disputes it, and by whom and why it was said."""

    id: int
    line_id: int
    duty_id: int
    plan_id: int
    owing: Owing
    target_id: int
    indicator: str
    agency_id: int
    agency: str
    unit_id: int
    unit_name: str
    person_id: int
    person: str
    words: str

    @property
    def due(self) -> date:
        """The day it is due."""
        return self.owing.due


def raise_for(
    tx: Transaction, line_ids: Sequence[int], person_id: int, words: str, raised_in: int, now: datetime
) -> None:
    """Queue noting that lines are not of the agency that owes them, in one inbox message; an open dispute stays."""
    for line_id in line_ids:
        tx.later(
            "INSERT INTO disputes (raised_in, line_id, agency_id, person_id, words, created_at)"
            " SELECT :raised_in, l.id, d.agency_id, :person_id, :words, :now FROM duty_lines l"
            " JOIN duties d ON d.id = l.duty_id WHERE l.id = :line_id ON CONFLICT DO NOTHING",
            raised_in=raised_in,
            line_id=line_id,
            person_id=person_id,
            words=words,
            now=instant(now),
        )


async def disputed(tx: Transaction, line_ids: Sequence[int]) -> set[int]:
    """Return those of some lines whose dispute no admin has decided yet."""
    found = set()
    for line_id in line_ids:
        if await tx.one("SELECT 1 FROM disputes WHERE line_id = :id AND status = 'open'", id=line_id):
            found.add(line_id)
    return found


async def longest_open(tx: Transaction, unit_ids: Collection[int]) -> int | None:
    """Return the inbox message of the dispute that waits longest in some units; None where none does."""
    rows = await tx.all(
        "SELECT s.raised_in, a.unit_id FROM disputes s JOIN agencies a ON a.id = s.agency_id"
        " JOIN duty_lines l ON l.id = s.line_id JOIN duties d ON d.id = l.duty_id AND d.agency_id = s.agency_id"
        " JOIN plans n ON n.id = d.plan_id AND n.status = 'active' WHERE s.status = 'open' ORDER BY s.id"
    )
    return next((row["raised_in"] for row in rows if row["unit_id"] in unit_ids), None)


async def open_of(tx: Transaction, raised_in: int) -> list[Dispute]:
    """Return what was disputed in an inbox message, is undecided, and is owed by that agency still."""
    rows = await tx.all(
        "SELECT s.id, s.line_id, l.duty_id, d.plan_id, d.period, d.due_on, d.cut_off, d.asked_from, l.target_id,"
        " i.name AS indicator,"
        " s.agency_id, a.name AS agency, a.unit_id, u.name AS unit_name, s.person_id, p.name AS person, s.words"
        " FROM disputes s JOIN duty_lines l ON l.id = s.line_id"
        " JOIN duties d ON d.id = l.duty_id AND d.agency_id = s.agency_id"
        " JOIN plans n ON n.id = d.plan_id AND n.status = 'active'"
        " JOIN targets t ON t.id = l.target_id JOIN indicators i ON i.id = t.indicator_id"
        " JOIN agencies a ON a.id = s.agency_id JOIN units u ON u.id = a.unit_id JOIN people p ON p.id = s.person_id"
        " WHERE s.raised_in = :raised_in AND s.status = 'open' ORDER BY s.id",
        raised_in=raised_in,
    )
    return [_dispute(row) for row in rows]


def _dispute(row: Row) -> Dispute:
    return Dispute(
        id=row["id"],
        line_id=row["line_id"],
        duty_id=row["duty_id"],
        plan_id=row["plan_id"],
        owing=read_owing(row),
        target_id=row["target_id"],
        indicator=row["indicator"],
        agency_id=row["agency_id"],
        agency=row["agency"],
        unit_id=row["unit_id"],
        unit_name=row["unit_name"],
        person_id=row["person_id"],
        person=row["person"],
        words=row["words"],
    )


def decide(
    tx: Transaction, dispute: Dispute, status: Literal["moved", "kept"], person_id: int, now: datetime, to: int | None
) -> None:
    """Queue noting what an admin made of a dispute; the transaction fails with `Outdated` when it was decided."""
    tx.expect(
        "UPDATE disputes SET status = :status, moved_to = :to, decided_by = :person_id, decided_at = :now"
        " WHERE id = :id AND status = 'open'",
        id=dispute.id,
        status=status,
        to=to,
        person_id=person_id,
        now=instant(now),
    )


async def duty_for(tx: Transaction, dispute: Dispute, agency_id: int, remind_at: datetime, now: datetime) -> int | None:
    """Return the duty of another agency that the line belongs into, made where there is none.

    None where that agency owes this very target there already. Call it under the lock of the commune
    (`storage.duties.hold_unit`), or two of them are made.
    """
    row = await tx.one(
        "SELECT id, (SELECT COUNT(*) FROM duty_lines l WHERE l.duty_id = duties.id AND l.target_id = :target_id) AS n"
        " FROM duties WHERE plan_id = :plan_id AND agency_id = :agency_id AND period = :period",
        plan_id=dispute.plan_id,
        agency_id=agency_id,
        period=dispute.owing.period,
        target_id=dispute.target_id,
    )
    if row is None:
        return await duties.create(tx, dispute.plan_id, agency_id, dispute.owing, (), remind_at, now)
    return None if row["n"] else int(row["id"])


def move(tx: Transaction, dispute: Dispute, duty_id: int, remind_at: datetime) -> None:
    """Queue moving the line into another duty of its plan and period, with its figures; both are opened or closed.

    Call it under the locks of both duties (`storage.duties.hold`).
    """
    tx.expect(
        "UPDATE duty_lines SET duty_id = :duty_id WHERE id = :id AND duty_id = :old",
        id=dispute.line_id,
        duty_id=duty_id,
        old=dispute.duty_id,
    )
    for settled in (dispute.duty_id, duty_id):
        duties.settle(tx, settled, remind_at)
