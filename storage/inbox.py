"""Messages as they came in: recorded before the channel is told, handled one a transaction, oldest of a chat first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from domain.messages import Address, Incoming
from storage.database import Row, Transaction
from storage.payloads import pack_incoming, read_incoming
from storage.values import instant, read_instant, read_optional_instant, unpacked

# Looked up for each row, never joined; see storage/outbox.py.
_FIRST_OF_CHAT = (
    "w.status = 'waiting' AND w.id = (SELECT e.id FROM inbox e WHERE e.status = 'waiting'"
    " AND e.channel = w.channel AND e.sender = w.sender ORDER BY e.id LIMIT 1)"
)


@lru_cache(maxsize=64)
def _next_of(channels: int) -> str:
    """Return the query for the next message of so many channels, which are its parameters channel_0, channel_1 …"""
    queries = (
        f"(SELECT w.id FROM inbox w WHERE w.channel = :channel_{number} AND {_FIRST_OF_CHAT} AND w.not_before <= :now"
        " ORDER BY w.id LIMIT 1 $LOCK)"
        for number in range(channels)
    )
    return f"COALESCE({', '.join(queries)}, NULL)"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A waiting message under this transaction's lock, with all that is known of its sender."""

    id: int
    message: Incoming
    attempts: int
    received_at: datetime  # by this program's clock, as `conversed_at` is; a messenger's own clock may differ
    person_id: int | None
    person_name: str | None
    unreachable: bool
    locked_until: datetime | None
    flow: str | None
    step: str | None
    data: Any
    prompt: Any
    last_choice: str | None
    conversed_at: datetime | None
    overlaid: bool = False  # another numbered list stands below the question of the form in progress


def record(tx: Transaction, messages: Sequence[Incoming], now: datetime) -> None:
    """Queue messages for recording; one already recorded (same channel and id) changes nothing.

    Those of one chat are recorded by one transaction at a time. Otherwise a message could become visible before an
    older one with a lower id, and two workers would handle the two at once.
    """
    tx.take_turns(f"chat:{message.sender.channel}:{message.sender.id}" for message in messages)
    for message in messages:
        tx.later(
            "INSERT INTO inbox (channel, external_id, sender, payload, not_before, sent_at, received_at)"
            " VALUES (:channel, :external_id, :sender, :payload, :now, :sent_at, :now)"
            " ON CONFLICT (channel, external_id) DO NOTHING",
            channel=message.sender.channel,
            external_id=message.external_id,
            sender=message.sender.id,
            payload=pack_incoming(message),
            now=instant(now),
            sent_at=instant(message.sent_at),
        )


async def claim(tx: Transaction, now: datetime, channels: Sequence[str]) -> Claimed | None:
    """Lock a waiting message whose chat has none older, and return it; None when nothing is ready.

    It is the oldest of the first of `channels` that has any. What came in over other channels is another process's,
    which knows what they can do.
    """
    if not channels:
        return None
    row = await tx.one(
        "SELECT i.id, i.channel, i.external_id, i.sender, i.payload, i.attempts, i.sent_at, i.received_at,"
        " a.person_id, a.status AS address_status, a.locked_until, p.name AS person_name,"
        " c.flow, c.step, c.data, c.prompt, c.last_choice, c.updated_at, c.overlaid_at"
        " FROM inbox i"
        " LEFT JOIN addresses a ON a.channel = i.channel AND a.external_id = i.sender"
        " LEFT JOIN people p ON p.id = a.person_id"
        " LEFT JOIN conversations c ON c.channel = i.channel AND c.external_id = i.sender"
        f" WHERE i.id = {_next_of(len(channels))}",
        now=instant(now),
        **{f"channel_{number}": channel for number, channel in enumerate(channels)},
    )
    return None if row is None else _claimed(row)


def _claimed(row: Row) -> Claimed:
    sender = Address(row["channel"], row["sender"])
    return Claimed(
        id=row["id"],
        message=read_incoming(sender, row["external_id"], row["sent_at"], row["payload"]),
        attempts=row["attempts"],
        received_at=read_instant(row["received_at"]),
        person_id=row["person_id"],
        person_name=row["person_name"],
        unreachable=row["address_status"] == "unreachable",
        locked_until=read_optional_instant(row["locked_until"]),
        flow=row["flow"],
        step=row["step"],
        data=unpacked(row["data"]),
        prompt=unpacked(row["prompt"]),
        last_choice=row["last_choice"],
        conversed_at=read_optional_instant(row["updated_at"]),
        overlaid=row["overlaid_at"] is not None,
    )


def finish(tx: Transaction, message_id: int, now: datetime) -> None:
    """Queue marking a message done. Its words go: what must be kept of them is in the rows it led to."""
    tx.later(
        "UPDATE inbox SET status = 'done', finished_at = :now, payload = '' WHERE id = :id AND status = 'waiting'",
        id=message_id,
        now=instant(now),
    )


def postpone(tx: Transaction, message_id: int, not_before: datetime, error: str) -> None:
    """Queue another try of a message that could not be handled; `error` names the kind of failure, never words."""
    tx.later(
        "UPDATE inbox SET attempts = attempts + 1, not_before = :not_before, error = :error"
        " WHERE id = :id AND status = 'waiting'",
        id=message_id,
        not_before=instant(not_before),
        error=error,
    )


async def set_aside(tx: Transaction, message_id: int, now: datetime, error: str) -> bool:
    """Take a poison message out of its chat's way; False when somebody else already did."""
    changed = await tx.run(
        "UPDATE inbox SET status = 'set_aside', attempts = attempts + 1, finished_at = :now, error = :error"
        " WHERE id = :id AND status = 'waiting'",
        id=message_id,
        now=instant(now),
        error=error,
    )
    return changed == 1


async def waits(tx: Transaction, message_id: int) -> bool:
    """Tell whether a message has not been handled yet."""
    return await tx.one("SELECT 1 FROM inbox WHERE id = :id AND status = 'waiting'", id=message_id) is not None


async def next_due(tx: Transaction, channel: str) -> datetime | None:
    """Return the earliest instant at which a waiting message of a channel may be handled; None when none waits.

    Only the first of each chat counts: those behind a postponed one are ready but not to be had, and a worker that
    was sent for them would find nothing, over and over.
    """
    row = await tx.one(
        f"SELECT MIN(w.not_before) AS at FROM inbox w WHERE w.channel = :channel AND {_FIRST_OF_CHAT}", channel=channel
    )
    return read_optional_instant(row["at"]) if row else None
