"""What holds for the figures of a plan: who confirms them, and when they close."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from storage.database import Transaction

ConfirmedBy = Literal["nobody", "head"]


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a plan in force; `closes_after` are working days after the due day, see `domain.closing`."""

    plan_id: int
    plan: str
    year: int
    confirmed_by: ConfirmedBy
    closes_after: int


async def of_unit(tx: Transaction, unit_id: int) -> list[Rules]:
    """Return the rules of each plan of a commune that is in force, in the order the plans were stored."""
    rows = await tx.all(
        "SELECT id, number, title, year, confirmed_by, closes_after FROM plans"
        " WHERE unit_id = :unit_id AND status = 'active' ORDER BY id",
        unit_id=unit_id,
    )
    return [
        Rules(row["id"], row["number"] or row["title"] or "", row["year"], row["confirmed_by"], row["closes_after"])
        for row in rows
    ]


def confirm(tx: Transaction, plan_id: int, by: ConfirmedBy) -> None:
    """Queue saying who confirms the figures of a plan in force from now on."""
    tx.expect("UPDATE plans SET confirmed_by = :by WHERE id = :id AND status = 'active'", id=plan_id, by=by)


def close(tx: Transaction, plan_id: int, working_days: int) -> None:
    """Queue saying after how many working days the figures of a plan in force close."""
    tx.expect(
        "UPDATE plans SET closes_after = :days WHERE id = :id AND status = 'active'", id=plan_id, days=working_days
    )
