"""What leaders asked agencies to explain, and what was answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.messages import Address
from storage.database import Row, Transaction
from storage.oversight import Recipient
from storage.values import instant, read_instant


@dataclass(frozen=True, slots=True)
class Explanation:
    """A question about a line and, once there is one, its answer. `asker` is where the answer goes, if anywhere."""

    id: int
    line_id: int
    asked_by: int
    asked_at: datetime
    words: str | None
    asker: Recipient | None


async def ask(tx: Transaction, line_id: int, person_id: int, now: datetime) -> int:
    """Store a question about a line; returns its id."""
    return await tx.key(
        "INSERT INTO explanations (line_id, asked_by, asked_at) VALUES (:line_id, :person_id, :now) RETURNING id",
        line_id=line_id,
        person_id=person_id,
        now=instant(now),
    )


async def waiting(tx: Transaction, line_id: int, since: datetime) -> datetime | None:
    """Return when the newest question about a line was asked that is unanswered, or was asked after `since`."""
    row = await tx.one(
        "SELECT MAX(asked_at) AS at FROM explanations"
        " WHERE line_id = :line_id AND (words IS NULL OR asked_at >= :since)",
        line_id=line_id,
        since=instant(since),
    )
    return read_instant(row["at"]) if row and row["at"] else None


async def find(tx: Transaction, explanation_id: int) -> Explanation | None:
    """Return a question by its id. Who may answer it is the caller's to know."""
    row = await tx.one(
        "SELECT e.id, e.line_id, e.asked_by, e.asked_at, e.words, p.name, x.channel, x.external_id FROM explanations e"
        " JOIN people p ON p.id = e.asked_by LEFT JOIN addresses x ON x.id = (SELECT MIN(y.id) FROM addresses y"
        " WHERE y.person_id = e.asked_by AND y.status = 'reachable') WHERE e.id = :id",
        id=explanation_id,
    )
    return _explanation(row) if row else None


def _explanation(row: Row) -> Explanation:
    asker = None
    if row["channel"] is not None:
        asker = Recipient(row["asked_by"], row["name"], Address(row["channel"], row["external_id"]))
    return Explanation(row["id"], row["line_id"], row["asked_by"], read_instant(row["asked_at"]), row["words"], asker)


def answer(tx: Transaction, explanation_id: int, person_id: int, words: str, now: datetime) -> None:
    """Queue storing the answer; the transaction fails with `Outdated` when somebody was quicker."""
    tx.expect(
        "UPDATE explanations SET words = :words, answered_by = :person_id, answered_at = :now"
        " WHERE id = :id AND words IS NULL",
        id=explanation_id,
        person_id=person_id,
        words=words,
        now=instant(now),
    )
