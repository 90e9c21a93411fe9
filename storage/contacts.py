"""The agencies of a unit with those who answer for them: who they are, what they do there, whether they are reached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.model import AgencyKind, MembershipRole
from storage.database import Row, Transaction


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody in an agency. `reachable` tells whether any of their accounts can be written to."""

    person_id: int
    name: str
    roles: tuple[MembershipRole, ...]
    post: str | None
    reachable: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """An agency with its people; `owes` is how many lines it has without a figure, `aliases` what else it is called."""

    id: int
    unit_id: int
    name: str
    kind: AgencyKind
    contacts: tuple[Contact, ...] = ()
    owes: int = 0
    aliases: tuple[str, ...] = field(default=())

    @property
    def has_contact(self) -> bool:
        """Whether anybody answers for it who can be reached; a head alone is not reminded."""
        return any(each.reachable and set(each.roles) & {"primary", "alternate"} for each in self.contacts)


_AGENCY = (
    "SELECT a.id, a.unit_id, a.name, a.kind, (SELECT COUNT(*) FROM duty_lines l JOIN duties d ON d.id = l.duty_id"
    " WHERE d.agency_id = a.id AND d.status = 'open' AND l.status <> 'reported') AS owes FROM agencies a"
)


async def agencies(tx: Transaction, unit_id: int) -> list[Listed]:
    """Return a unit's agencies: those nobody answers for first, before them those that owe something; then by name.

    Groups and outside bodies, who are never reminded, come last.
    """
    rows = await tx.all(f"{_AGENCY} WHERE a.unit_id = :unit_id ORDER BY a.name, a.id", unit_id=unit_id)
    found = [_listed(row, people) for row, people in await _with_people(tx, rows, unit_id)]
    return sorted(found, key=lambda each: (each.kind != "agency", each.has_contact, not each.owes))


async def agency(tx: Transaction, agency_id: int) -> Listed | None:
    """Return an agency by its id."""
    row = await tx.one(f"{_AGENCY} WHERE a.id = :id", id=agency_id)
    if row is None:
        return None
    [(_, people)] = await _with_people(tx, [row], row["unit_id"])
    return _listed(row, people)


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
