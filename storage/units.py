"""Provinces, communes and the agencies in them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Literal

from domain.model import AgencyKind, Unit
from domain.vietnamese import fold
from storage.database import Row, Transaction
from storage.permissions import may, units_where
from storage.values import instant

_COLUMNS = "u.id, u.kind, u.name, u.parent_id"


def _unit(row: Row) -> Unit:
    return Unit(row["id"], row["kind"], row["name"], row["parent_id"])


async def ensure_unit(
    tx: Transaction, kind: Literal["province", "commune"], name: str, parent: Unit | None, now: datetime
) -> Unit:
    """Return the unit of that name under `parent`, making it when it is new."""
    parent_id = parent.id if parent else None
    row = await tx.one(
        "INSERT INTO units (kind, name, fold, parent_id, created_at) VALUES (:kind, :name, :fold, :parent_id, :now)"
        " ON CONFLICT DO NOTHING RETURNING id",
        kind=kind,
        name=name,
        fold=fold(name),
        parent_id=parent_id,
        now=instant(now),
    ) or await tx.one(
        "SELECT id FROM units WHERE name = :name AND COALESCE(parent_id, 0) = :parent_id",
        name=name,
        parent_id=parent_id or 0,
    )
    if row is None:
        raise LookupError(name)
    return Unit(row["id"], kind, name, parent_id)


async def add_communes(tx: Transaction, province: Unit, names: Sequence[str], now: datetime) -> int:
    """Store those communes of a province that it does not have yet; return how many.

    Marks count: two communes of a province may differ in nothing else.
    """
    rows = await tx.all("SELECT name FROM units WHERE parent_id = :id", id=province.id)
    known = {row["name"] for row in rows}
    new = [name for name in dict.fromkeys(names) if name not in known]
    for name in new:
        tx.later(
            "INSERT INTO units (kind, name, fold, parent_id, created_at)"
            " VALUES ('commune', :name, :fold, :parent_id, :now) ON CONFLICT DO NOTHING",
            name=name,
            fold=fold(name),
            parent_id=province.id,
            now=instant(now),
        )
    return len(new)


async def provinces(tx: Transaction) -> list[tuple[Unit, int]]:
    """Return every province with how many communes it has, by name."""
    rows = await tx.all(
        f"SELECT {_COLUMNS}, (SELECT COUNT(*) FROM units c WHERE c.parent_id = u.id) AS n FROM units u"
        " WHERE u.kind = 'province' ORDER BY u.name, u.id"
    )
    return [(_unit(row), row["n"]) for row in rows]


async def find(tx: Transaction, unit_id: int) -> Unit | None:
    """Return a unit by its id."""
    row = await tx.one(f"SELECT {_COLUMNS} FROM units u WHERE u.id = :id", id=unit_id)
    return _unit(row) if row else None


async def names(tx: Transaction, unit_ids: Collection[int] | None = None) -> dict[int, str]:
    """Return the names of units by their ids; of all of them unless told which."""
    rows = await tx.all("SELECT id, name FROM units ORDER BY kind DESC, name, id")
    return {row["id"]: row["name"] for row in rows if unit_ids is None or row["id"] in unit_ids}


async def communes(tx: Transaction) -> list[Unit]:
    """Return every commune, by name."""
    rows = await tx.all(f"SELECT {_COLUMNS} FROM units u WHERE u.kind = 'commune' ORDER BY u.name, u.id")
    return [_unit(row) for row in rows]


async def alike(tx: Transaction, kind: Literal["province", "commune"], name: str) -> list[Unit]:
    """Return the units whose name differs from `name` in marks and case at most, by id."""
    rows = await tx.all(
        f"SELECT {_COLUMNS} FROM units u WHERE u.kind = :kind AND u.fold = :fold ORDER BY u.id",
        kind=kind,
        fold=fold(name),
    )
    return [_unit(row) for row in rows]


async def within_reach(tx: Transaction, person_id: int) -> list[Unit]:
    """Return the communes whose status a person may read: those granted, and those of a province granted."""
    return await units_where(tx, person_id, "read_status")


async def reachable(tx: Transaction, person_id: int, unit_id: int) -> Unit | None:
    """Return a commune by its id if the person may read its status; None otherwise."""
    return await find(tx, unit_id) if await may(tx, person_id, "read_status", unit=unit_id) else None


def close(tx: Transaction, unit_id: int, day: date) -> None:
    """Queue noting the first day on which a commune is no longer: from then on no sum counts it.

    Its duties are closed, so that nobody is reminded; figures and plans stay as they are.
    """
    tx.later("UPDATE units SET closed_on = :day WHERE id = :id", id=unit_id, day=day.isoformat())
    tx.later(
        "UPDATE duties SET status = 'complete', next_reminder_at = NULL"
        " WHERE agency_id IN (SELECT id FROM agencies WHERE unit_id = :id)",
        id=unit_id,
    )


async def ensure_agency(tx: Transaction, unit_id: int, name: str, kind: AgencyKind, now: datetime) -> int:
    """Return the id of a unit's agency that goes by that name, or once did, making it when it is new."""
    row = (
        await tx.one(
            "SELECT agency_id AS id FROM agency_aliases WHERE unit_id = :unit_id AND fold = :fold",
            unit_id=unit_id,
            fold=fold(name),
        )
        or await tx.one(
            "INSERT INTO agencies (unit_id, name, fold, kind, created_at) VALUES (:unit_id, :name, :fold, :kind, :now)"
            " ON CONFLICT (unit_id, name) DO NOTHING RETURNING id",
            unit_id=unit_id,
            name=name,
            fold=fold(name),
            kind=kind,
            now=instant(now),
        )
        or await tx.one("SELECT id FROM agencies WHERE unit_id = :unit_id AND name = :name", unit_id=unit_id, name=name)
    )
    if row is None:
        raise LookupError(name)
    return int(row["id"])


async def addressable(tx: Transaction, unit_id: int) -> list[tuple[int, str]]:
    """Return the ids and names of those of a unit's agencies that figures can be asked of, by name."""
    rows = await tx.all(
        "SELECT id, name FROM agencies WHERE unit_id = :unit_id AND kind = 'agency'"
        " AND merged_into IS NULL ORDER BY name",
        unit_id=unit_id,
    )
    return [(row["id"], row["name"]) for row in rows]


async def agencies(tx: Transaction, unit_id: int) -> list[tuple[int, str]]:
    """Return the ids and names of a unit's agencies, by name."""
    rows = await tx.all(
        "SELECT id, name FROM agencies WHERE unit_id = :unit_id AND merged_into IS NULL ORDER BY name", unit_id=unit_id
    )
    return [(row["id"], row["name"]) for row in rows]
