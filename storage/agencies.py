"""Agencies of a unit as they change: other names, another kind, two that become one. Ids stay, and so does history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.model import AgencyKind
from domain.vietnamese import fold
from storage import duties
from storage.database import Row, Transaction
from storage.values import instant, read_day


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a name stands for in a unit; `by` tells whether it is the agency's own name or another it goes by."""

    id: int
    name: str
    by: Literal["name", "alias"]


async def called(tx: Transaction, unit_id: int, name: str) -> Named | None:
    """Return the agency that goes by a name or once did, whatever its marks and case; None where none does."""
    row = await tx.one(
        "SELECT id, name, 'name' AS kept FROM agencies WHERE unit_id = :unit_id AND fold = :fold"
        " AND merged_into IS NULL UNION ALL SELECT a.id, a.name, 'alias' AS kept FROM agency_aliases l"
        " JOIN agencies a ON a.id = l.agency_id WHERE l.unit_id = :unit_id AND l.fold = :fold ORDER BY kept DESC, id",
        unit_id=unit_id,
        fold=fold(name),
    )
    return Named(row["id"], row["name"], row["kept"]) if row else None


async def aliases(tx: Transaction, agency_id: int) -> tuple[str, ...]:
    """Return what else an agency is called, by name."""
    rows = await tx.all(
        "SELECT l.name FROM agency_aliases l JOIN agencies a ON a.id = l.agency_id WHERE a.id = :id"
        " AND l.fold <> a.fold ORDER BY l.name",
        id=agency_id,
    )
    return tuple(row["name"] for row in rows)


async def names_now(tx: Transaction, unit_id: int) -> dict[str, str]:
    """Return what a unit's agencies are called now, by the folds of the other names they go by."""
    rows = await tx.all(
        "SELECT l.fold, a.name FROM agency_aliases l JOIN agencies a ON a.id = l.agency_id WHERE l.unit_id = :unit_id",
        unit_id=unit_id,
    )
    return {row["fold"]: row["name"] for row in rows}


def add_alias(tx: Transaction, unit_id: int, agency_id: int, name: str) -> None:
    """Queue knowing an agency by one more name. The caller has seen that nobody else goes by it (`called`)."""
    tx.later(
        "INSERT INTO agency_aliases (unit_id, fold, name, agency_id) VALUES (:unit_id, :fold, :name, :agency_id)"
        " ON CONFLICT (unit_id, fold) DO NOTHING",
        unit_id=unit_id,
        fold=fold(name),
        name=name,
        agency_id=agency_id,
    )


def rename(tx: Transaction, unit_id: int, agency_id: int, was: str, name: str) -> None:
    """Queue giving an agency another name; by the old one it is still known. `Outdated` where it was renamed meanwhile.

    The caller has seen that nobody else goes by the new one (`called`), and holds the commune.
    """
    tx.later(
        "DELETE FROM agency_aliases WHERE unit_id = :unit_id AND fold = :fold AND agency_id = :id",
        unit_id=unit_id,
        fold=fold(name),
        id=agency_id,
    )
    # The name of one that was merged into it is free for it; the row of that one must make way.
    tx.later(
        "UPDATE agencies SET name = name || ' #' || id WHERE unit_id = :unit_id AND name = :name"
        " AND merged_into IS NOT NULL",
        unit_id=unit_id,
        name=name,
    )
    tx.expect(
        "UPDATE agencies SET name = :name, fold = :fold WHERE id = :id AND name = :was AND merged_into IS NULL",
        id=agency_id,
        name=name,
        fold=fold(name),
        was=was,
    )
    add_alias(tx, unit_id, agency_id, was)


def mark(tx: Transaction, agency_id: int, was: AgencyKind, kind: AgencyKind) -> None:
    """Queue saying what sort of agency one is; `Outdated` where it was changed meanwhile."""
    tx.expect(
        "UPDATE agencies SET kind = :kind WHERE id = :id AND kind = :was AND merged_into IS NULL",
        id=agency_id,
        kind=kind,
        was=was,
    )


async def merge(tx: Transaction, unit_id: int, gone: int, into: int, remind_at: datetime, now: datetime) -> int:
    """Make one agency a part of another: duties, lines, contacts, codes and names move; return how many duties.

    Where both owe a report on one plan for one period, it becomes one duty, due on the later of their days. Duties of
    plans that were replaced stay, for they are history. What is opened again is reminded of at `remind_at`. `Outdated`
    where either was merged meanwhile. The locks taken are those of the commune and of the duties.
    """
    duties.hold_unit(tx, unit_id)
    rows = await tx.all(
        "SELECT d.id, d.agency_id, d.plan_id, d.period, d.due_on FROM duties d JOIN plans p ON p.id = d.plan_id"
        " AND p.status = 'active' WHERE d.agency_id IN (:gone, :into) ORDER BY d.id",
        gone=gone,
        into=into,
    )
    for row in rows:
        duties.hold(tx, row["id"])
    theirs = {(row["plan_id"], row["period"]): row for row in rows if row["agency_id"] == into}
    moving = [row for row in rows if row["agency_id"] == gone]
    for row in moving:
        if (same := theirs.get((row["plan_id"], row["period"]))) is None:
            tx.later("UPDATE duties SET agency_id = :into WHERE id = :id", into=into, id=row["id"])
        else:
            _join(tx, row, same, remind_at, now)
    _move_people(tx, gone, into)
    _move_names(tx, unit_id, gone, into)
    tx.expect("UPDATE agencies SET merged_into = NULL WHERE id = :id AND merged_into IS NULL", id=into)
    tx.expect("UPDATE agencies SET merged_into = :into WHERE id = :id AND merged_into IS NULL", id=gone, into=into)
    return len(moving)


def _join(tx: Transaction, gone: Row, into: Row, remind_at: datetime, now: datetime) -> None:
    """Queue putting the lines of a duty into another; what was asked for of it is asked for of that one."""
    pair = {"gone": gone["id"], "into": into["id"]}
    tx.later("UPDATE duty_lines SET duty_id = :into WHERE duty_id = :gone", **pair)
    if gone["due_on"] > into["due_on"]:
        duties.extend(tx, into["id"], read_day(gone["due_on"]), remind_at)
    tx.later(
        "UPDATE requests SET status = 'withdrawn', decided_at = :now WHERE duty_id = :gone AND status = 'open'"
        " AND kind = 'extension' AND EXISTS (SELECT 1 FROM requests k WHERE k.duty_id = :into AND k.status = 'open'"
        " AND k.kind = 'extension')",
        now=instant(now),
        **pair,
    )
    tx.later("UPDATE requests SET duty_id = :into WHERE duty_id = :gone", **pair)
    tx.later("DELETE FROM snoozes WHERE duty_id = :gone", gone=gone["id"])
    for duty in (gone, into):
        duties.settle(tx, duty["id"], remind_at)


def _move_people(tx: Transaction, gone: int, into: int) -> None:
    pair = {"gone": gone, "into": into}
    # Who is something in both stays there what they are: nobody is both primary and alternate.
    tx.later(
        "INSERT INTO memberships (person_id, agency_id, role, post, created_at)"
        " SELECT m.person_id, :into, m.role, m.post, m.created_at FROM memberships m WHERE m.agency_id = :gone"
        " AND NOT EXISTS (SELECT 1 FROM memberships k WHERE k.agency_id = :into AND k.person_id = m.person_id"
        " AND (k.role = 'head') = (m.role = 'head'))",
        **pair,
    )
    tx.later("DELETE FROM memberships WHERE agency_id = :gone", gone=gone)
    for table in ("invitations", "applications"):
        tx.later(f"UPDATE {table} SET agency_id = :into WHERE agency_id = :gone AND status = 'open'", **pair)


def _move_names(tx: Transaction, unit_id: int, gone: int, into: int) -> None:
    pair = {"gone": gone, "into": into}
    in_force = (
        "indicator_id IN (SELECT i.id FROM indicators i JOIN plans p ON p.id = i.plan_id AND p.status = 'active')"
    )
    tx.later(
        "INSERT INTO assignments (indicator_id, agency_id, role, position)"
        f" SELECT indicator_id, :into, role, position FROM assignments WHERE agency_id = :gone AND {in_force}"
        " ON CONFLICT DO NOTHING",
        **pair,
    )
    tx.later(f"DELETE FROM assignments WHERE agency_id = :gone AND {in_force}", gone=gone)
    tx.later(
        "UPDATE disputes SET agency_id = :into WHERE agency_id = :gone AND status = 'open' AND NOT EXISTS"
        " (SELECT 1 FROM disputes k WHERE k.line_id = disputes.line_id AND k.agency_id = :into AND k.status = 'open')",
        **pair,
    )
    tx.later("UPDATE agency_aliases SET agency_id = :into WHERE agency_id = :gone", **pair)
    tx.later(
        "INSERT INTO agency_aliases (unit_id, fold, name, agency_id)"
        " SELECT :unit_id, fold, name, CAST(:into AS BIGINT) FROM agencies WHERE id = :gone"
        " ON CONFLICT (unit_id, fold) DO UPDATE SET agency_id = excluded.agency_id",
        unit_id=unit_id,
        **pair,
    )
