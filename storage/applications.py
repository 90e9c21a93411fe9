"""Those who ask to be let in without an invitation; an admin of the unit grants it or refuses, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.messages import Address
from storage.database import Row, Transaction
from storage.values import instant


@dataclass(frozen=True, slots=True)
class Application:
    """Somebody, not in the books yet, who asks to be the contact of an agency."""

    id: int
    address: Address
    name: str
    agency_id: int
    agency_name: str
    unit_id: int
    unit_name: str
    consent_version: int
    status: Literal["open", "granted", "refused", "withdrawn"]


async def add(tx: Transaction, address: Address, agency_id: int, name: str, consent_version: int, now: datetime) -> int:
    """Store an application and return its id; an open one from the same address is withdrawn."""
    withdraw(tx, address, now)
    return await tx.key(
        "INSERT INTO applications (channel, external_id, agency_id, name, consent_version, created_at)"
        " VALUES (:channel, :external_id, :agency_id, :name, :version, :now) RETURNING id",
        channel=address.channel,
        external_id=address.id,
        agency_id=agency_id,
        name=name,
        version=consent_version,
        now=instant(now),
    )


def withdraw(tx: Transaction, address: Address, now: datetime) -> None:
    """Queue withdrawing whatever application of an address is open."""
    tx.later(
        "UPDATE applications SET status = 'withdrawn', decided_at = :now"
        " WHERE channel = :channel AND external_id = :external_id AND status = 'open'",
        channel=address.channel,
        external_id=address.id,
        now=instant(now),
    )


_APPLICATION = (
    "SELECT p.id, p.channel, p.external_id, p.name, p.agency_id, a.name AS agency_name, u.id AS unit_id,"
    " u.name AS unit_name, p.consent_version, p.status FROM applications p JOIN agencies a ON a.id = p.agency_id"
    " JOIN units u ON u.id = a.unit_id"
)


async def find(tx: Transaction, application_id: int) -> Application | None:
    """Return an application by its id, decided or not."""
    row = await tx.one(f"{_APPLICATION} WHERE p.id = :id", id=application_id)
    return _application(row) if row else None


async def open_of(tx: Transaction, unit_ids: Sequence[int]) -> list[Application]:
    """Return the applications to agencies of these units that wait for a decision, the oldest first."""
    if not unit_ids:
        return []
    wanted = {f"unit_{number}": unit_id for number, unit_id in enumerate(unit_ids)}
    rows = await tx.all(
        f"{_APPLICATION} WHERE p.status = 'open' AND a.unit_id IN ({', '.join(f':{name}' for name in wanted)})"
        " ORDER BY p.id",
        **wanted,
    )
    return [_application(row) for row in rows]


def _application(row: Row) -> Application:
    return Application(
        row["id"],
        Address(row["channel"], row["external_id"]),
        row["name"],
        row["agency_id"],
        row["agency_name"],
        row["unit_id"],
        row["unit_name"],
        row["consent_version"],
        row["status"],
    )


async def decide(
    tx: Transaction, application_id: int, decision: Literal["granted", "refused"], person_id: int, now: datetime
) -> bool:
    """Grant or refuse an open application, once; False when somebody else was quicker.

    The name of whoever is refused is not kept.
    """
    changed = await tx.run(
        "UPDATE applications SET status = :decision, decided_by = :person_id, decided_at = :now,"
        " name = CASE WHEN :decision = 'refused' THEN '' ELSE name END WHERE id = :id AND status = 'open'",
        id=application_id,
        decision=decision,
        person_id=person_id,
        now=instant(now),
    )
    return changed == 1
