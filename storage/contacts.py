"""The agencies of a unit with those who answer for them: who they are, what they do there, whether they are reached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.messages import Address
from domain.model import AgencyKind, InvitationRole, MembershipRole
from storage.database import Row, Transaction
from storage.oversight import Recipient
from storage.values import instant


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody in an agency. `reachable` tells whether any of their accounts can be written to."""

    person_id: int
    name: str
    roles: tuple[MembershipRole, ...]
    post: str | None
    reachable: bool


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody invited into an agency who has not joined yet; the code is still good."""

    name: str
    role: InvitationRole
    post: str | None


@dataclass(frozen=True, slots=True)
class Listed:
    """An agency with its people; `owes` is how many lines it has without a figure."""

    id: int
    unit_id: int
    name: str
    kind: AgencyKind
    contacts: tuple[Contact, ...] = ()
    owes: int = 0

    @property
    def has_contact(self) -> bool:
        """Whether anybody answers for it who can be reached; a head alone is not reminded."""
        return any(each.reachable and set(each.roles) & {"primary", "alternate"} for each in self.contacts)


_AGENCY = (
    "SELECT a.id, a.unit_id, a.name, a.kind, (SELECT COUNT(*) FROM duty_lines l JOIN duties d ON d.id = l.duty_id"
    " WHERE d.agency_id = a.id AND d.status = 'open' AND l.status <> 'reported') AS owes FROM agencies a"
    " WHERE a.merged_into IS NULL"
)


async def agencies(tx: Transaction, unit_id: int) -> list[Listed]:
    """Return a unit's agencies: those nobody answers for first, before them those that owe something; then by name.

    Groups and outside bodies, who are never reminded, come last.
    """
    rows = await tx.all(f"{_AGENCY} AND a.unit_id = :unit_id ORDER BY a.name, a.id", unit_id=unit_id)
    found = [_listed(row, people) for row, people in await _with_people(tx, rows, unit_id)]
    return sorted(found, key=lambda each: (each.kind != "agency", each.has_contact, not each.owes))


async def agency(tx: Transaction, agency_id: int) -> Listed | None:
    """Return an agency by its id; None for one that is a part of another now."""
    row = await tx.one(f"{_AGENCY} AND a.id = :id", id=agency_id)
    if row is None:
        return None
    [(_, people)] = await _with_people(tx, [row], row["unit_id"])
    return _listed(row, people)


async def invited(tx: Transaction, agency_id: int, now: datetime) -> list[Invited]:
    """Return who has a code for an agency that nobody has used yet, in the order they were invited."""
    rows = await tx.all(
        "SELECT name, role, post FROM invitations WHERE agency_id = :id AND status = 'open' AND expires_at > :now"
        " ORDER BY id",
        id=agency_id,
        now=instant(now),
    )
    return [Invited(row["name"], row["role"], row["post"]) for row in rows]


async def never_joined(tx: Transaction, unit_id: int, now: datetime) -> dict[int, int]:
    """Return, by agency of a unit, how many have a code and have not joined yet."""
    rows = await tx.all(
        "SELECT agency_id, COUNT(*) AS n FROM invitations WHERE unit_id = :unit_id AND agency_id IS NOT NULL"
        " AND status = 'open' AND expires_at > :now GROUP BY agency_id",
        unit_id=unit_id,
        now=instant(now),
    )
    return {row["agency_id"]: row["n"] for row in rows}


async def people_of(tx: Transaction, unit_id: int) -> list[tuple[int, str, str]]:
    """Return the ids and names of all who answer for an agency of a unit, with one such agency, by name."""
    rows = await tx.all(
        "SELECT p.id, p.name, MIN(a.name) AS agency FROM agencies a JOIN memberships m ON m.agency_id = a.id"
        " JOIN people p ON p.id = m.person_id WHERE a.unit_id = :unit_id GROUP BY p.id, p.name ORDER BY p.name, p.id",
        unit_id=unit_id,
    )
    return [(row["id"], row["name"], row["agency"]) for row in rows]


async def recipient(tx: Transaction, person_id: int) -> list[Recipient]:
    """Return where somebody is reached first, as what `handlers.notices` tells; empty for who cannot be."""
    row = await tx.one(
        "SELECT p.id, p.name, x.channel, x.external_id FROM people p JOIN addresses x ON x.person_id = p.id"
        " AND x.status = 'reachable' WHERE p.id = :id ORDER BY x.id",
        id=person_id,
    )
    return [Recipient(row["id"], row["name"], Address(row["channel"], row["external_id"]))] if row else []


def set_post(tx: Transaction, person_id: int, agency_id: int, post: str | None) -> None:
    """Queue noting somebody's post in an agency, or that it is not known."""
    tx.later(
        "UPDATE memberships SET post = :post WHERE person_id = :person_id AND agency_id = :agency_id",
        post=post,
        person_id=person_id,
        agency_id=agency_id,
    )


def end_role(tx: Transaction, person_id: int, agency_id: int, role: MembershipRole) -> None:
    """Queue ending one of the roles somebody has in an agency."""
    tx.later(
        "DELETE FROM memberships WHERE person_id = :person_id AND agency_id = :agency_id AND role = :role",
        person_id=person_id,
        agency_id=agency_id,
        role=role,
    )


async def _with_people(tx: Transaction, rows: Sequence[Row], unit_id: int) -> list[tuple[Row, Sequence[Row]]]:
    members: dict[int, list[Row]] = defaultdict(list)
    for member in await tx.all(
        "SELECT m.agency_id, m.person_id, p.name, m.role, m.post, (SELECT COUNT(*) FROM addresses r"
        " WHERE r.person_id = m.person_id AND r.status = 'reachable') AS reachable"
        " FROM memberships m JOIN people p ON p.id = m.person_id JOIN agencies a ON a.id = m.agency_id"
        " WHERE a.unit_id = :unit_id ORDER BY p.name, p.id, m.role",
        unit_id=unit_id,
    ):
        members[member["agency_id"]].append(member)
    return [(row, members[row["id"]]) for row in rows]


def _listed(row: Row, members: Sequence[Row]) -> Listed:
    people: dict[int, list[Row]] = defaultdict(list)
    for member in members:
        people[member["person_id"]].append(member)
    contacts = tuple(
        Contact(
            person_id,
            found[0]["name"],
            tuple(each["role"] for each in found),
            next((each["post"] for each in found if each["post"]), None),
            found[0]["reachable"] > 0,
        )
        for person_id, found in people.items()
    )
    return Listed(row["id"], row["unit_id"], row["name"], row["kind"], contacts, row["owes"])
