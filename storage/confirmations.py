"""Figures that wait for the head of their agency: which duties are complete, and whether somebody was asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from storage.database import Transaction
from storage.values import instant, read_day

_REVIEWS = (
    "SELECT {} FROM reviews r JOIN submissions b ON b.id = r.submission_id JOIN duty_lines k ON k.id = b.line_id"
    " WHERE k.duty_id = d.id"
)
_UNCONFIRMED = (
    "(SELECT COUNT(*) FROM duty_lines l WHERE l.duty_id = d.id AND NOT EXISTS"
    " (SELECT 1 FROM reviews c WHERE c.submission_id = l.submission_id AND c.kind = 'confirmed'))"
)


@dataclass(frozen=True, slots=True)
class Complete:
    """A duty whose figures are all there, `waiting` of them to be confirmed; `headed` tells whether it has a head."""

    id: int
    due: date
    agency_id: int
    agency: str
    unit_id: int
    unit_name: str
    lines: int
    not_met: int
    waiting: int
    headed: bool
    head_wanted: bool  # an admin was told before that the agency has none


async def to_be_asked(tx: Transaction, duty_id: int) -> Complete | None:
    """Return a duty of a plan in force that asks for confirmation, if it is complete and its heads are to be asked.

    They are asked anew only when something of it was confirmed or sent back since they were asked last: until then what
    they were sent leads to the newest figures.
    """
    row = await tx.one(
        "SELECT d.id, d.due_on, a.id AS agency_id, a.name AS agency, u.id AS unit_id, u.name AS unit_name,"
        " a.head_wanted_at, (SELECT COUNT(*) FROM duty_lines l WHERE l.duty_id = d.id) AS lines,"
        " (SELECT COUNT(*) FROM duty_lines l JOIN submissions b ON b.id = l.submission_id WHERE l.duty_id = d.id"
        " AND COALESCE(l.verdict, b.verdict) = 'not_met') AS not_met,"
        f" {_UNCONFIRMED} AS waiting,"
        " (SELECT COUNT(*) FROM memberships m WHERE m.agency_id = a.id AND m.role = 'head') AS heads"
        " FROM duties d JOIN plans p ON p.id = d.plan_id AND p.status = 'active' AND p.confirmed_by = 'head'"
        " JOIN agencies a ON a.id = d.agency_id JOIN units u ON u.id = a.unit_id"
        f" WHERE d.id = :id AND d.status = 'complete' AND {_UNCONFIRMED} > 0 AND (d.confirm_asked_after IS NULL"
        f" OR EXISTS ({_REVIEWS.format('1')} AND r.id > d.confirm_asked_after))",
        id=duty_id,
    )
    if row is None:
        return None
    return Complete(
        id=row["id"],
        due=read_day(row["due_on"]),
        agency_id=row["agency_id"],
        agency=row["agency"],
        unit_id=row["unit_id"],
        unit_name=row["unit_name"],
        lines=row["lines"],
        not_met=row["not_met"],
        waiting=row["waiting"],
        headed=row["heads"] > 0,
        head_wanted=row["head_wanted_at"] is not None,
    )


async def complete_in(tx: Transaction, plan_id: int) -> list[int]:
    """Return the ids of the complete duties of a plan in which a figure is not confirmed."""
    rows = await tx.all(
        f"SELECT d.id FROM duties d WHERE d.plan_id = :plan_id AND d.status = 'complete' AND {_UNCONFIRMED} > 0"
        " ORDER BY d.id",
        plan_id=plan_id,
    )
    return [row["id"] for row in rows]


async def complete_of(tx: Transaction, agency_id: int) -> list[int]:
    """Return the ids of the complete duties of an agency that its head is to confirm and has not altogether."""
    rows = await tx.all(
        "SELECT d.id FROM duties d JOIN plans p ON p.id = d.plan_id AND p.status = 'active'"
        " AND p.confirmed_by = 'head'"
        f" WHERE d.agency_id = :agency_id AND d.status = 'complete' AND {_UNCONFIRMED} > 0 ORDER BY d.id",
        agency_id=agency_id,
    )
    return [row["id"] for row in rows]


def asked(tx: Transaction, duty_id: int) -> None:
    """Queue noting that the heads of its agency were asked to confirm a duty. See `storage.duties.hold`."""
    tx.later(
        "UPDATE duties AS d SET confirm_asked_after = COALESCE(("
        + _REVIEWS.format("MAX(r.id)")
        + "), 0) WHERE id = :id",
        id=duty_id,
    )


def wanted(tx: Transaction, agency_id: int, now: datetime) -> None:
    """Queue noting that an admin was told to name a head; the transaction fails with `Outdated` when one was before."""
    tx.expect(
        "UPDATE agencies SET head_wanted_at = :now WHERE id = :id AND head_wanted_at IS NULL",
        id=agency_id,
        now=instant(now),
    )
