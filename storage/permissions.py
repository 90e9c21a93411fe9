"""Whether somebody may do something to a unit, an agency or a line: asked here, at the moment of acting, by everyone.

A role over a province reaches its communes. What a role may do is in `domain.permissions`; nothing else decides.
"""

from __future__ import annotations

from domain.model import Unit
from domain.permissions import ALLOWED, ROLE_OF_MEMBERSHIP, Action, Role, actions_of, allows
from storage.database import Transaction

_ROLE_THERE = (
    "CASE m.role " + " ".join(f"WHEN '{kept}' THEN '{role}'" for kept, role in ROLE_OF_MEMBERSHIP.items()) + " END"
)
_LINE_AGENCY = "(SELECT d.agency_id FROM duty_lines l JOIN duties d ON d.id = l.duty_id WHERE l.id = :line)"
_UNIT_ROLES = (
    "SELECT g.role FROM units u JOIN grants g ON g.unit_id IN (u.id, u.parent_id)"
    " WHERE g.person_id = :person_id AND u.id = "
)


def _agency_roles(agency: str) -> str:
    return (
        f"{_UNIT_ROLES}(SELECT unit_id FROM agencies WHERE id = {agency}) UNION SELECT {_ROLE_THERE} FROM memberships m"
        f" WHERE m.person_id = :person_id AND m.agency_id = {agency}"
    )


async def roles_at(
    tx: Transaction, person_id: int, *, unit: int | None = None, agency: int | None = None, line: int | None = None
) -> frozenset[Role]:
    """Return the roles a person has at one place: a unit, an agency, or the agency that owes a line.

    ValueError unless exactly one place is named.
    """
    if line is not None and unit is None and agency is None:
        rows = await tx.all(_agency_roles(_LINE_AGENCY), person_id=person_id, line=line)
    elif agency is not None and unit is None and line is None:
        rows = await tx.all(_agency_roles(":agency"), person_id=person_id, agency=agency)
    elif unit is not None and agency is None and line is None:
        rows = await tx.all(f"{_UNIT_ROLES}:unit", person_id=person_id, unit=unit)
    else:
        raise ValueError("name one place")
    return frozenset(row["role"] for row in rows)


async def may(
    tx: Transaction,
    person_id: int,
    action: Action,
    *,
    unit: int | None = None,
    agency: int | None = None,
    line: int | None = None,
) -> bool:
    """Tell whether a person may do `action` to a unit, an agency, or a line; False for one that does not exist."""
    return allows(await roles_at(tx, person_id, unit=unit, agency=agency, line=line), action)


async def roles_anywhere(tx: Transaction, person_id: int) -> frozenset[Role]:
    """Return every role a person has somewhere."""
    rows = await tx.all(
        f"SELECT role FROM grants WHERE person_id = :person_id UNION SELECT {_ROLE_THERE} FROM memberships m"
        " WHERE m.person_id = :person_id",
        person_id=person_id,
    )
    return frozenset(row["role"] for row in rows)


async def actions_anywhere(tx: Transaction, person_id: int) -> frozenset[Action]:
    """Return what a person may do somewhere: which commands are of any use to them."""
    return actions_of(await roles_anywhere(tx, person_id))


async def units_where(tx: Transaction, person_id: int, action: Action, *, provinces: bool = False) -> list[Unit]:
    """Return the communes of which, as a whole, a person may do `action`, by name; provinces too if asked for."""
    rows = await tx.all(
        "SELECT DISTINCT u.id, u.kind, u.name, u.parent_id FROM grants g"
        f" JOIN units u ON g.unit_id IN (u.id, u.parent_id) WHERE g.role IN ({_named(action)})"
        " AND u.kind IN ('commune', :province) AND g.person_id = :person_id ORDER BY u.kind DESC, u.name, u.id",
        person_id=person_id,
        province="province" if provinces else "commune",
    )
    return [Unit(row["id"], row["kind"], row["name"], row["parent_id"]) for row in rows]


def units_granted(action: Action) -> str:
    """Return, as a subquery over :person_id, the provinces and communes for which somebody may do `action`."""
    return f"(SELECT g.unit_id FROM grants g WHERE g.person_id = :person_id AND g.role IN ({_named(action)}))"


def agencies_of_members(action: Action) -> str:
    """Return, as a subquery over :person_id, the agencies for which somebody may do `action` as one of their own."""
    kept = [f"'{membership}'" for membership, role in ROLE_OF_MEMBERSHIP.items() if role in ALLOWED[action]]
    return f"(SELECT agency_id FROM memberships WHERE person_id = :person_id AND role IN ({', '.join(kept) or 'NULL'}))"


def agencies_where(action: Action) -> str:
    """Return, as a subquery over :person_id, the agencies to whose lines somebody may do `action`, by any role."""
    of_units = (
        "SELECT w.id FROM grants g JOIN units v ON g.unit_id IN (v.id, v.parent_id) JOIN agencies w ON w.unit_id = v.id"
        f" WHERE g.person_id = :person_id AND g.role IN ({_named(action)})"
    )
    return f"({of_units} UNION {agencies_of_members(action)[1:]}"


def _named(action: Action) -> str:
    return ", ".join(f"'{role}'" for role in sorted(ALLOWED[action]))
