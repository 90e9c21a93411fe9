"""Invitations that are open, those used by somebody, and codes by which somebody adds another account of theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.messages import Address
from domain.model import InvitationRole
from storage.database import Transaction
from storage.people import code_hash
from storage.values import instant, read_instant


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """An invitation nobody has used yet."""

    id: int
    role: InvitationRole
    name: str
    unit_id: int
    place: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Pairing:
    """A code by which a person's other account is to be known as theirs."""

    id: int
    person_id: int
    person_name: str


async def open_of(tx: Transaction, unit_ids: Sequence[int], now: datetime) -> list[OpenInvitation]:
    """Return the invitations of units that can still be used, those that end first before the others."""
    wanted = {f"unit_{number}": unit_id for number, unit_id in enumerate(unit_ids)}
    rows = await tx.all(
        "SELECT i.id, i.role, i.name, i.unit_id, COALESCE(a.name, u.name) AS place, i.expires_at FROM invitations i"
        " JOIN units u ON u.id = i.unit_id LEFT JOIN agencies a ON a.id = i.agency_id"
        f" WHERE i.unit_id IN ({', '.join(f':{name}' for name in wanted)}) AND i.status = 'open'"
        " AND i.expires_at > :now ORDER BY i.expires_at, i.id",
        now=instant(now),
        **wanted,
    )
    return [
        OpenInvitation(
            row["id"], row["role"], row["name"], row["unit_id"], row["place"], read_instant(row["expires_at"])
        )
        for row in rows
    ]


async def revoke(tx: Transaction, invitation_id: int) -> bool:
    """Make an open invitation unusable; False when it was used or revoked before."""
    changed = await tx.run(
        "UPDATE invitations SET status = 'revoked' WHERE id = :id AND status = 'open'", id=invitation_id
    )
    return changed == 1


async def was_used_by(tx: Transaction, code: str, person_id: int) -> bool:
    """Tell whether this very person has used this code: they pressed the same link again."""
    row = await tx.one(
        "SELECT 1 FROM invitations WHERE code_hash = :hash AND used_by = :person_id",
        hash=code_hash(code),
        person_id=person_id,
    )
    return row is not None


async def add_pairing(tx: Transaction, code: str, person_id: int, expires_at: datetime, now: datetime) -> None:
    """Store a code for another account of a person; an open one of theirs is revoked."""
    tx.later("UPDATE pairings SET status = 'revoked' WHERE person_id = :id AND status = 'open'", id=person_id)
    tx.later(
        "INSERT INTO pairings (code_hash, person_id, created_at, expires_at)"
        " VALUES (:hash, :person_id, :now, :expires_at)",
        hash=code_hash(code),
        person_id=person_id,
        now=instant(now),
        expires_at=instant(expires_at),
    )


async def find_pairing(tx: Transaction, code: str, now: datetime) -> Pairing | None:
    """Return the open pairing of a code; None when it is wrong, used, revoked or expired."""
    return await _pairing(tx, "code_hash = :key", code_hash(code), now)


async def pairing(tx: Transaction, pairing_id: int, now: datetime) -> Pairing | None:
    """Return an open pairing by its id; None once it is used, revoked or expired."""
    return await _pairing(tx, "id = :key", pairing_id, now)


async def _pairing(tx: Transaction, where: str, key: str | int, now: datetime) -> Pairing | None:
    row = await tx.one(
        "SELECT r.id, r.person_id, p.name FROM pairings r JOIN people p ON p.id = r.person_id"
        f" WHERE r.{where} AND r.status = 'open' AND r.expires_at > :now",
        key=key,
        now=instant(now),
    )
    return Pairing(row["id"], row["person_id"], row["name"]) if row else None


async def pair(tx: Transaction, found: Pairing, address: Address, now: datetime) -> bool:
    """Make an address one of a person's, using the code up; False when it was used, or the address is somebody's."""
    won = await tx.run("UPDATE pairings SET status = 'used' WHERE id = :id AND status = 'open'", id=found.id)
    if not won:
        return False
    row = await tx.one(
        "INSERT INTO addresses (channel, external_id, person_id, created_at)"
        " VALUES (:channel, :external_id, :person_id, :now)"
        " ON CONFLICT (channel, external_id) DO UPDATE SET person_id = excluded.person_id, status = 'reachable',"
        " wrong_codes = 0, locked_until = NULL WHERE addresses.person_id IS NULL RETURNING id",
        channel=address.channel,
        external_id=address.id,
        person_id=found.person_id,
        now=instant(now),
    )
    return row is not None
