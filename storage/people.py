"""People, how they are reached, what they may do, and the one-time codes that let them in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Literal

from domain import consent
from domain.messages import Address
from domain.model import GrantRole, InvitationRole, MembershipRole
from domain.permissions import MEMBERSHIPS
from storage.database import Row, Transaction
from storage.values import instant, read_instant

WRONG_CODES_ALLOWED = 5


@dataclass(frozen=True, slots=True)
class Invitation:
    """An open invitation: into an agency as its contact or head, or to a role over a unit."""

    id: int
    role: InvitationRole
    name: str
    unit_id: int
    unit_name: str
    agency_id: int | None
    agency_name: str | None
    expires_at: datetime
    post: str | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """An agency a person answers for, heads, or both; `roles` are sorted."""

    agency_id: int
    agency_name: str
    unit_id: int
    unit_name: str
    roles: tuple[MembershipRole, ...] = ("primary",)


@dataclass(frozen=True, slots=True)
class Grant:
    """A role over a unit."""

    role: GrantRole
    unit_id: int
    unit_name: str


def code_hash(code: str) -> str:
    """Return what is kept of a one-time code; the code itself is shown once and never stored."""
    return hashlib.sha256(f"dondoc-invitation:{code}".encode()).hexdigest()


async def invite(
    tx: Transaction,
    code: str,
    role: InvitationRole,
    name: str,
    unit_id: int,
    agency_id: int | None,
    expires_at: datetime,
    now: datetime,
    made_by: int | None = None,
    post: str | None = None,
) -> int:
    """Store an invitation under the hash of its code and return its id."""
    return await tx.key(
        "INSERT INTO invitations (code_hash, unit_id, agency_id, role, name, created_at, expires_at, made_by, post)"
        " VALUES (:code_hash, :unit_id, :agency_id, :role, :name, :now, :expires_at, :made_by, :post) RETURNING id",
        post=post,
        code_hash=code_hash(code),
        unit_id=unit_id,
        agency_id=agency_id,
        role=role,
        name=name,
        now=instant(now),
        expires_at=instant(expires_at),
        made_by=made_by,
    )


_INVITATION = (
    "SELECT i.id, i.role, i.name, i.unit_id, u.name AS unit_name, i.agency_id, a.name AS agency_name, i.expires_at,"
    " i.post FROM invitations i JOIN units u ON u.id = i.unit_id LEFT JOIN agencies a ON a.id = i.agency_id"
    " WHERE i.status = 'open' AND i.expires_at > :now"
)


def _invitation(row: Row) -> Invitation:
    return Invitation(
        row["id"],
        row["role"],
        row["name"],
        row["unit_id"],
        row["unit_name"],
        row["agency_id"],
        row["agency_name"],
        read_instant(row["expires_at"]),
        row["post"],
    )


async def find_invitation(tx: Transaction, code: str, now: datetime) -> Invitation | None:
    """Return the open invitation of a code; None when it is wrong, used, revoked or expired."""
    row = await tx.one(f"{_INVITATION} AND i.code_hash = :code_hash", code_hash=code_hash(code), now=instant(now))
    return _invitation(row) if row else None


async def invitation(tx: Transaction, invitation_id: int, now: datetime) -> Invitation | None:
    """Return an open invitation by its id; None once it is used, revoked or expired."""
    row = await tx.one(f"{_INVITATION} AND i.id = :id", id=invitation_id, now=instant(now))
    return _invitation(row) if row else None


async def accept(
    tx: Transaction, invited: Invitation, address: Address, person_id: int | None, now: datetime
) -> int | None:
    """Use an invitation up, once: link the address to a person (new when None) and give what was offered.

    Returns the person's id, or None when somebody else used the code in the meantime or it has expired since.
    """
    at = instant(now)
    won = await tx.run(
        "UPDATE invitations SET status = 'used', used_at = :now"
        " WHERE id = :id AND status = 'open' AND expires_at > :now",
        id=invited.id,
        now=at,
    )
    if not won:
        return None
    if person_id is None:
        person_id = await add(tx, invited.name, address, now)
    else:
        tx.later(
            "UPDATE people SET consented_at = :now, consent_version = :version"
            " WHERE id = :id AND consent_version < :version",
            id=person_id,
            version=consent.VERSION,
            now=at,
        )
    tx.later("UPDATE invitations SET used_by = :person_id WHERE id = :id", person_id=person_id, id=invited.id)
    if invited.agency_id is not None:
        add_member(tx, person_id, invited.agency_id, MEMBERSHIPS[invited.role], now, invited.post)
    else:
        tx.later(
            "INSERT INTO grants (person_id, unit_id, role, created_at) VALUES (:person_id, :unit_id, :role, :now)"
            " ON CONFLICT (person_id, unit_id, role) DO NOTHING",
            person_id=person_id,
            unit_id=invited.unit_id,
            role=invited.role,
            now=at,
        )
    return person_id


async def add(tx: Transaction, name: str, address: Address, now: datetime) -> int:
    """Store somebody who has agreed to the present words, and where they are reached; return their id."""
    person_id = await tx.key(
        "INSERT INTO people (name, created_at, consented_at, consent_version)"
        " VALUES (:name, :now, :now, :version) RETURNING id",
        name=name,
        version=consent.VERSION,
        now=instant(now),
    )
    tx.later(
        "INSERT INTO addresses (channel, external_id, person_id, created_at)"
        " VALUES (:channel, :external_id, :person_id, :now)"
        " ON CONFLICT (channel, external_id) DO UPDATE SET person_id = excluded.person_id,"
        " status = 'reachable', wrong_codes = 0, locked_until = NULL",
        channel=address.channel,
        external_id=address.id,
        person_id=person_id,
        now=instant(now),
    )
    return person_id


async def consented_to(tx: Transaction, person_id: int) -> int:
    """Return the version of the words somebody agreed to; 0 for nobody."""
    row = await tx.one("SELECT consent_version FROM people WHERE id = :id", id=person_id)
    return int(row["consent_version"]) if row else 0


def add_member(
    tx: Transaction, person_id: int, agency_id: int, role: MembershipRole, now: datetime, post: str | None = None
) -> None:
    """Queue making somebody the primary or the alternate contact of an agency, or its head, in a post if known.

    Nobody is both primary and alternate there: the role given last holds. A head may be either, too.
    """
    if role != "head":
        tx.later(
            "DELETE FROM memberships WHERE person_id = :person_id AND agency_id = :agency_id"
            " AND role IN ('primary', 'alternate') AND role <> :role",
            person_id=person_id,
            agency_id=agency_id,
            role=role,
        )
    tx.later(
        "INSERT INTO memberships (person_id, agency_id, role, created_at, post)"
        " VALUES (:person_id, :agency_id, :role, :now, :post) ON CONFLICT (person_id, agency_id, role)"
        " DO UPDATE SET post = COALESCE(excluded.post, memberships.post)",
        post=post,
        person_id=person_id,
        agency_id=agency_id,
        role=role,
        now=instant(now),
    )


async def count_wrong_code(tx: Transaction, address: Address, locked_until: datetime, now: datetime) -> bool:
    """Count a wrong code against an address; True when that was one too many and it is now locked."""
    row = await tx.one(
        "INSERT INTO addresses (channel, external_id, wrong_codes, created_at) VALUES (:channel, :external_id, 1, :now)"
        " ON CONFLICT (channel, external_id) DO UPDATE SET wrong_codes = addresses.wrong_codes + 1"
        " RETURNING id, wrong_codes",
        channel=address.channel,
        external_id=address.id,
        now=instant(now),
    )
    if row is None or row["wrong_codes"] < WRONG_CODES_ALLOWED:
        return False
    tx.later(
        "UPDATE addresses SET wrong_codes = 0, locked_until = :until WHERE id = :id",
        until=instant(locked_until),
        id=row["id"],
    )
    return True


async def memberships(tx: Transaction, person_id: int) -> list[Membership]:
    """Return the agencies a person answers for or heads, each once."""
    rows = await tx.all(
        "SELECT a.id, a.name, u.id AS unit_id, u.name AS unit_name, m.role FROM memberships m"
        " JOIN agencies a ON a.id = m.agency_id JOIN units u ON u.id = a.unit_id"
        " WHERE m.person_id = :person_id ORDER BY u.name, a.name, a.id, m.role",
        person_id=person_id,
    )
    return [
        Membership(*agency, tuple(row["role"] for row in found))
        for agency, found in groupby(rows, key=lambda row: (row["id"], row["name"], row["unit_id"], row["unit_name"]))
    ]


async def heads_of(tx: Transaction, agency_id: int) -> list[tuple[int, Address]]:
    """Return who heads an agency, and where each is reached first."""
    rows = await tx.all(
        "SELECT m.person_id, a.channel, a.external_id FROM memberships m"
        " JOIN addresses a ON a.person_id = m.person_id AND a.status = 'reachable'"
        " WHERE m.agency_id = :agency_id AND m.role = 'head' ORDER BY m.person_id, a.id",
        agency_id=agency_id,
    )
    found: dict[int, Address] = {}
    for row in rows:
        found.setdefault(row["person_id"], Address(row["channel"], row["external_id"]))
    return list(found.items())


async def grants(tx: Transaction, person_id: int) -> list[Grant]:
    """Return the roles a person has over units."""
    rows = await tx.all(
        "SELECT g.role, u.id AS unit_id, u.name AS unit_name FROM grants g JOIN units u ON u.id = g.unit_id"
        " WHERE g.person_id = :person_id ORDER BY u.name, g.role",
        person_id=person_id,
    )
    return [Grant(row["role"], row["unit_id"], row["unit_name"]) for row in rows]


def remove_member(tx: Transaction, person_id: int, agency_id: int) -> None:
    """Queue ending whatever somebody is in an agency; what they gave stays with it."""
    tx.later(
        "DELETE FROM snoozes WHERE person_id = :person_id AND duty_id IN (SELECT id FROM duties WHERE agency_id = :id)",
        person_id=person_id,
        id=agency_id,
    )
    tx.later(
        "DELETE FROM memberships WHERE person_id = :person_id AND agency_id = :agency_id",
        person_id=person_id,
        agency_id=agency_id,
    )


async def any_admin(tx: Transaction) -> bool:
    """Tell whether anybody administers anything."""
    return await tx.one("SELECT 1 FROM grants WHERE role = 'admin' LIMIT 1") is not None


async def at(tx: Transaction, address: Address) -> int | None:
    """Return whose address it is; None for nobody's."""
    row = await tx.one(
        "SELECT person_id FROM addresses WHERE channel = :channel AND external_id = :external_id",
        channel=address.channel,
        external_id=address.id,
    )
    return row["person_id"] if row else None


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of somebody beside their roles."""

    name: str
    channels: tuple[str, ...]
    consented_at: datetime
    consent_version: int
    figures: int


async def kept_of(tx: Transaction, person_id: int) -> Kept:
    """Return what is kept of a person; LookupError for nobody."""
    row = await tx.one(
        "SELECT p.name, p.consented_at, p.consent_version, (SELECT COUNT(*) FROM submissions b"
        " WHERE b.person_id = p.id) AS figures FROM people p WHERE p.id = :id",
        id=person_id,
    )
    if row is None:
        raise LookupError(person_id)
    addresses = await tx.all("SELECT channel FROM addresses WHERE person_id = :id ORDER BY id", id=person_id)
    channels = tuple(each["channel"] for each in addresses)
    return Kept(row["name"], channels, read_instant(row["consented_at"]), row["consent_version"], row["figures"])


async def units_of(tx: Transaction, person_id: int) -> list[int]:
    """Return the units a person has anything to do with: of their agencies, and those they have a role over."""
    units = {membership.unit_id for membership in await memberships(tx, person_id)}
    return sorted(units | {grant.unit_id for grant in await grants(tx, person_id)})


async def admins_of(tx: Transaction, unit_id: int) -> list[Address]:
    """Return where the admins of a unit, or of the province above it, are reached."""
    rows = await tx.all(
        "SELECT DISTINCT a.channel, a.external_id FROM grants g JOIN addresses a ON a.person_id = g.person_id"
        " JOIN units u ON u.id = :unit_id"
        " WHERE g.role = 'admin' AND a.status = 'reachable' AND (g.unit_id = u.id OR g.unit_id = u.parent_id)",
        unit_id=unit_id,
    )
    return [Address(row["channel"], row["external_id"]) for row in rows]


async def addresses_of(tx: Transaction, person_id: int) -> list[Address]:
    """Return where a person is reached, the first joined address first."""
    rows = await tx.all(
        "SELECT channel, external_id FROM addresses WHERE person_id = :person_id AND status = 'reachable' ORDER BY id",
        person_id=person_id,
    )
    return [Address(row["channel"], row["external_id"]) for row in rows]


def mark_address(tx: Transaction, address: Address, status: Literal["reachable", "unreachable"]) -> None:
    """Queue marking an address as reachable or not."""
    tx.later(
        "UPDATE addresses SET status = :status WHERE channel = :channel AND external_id = :external_id"
        " AND status <> :status",
        status=status,
        channel=address.channel,
        external_id=address.id,
    )


def move_address(tx: Transaction, old: Address, new_id: str) -> None:
    """Queue knowing an address by another id of its channel: a group that became another sort of group.

    What waits for it goes along. Where the new id is known already, it is the one that counts.
    """
    for table, column in (("inbox", "sender"), ("outbox", "recipient")):
        tx.later(
            f"UPDATE {table} SET {column} = :new WHERE channel = :channel AND {column} = :old"
            " AND status IN ('waiting', 'queued', 'sending')",
            channel=old.channel,
            old=old.id,
            new=new_id,
        )
    for table in ("addresses", "conversations"):
        tx.later(
            f"UPDATE {table} SET external_id = :new WHERE channel = :channel AND external_id = :old"
            f" AND NOT EXISTS (SELECT 1 FROM {table} k WHERE k.channel = :channel AND k.external_id = :new)",
            channel=old.channel,
            old=old.id,
            new=new_id,
        )


async def by_name(tx: Transaction, name: str, channel: str) -> list[Address]:
    """Return the addresses on a channel of the people called `name`, as typed."""
    rows = await tx.all(
        "SELECT a.channel, a.external_id FROM people p JOIN addresses a ON a.person_id = p.id"
        " WHERE p.name = :name AND a.channel = :channel ORDER BY a.id",
        name=name,
        channel=channel,
    )
    return [Address(row["channel"], row["external_id"]) for row in rows]


async def names_on(tx: Transaction, channel: str) -> dict[str, str]:
    """Return the names of the people who have joined on a channel, by their address there."""
    rows = await tx.all(
        "SELECT a.external_id, p.name FROM addresses a JOIN people p ON p.id = a.person_id"
        " WHERE a.channel = :channel ORDER BY a.id",
        channel=channel,
    )
    return {row["external_id"]: row["name"] for row in rows}


async def other_channels(tx: Transaction, channel: str) -> int:
    """Count the addresses on channels other than `channel`: whether real people use this database."""
    row = await tx.one("SELECT COUNT(*) AS n FROM addresses WHERE channel <> :channel", channel=channel)
    return int(row["n"]) if row else 0
