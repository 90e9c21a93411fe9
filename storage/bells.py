"""The bell: when it was last rung, for whoever looks whether the program still reminds."""

from __future__ import annotations

from datetime import datetime

from storage.database import Transaction
from storage.values import instant

LAST_RUNG = "SELECT rung_at FROM bells WHERE id = 1"


def rang(tx: Transaction, now: datetime) -> None:
    """Queue noting that the bell was rung and everything due was seen to."""
    tx.later(
        "INSERT INTO bells (id, rung_at) VALUES (1, :now) ON CONFLICT (id) DO UPDATE SET rung_at = excluded.rung_at",
        now=instant(now),
    )
