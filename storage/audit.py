"""Who did what to what, written in the transaction that does it. No phone numbers, no words of a chat."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from storage.database import Transaction
from storage.values import instant, packed


def note(
    tx: Transaction, action: str, subject: str, now: datetime, person_id: int | None = None, **detail: Any
) -> None:
    """Queue a line of the record: `action` as "invitation.used", `subject` as "agency:3", plain `detail`."""
    tx.later(
        "INSERT INTO audit (at, person_id, action, subject, detail)"
        " VALUES (:at, :person_id, :action, :subject, :detail)",
        at=instant(now),
        person_id=person_id,
        action=action,
        subject=subject,
        detail=packed(detail),
    )
