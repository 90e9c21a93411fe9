"""Messages are kept for a while, to find out what went wrong, then deleted. Figures and the audit are no messages."""

from __future__ import annotations

from datetime import datetime

from storage.database import Transaction
from storage.values import instant

CHUNK = 500
_OLDEST = {
    "inbox": "received_at < :before AND status IN ('done', 'set_aside')",
    "outbox": "created_at < :before AND status IN ('sent', 'failed')",
}


async def forget(tx: Transaction, before: datetime) -> int:
    """Delete messages from before an instant that are done with, up to `CHUNK` each way; return how many.

    Only the oldest are looked at, so that this costs the same however many there are.
    """
    found = 0
    for table, is_old in _OLDEST.items():
        found += await tx.run(
            f"DELETE FROM {table} WHERE id IN (SELECT id FROM {table} ORDER BY id LIMIT :most) AND {is_old}",
            most=CHUNK,
            before=instant(before),
        )
    return found
