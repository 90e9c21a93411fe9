"""Lines as those see them who look after a unit, and whom to tell of what becomes of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from domain.messages import Address
from domain.model import DutyLine
from domain.permissions import Action
from storage import permissions
from storage.database import Row, Transaction
from storage.duties import LINE, read_line


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody to be told something, and where they are reached."""

    person_id: int
    name: str
    address: Address


async def line_of(tx: Transaction, person_id: int, action: Action, line_id: int) -> DutyLine | None:
    """Return a line to which the person may do `action`, by whatever role; None for any other."""
    if not await permissions.may(tx, person_id, action, line=line_id):
        return None
    row = await tx.one(f"{LINE} WHERE l.id = :line_id", line_id=line_id)
    return read_line(row) if row else None


async def newest(tx: Transaction, person_id: int, action: Action, most: int) -> list[DutyLine]:
    """Return the lines with the figures given last among those the person may do `action` to, the newest first."""
    rows = await tx.all(
        f"{LINE} WHERE d.agency_id IN {permissions.agencies_where(action)} AND l.status = 'reported'"
        " ORDER BY b.recorded_at DESC, b.id DESC LIMIT :most",
        person_id=person_id,
        most=most,
    )
    return [read_line(row) for row in rows]


async def officers_of(tx: Transaction, duty_id: int) -> list[Recipient]:
    """Return who answers for the agency of a duty, alternates too, each where they joined first."""
    return _first_addresses(
        await tx.all(
            "SELECT p.id, p.name, x.channel, x.external_id FROM duties d"
            " JOIN memberships m ON m.agency_id = d.agency_id AND m.role <> 'head' JOIN people p ON p.id = m.person_id"
            " JOIN addresses x ON x.person_id = p.id AND x.status = 'reachable' WHERE d.id = :duty_id ORDER BY x.id",
            duty_id=duty_id,
        )
    )


async def overseers_of(tx: Transaction, unit_id: int, role: Literal["leader", "admin"]) -> list[Recipient]:
    """Return who has a role over a unit itself, or where there is nobody, over the province above it."""
    for level in ("u.id", "u.parent_id"):
        rows = await tx.all(
            "SELECT p.id, p.name, x.channel, x.external_id FROM units u"
            f" JOIN grants g ON g.unit_id = {level} AND g.role = :role JOIN people p ON p.id = g.person_id"
            " JOIN addresses x ON x.person_id = p.id AND x.status = 'reachable' WHERE u.id = :unit_id"
            " ORDER BY x.id",
            unit_id=unit_id,
            role=role,
        )
        if rows:
            return _first_addresses(rows)
    return []


async def heads_of(tx: Transaction, agency_id: int) -> list[Recipient]:
    """Return who heads an agency."""
    rows = await tx.all(
        "SELECT p.id, p.name, x.channel, x.external_id FROM memberships m JOIN people p ON p.id = m.person_id"
        " JOIN addresses x ON x.person_id = p.id AND x.status = 'reachable'"
        " WHERE m.agency_id = :agency_id AND m.role = 'head' ORDER BY x.id",
        agency_id=agency_id,
    )
    return _first_addresses(rows)


async def who_sent_back(tx: Transaction, line_id: int) -> list[Recipient]:
    """Return who sent the figure of a line back to which the newest is the answer: no other was given in between."""
    rows = await tx.all(
        "SELECT p.id, p.name, x.channel, x.external_id FROM duty_lines l JOIN submissions b ON b.line_id = l.id"
        " JOIN reviews r ON r.submission_id = b.id AND r.kind = 'returned' JOIN people p ON p.id = r.person_id"
        " JOIN addresses x ON x.person_id = p.id AND x.status = 'reachable' WHERE l.id = :line_id"
        " AND NOT EXISTS (SELECT 1 FROM submissions n WHERE n.line_id = l.id AND n.id > b.id AND n.value IS NOT NULL"
        " AND n.id <> l.submission_id) AND b.id <> l.submission_id ORDER BY x.id",
        line_id=line_id,
    )
    return _first_addresses(rows)


def _first_addresses(rows: Sequence[Row]) -> list[Recipient]:
    found: dict[int, Recipient] = {}
    for row in rows:
        found.setdefault(row["id"], Recipient(row["id"], row["name"], Address(row["channel"], row["external_id"])))
    return list(found.values())
