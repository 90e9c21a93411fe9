"""Cycles: how often a plan is reported on, and the lines that follow from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from domain.cycles import Owing
from storage.database import Transaction
from storage.rows import planned_day
from storage.values import read_day


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """A line of a plan: whose, by when, by which deadline in the plan its target ends, and whether it was answered."""

    id: int
    duty_id: int
    target_id: int
    position: int
    agency_id: int
    due: date
    deadline: date
    answered: bool


async def planned(tx: Transaction, plan_id: int) -> tuple[int, list[PlannedLine]]:
    """Return the year of a plan and its lines, those of one target together, in the order they are due."""
    plan = await tx.one("SELECT year FROM plans WHERE id = :id", id=plan_id)
    rows = await tx.all(
        f"SELECT l.id, l.duty_id, l.target_id, l.position, d.agency_id, {planned_day('d')} AS due_on,"
        " t.due_on AS deadline, l.submission_id"
        " FROM duties d JOIN duty_lines l ON l.duty_id = d.id JOIN targets t ON t.id = l.target_id"
        f" WHERE d.plan_id = :id ORDER BY l.target_id, {planned_day('d')}, l.id",
        id=plan_id,
    )
    lines = [
        PlannedLine(
            row["id"],
            row["duty_id"],
            row["target_id"],
            row["position"],
            row["agency_id"],
            read_day(row["due_on"]),
            read_day(row["deadline"] or row["due_on"]),
            row["submission_id"] is not None,
        )
        for row in rows
    ]
    return (plan["year"] if plan else 0), lines


def store(tx: Transaction, plan_id: int, cycle: str) -> None:
    """Queue keeping how often a plan is reported on."""
    tx.later("UPDATE plans SET cycle = :cycle WHERE id = :id", id=plan_id, cycle=cycle)


def rename(tx: Transaction, duty_id: int, owing: Owing) -> None:
    """Queue making a duty the one of another period that is due on the same day."""
    tx.later(
        "UPDATE duties SET period = :period, cut_off = :cut_off, asked_from = :asked_from WHERE id = :id",
        id=duty_id,
        period=owing.period,
        cut_off=owing.cut_off.isoformat() if owing.cut_off != owing.due else None,
        asked_from=owing.asked_from.isoformat() if owing.asked_from else None,
    )


def drop(tx: Transaction, line_ids: Iterable[int]) -> None:
    """Queue removing lines that were never answered."""
    for line_id in line_ids:
        tx.later("DELETE FROM duty_lines WHERE id = :id AND submission_id IS NULL", id=line_id)
