"""Messages are kept for a while, to find out what went wrong, then deleted. Figures and the audit are no messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage import evidence, files
from storage.database import Transaction
from storage.values import instant

CHUNK = 500
_AT = {"inbox": "received_at", "outbox": "created_at"}
_DONE = {"inbox": "'done', 'set_aside'", "outbox": "'sent', 'failed'"}
TABLES = tuple(_AT)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What a chunk came to: how many were deleted, and the id to go on after; None when nothing older is behind it."""

    count: int
    after: int | None


async def forget(tx: Transaction, table: str, before: datetime, after: int = 0) -> Forgotten:
    """Delete messages of one of `TABLES` that are done with and from before an instant.

    Only the next `CHUNK` of them behind an id are looked at, so that this costs the same however many there are, and
    those that are never done with are passed by.
    """
    page = await tx.one(
        f"SELECT MAX(id) AS last, MIN(at) AS oldest FROM (SELECT id, {_AT[table]} AS at FROM {table}"
        " WHERE id > :after ORDER BY id LIMIT :most) AS page",
        after=after,
        most=CHUNK,
    )
    if page is None or page["last"] is None or page["oldest"] >= instant(before):
        return Forgotten(0, None)
    count = await tx.run(
        f"DELETE FROM {table} WHERE id > :after AND id <= :last AND status IN ({_DONE[table]})"
        f" AND {_AT[table]} < :before",
        after=after,
        last=page["last"],
        before=instant(before),
    )
    return Forgotten(count, page["last"])


async def forget_unplaced(tx: Transaction, before: datetime, now: datetime) -> int:
    """Withdraw evidence from before an instant that nobody has placed, up to `CHUNK`, and give up its files."""
    found = await evidence.unplaced(tx, before, CHUNK)
    evidence.withdraw(tx, [each.id for each in found], None, now)
    for each in found:
        if each.file_id is not None:
            files.release(tx, each.file_id)
    return len(found)
