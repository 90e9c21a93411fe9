"""What those who answer for a figure say of it: sent back with a reason, or confirmed."""

from __future__ import annotations

from datetime import datetime

from domain.model import DutyLine
from storage import duties
from storage.database import Transaction
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
