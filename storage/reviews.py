"""What those who answer for a figure say of it: sent back with a reason, or confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.model import DutyLine
from storage import duties
from storage.database import Transaction
from storage.duties import LINE, read_line
from storage.permissions import agencies_of_members
from storage.values import instant


def send_back(
    tx: Transaction, line: DutyLine, person_id: int, words: str, now: datetime, *, remind_at: datetime
) -> None:
    """Queue sending back the newest figure of a line: it stays in the history, and the line is missing again.

    The transaction fails with `Outdated` when the line has changed since `line` was read: another figure was given, or
    somebody else has sent this one back. Its duty is open again, and reminded of at `remind_at` unless it is before.
    """
    duties.hold(tx, line.duty_id)  # the comparison below is made under its lock
    tx.expect(
        "INSERT INTO reviews (submission_id, person_id, kind, words, created_at)"
        " SELECT l.submission_id, :person_id, 'returned', :words, :now FROM duty_lines l"
        " JOIN duties d ON d.id = l.duty_id JOIN plans p ON p.id = d.plan_id AND p.status = 'active'"
        " WHERE l.id = :line_id AND l.status = 'reported' AND l.submission_id = :seen",
        line_id=line.id,
        person_id=person_id,
        words=words,
        now=instant(now),
        seen=line.submission_id,
    )
    tx.later("UPDATE duty_lines SET status = 'missing', promised_on = NULL WHERE id = :id", id=line.id)
    duties.settle(tx, line.duty_id, remind_at)


async def any_confirmed(tx: Transaction, line_ids: Sequence[int]) -> bool:
    """Tell whether the figure that stands on one of these lines was confirmed."""
    for line_id in line_ids:
        if await tx.one(
            "SELECT 1 FROM duty_lines l JOIN reviews r ON r.submission_id = l.submission_id AND r.kind = 'confirmed'"
            " WHERE l.id = :id",
            id=line_id,
        ):
            return True
    return False


async def unconfirmed(tx: Transaction, person_id: int) -> list[DutyLine]:
    """Return the figures that stand in the agencies a person heads and that nobody there has confirmed."""
    rows = await tx.all(
        f"{LINE} WHERE d.agency_id IN {agencies_of_members('confirm')} AND l.status = 'reported' AND NOT EXISTS"
        " (SELECT 1 FROM reviews c WHERE c.submission_id = l.submission_id AND c.kind = 'confirmed')"
        " ORDER BY d.due_on, l.duty_id, l.position",
        person_id=person_id,
    )
    return [read_line(row) for row in rows]


def confirm(tx: Transaction, lines: Sequence[DutyLine], person_id: int, now: datetime) -> None:
    """Queue confirming the figures of lines, as they were read.

    The transaction fails with `Outdated` when one of them is another by now, was sent back, or is confirmed already.
    """
    for duty_id in sorted({line.duty_id for line in lines}):
        duties.hold(tx, duty_id)
    for line in lines:
        tx.expect(
            "INSERT INTO reviews (submission_id, person_id, kind, created_at)"
            " SELECT l.submission_id, :person_id, 'confirmed', :now FROM duty_lines l"
            " WHERE l.id = :line_id AND l.status = 'reported' AND l.submission_id = :seen AND NOT EXISTS"
            " (SELECT 1 FROM reviews c WHERE c.submission_id = l.submission_id AND c.kind = 'confirmed')",
            line_id=line.id,
            person_id=person_id,
            now=instant(now),
            seen=line.submission_id,
        )
