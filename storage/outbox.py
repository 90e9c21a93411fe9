"""Messages to be sent: queued in the transaction that decided on them, leased by a sender, then marked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, get_args

from domain.delivery import Kind
from domain.messages import Address, Outgoing
from storage.database import Row, Transaction
from storage.payloads import pack_outgoing, read_outgoing
from storage.values import instant, read_instant, read_optional_instant

LEASE = timedelta(seconds=60)
# The first of each recipient and kind is looked up, row by row in the order of the index, never joined: told
# "NOT EXISTS an earlier one", PostgreSQL may compare every message with every other, a minute long with 16,000 queued.
_FIRST_OF_RECIPIENT = (
    "w.channel = :channel AND w.status IN ('queued', 'sending') AND w.id = (SELECT e.id FROM outbox e"
    " WHERE e.channel = w.channel AND e.recipient = w.recipient AND e.kind = w.kind"
    " AND e.status IN ('queued', 'sending') ORDER BY e.id LIMIT 1)"
)


def _next_of(kind: str) -> str:
    """Return the query for the next message of one kind; of both kinds at once, all that waits would be sorted."""
    return (
        f"SELECT w.id FROM outbox w WHERE {_FIRST_OF_RECIPIENT} AND w.kind = '{kind}'"
        " AND (w.status = 'queued' AND w.not_before <= :now OR w.status = 'sending' AND w.leased_until <= :now)"
        " ORDER BY w.id LIMIT :most $LOCK"
    )


_LEASE = {
    # Looked up once, apart: as a part of WHERE, PostgreSQL may look up the next anew for every row of the table.
    kind: f"WITH next AS MATERIALIZED ({_next_of(kind)})"
    " UPDATE outbox SET status = 'sending', attempts = attempts + 1, leased_until = :until"
    " WHERE id IN (SELECT id FROM next) RETURNING id, channel, recipient, kind, dedupe_key, payload, created_at,"
    " attempts, failures"
    for kind in get_args(Kind)
}


@dataclass(frozen=True, slots=True)
class Leased:
    """A message this sender alone may send until its lease ends.

    `attempt` counts every lease, `failures` only those that failed without the channel asking for time.
    """

    id: int
    address: Address
    outgoing: Outgoing
    kind: Kind
    dedupe_key: str | None
    queued_at: datetime
    attempt: int
    failures: int


def add(
    tx: Transaction,
    to: Address,
    outgoing: Outgoing,
    now: datetime,
    kind: Kind = "conversation",
    line_id: int | None = None,
) -> None:
    """Queue a message for sending; `line_id` is the line whose figure it is the receipt for."""
    tx.later(_INSERT, **_values(to, outgoing, now, kind, None, line_id))


def add_digest(tx: Transaction, to: Address, outgoing: Outgoing, now: datetime, dedupe_key: str) -> None:
    """Queue a broadcast unless one with this key was ever queued; `storage.notices.add` tells whether it was."""
    tx.later(
        f"{_INSERT} ON CONFLICT (dedupe_key) DO NOTHING",
        **_values(to, outgoing, now, "broadcast", dedupe_key, None),
    )


_INSERT = (
    "INSERT INTO outbox (channel, recipient, dedupe_key, kind, payload, not_before, created_at, line_id)"
    " VALUES (:channel, :recipient, :dedupe_key, :kind, :payload, :now, :now, :line_id)"
)


def _values(
    to: Address, outgoing: Outgoing, now: datetime, kind: Kind, key: str | None, line_id: int | None
) -> dict[str, Any]:
    return {
        "channel": to.channel,
        "recipient": to.id,
        "dedupe_key": key,
        "kind": kind,
        "payload": pack_outgoing(outgoing),
        "now": instant(now),
        "line_id": line_id,
    }


async def receipt_of(tx: Transaction, to: Address, external_id: str) -> int | None:
    """Return the line whose receipt a message of ours is, unless it is the newest receipt there.

    The newest one stands in the message that asks the next question: whoever replies to it answers that.
    """
    rows = await tx.all(
        "SELECT external_id, line_id FROM outbox WHERE channel = :channel AND recipient = :recipient"
        " AND line_id IS NOT NULL AND external_id IS NOT NULL ORDER BY id DESC",
        channel=to.channel,
        recipient=to.id,
    )
    return next((row["line_id"] for row in rows[1:] if row["external_id"] == external_id), None)


@dataclass(frozen=True, slots=True)
class Said:
    """A message that somebody has on their phone."""

    kind: Kind
    outgoing: Outgoing


async def said_as(tx: Transaction, to: Address, external_id: str) -> Said | None:
    """Return what a message of ours said, by its id there; None for one that is not ours, or is forgotten."""
    row = await tx.one(
        "SELECT kind, payload FROM outbox WHERE channel = :channel AND recipient = :recipient"
        " AND external_id = :external_id ORDER BY id DESC LIMIT 1",
        channel=to.channel,
        recipient=to.id,
        external_id=external_id,
    )
    return Said(row["kind"], read_outgoing(row["payload"])) if row else None


async def line_of_receipt(tx: Transaction, to: Address, external_id: str) -> int | None:
    """Return the line whose receipt a message of ours is, the newest receipt too; see `receipt_of`."""
    row = await tx.one(
        "SELECT line_id FROM outbox WHERE channel = :channel AND recipient = :recipient AND external_id = :external_id"
        " AND line_id IS NOT NULL ORDER BY id DESC",
        channel=to.channel,
        recipient=to.id,
        external_id=external_id,
    )
    return row["line_id"] if row else None


async def claim(tx: Transaction, channel: str, now: datetime, most: int = 1) -> list[Leased]:
    """Lease the next messages of a channel: conversation before broadcast, one a recipient and kind, in order.

    A lease that has ended is taken over: its sender died between sending and marking, so one message may be
    repeated, never lost.
    """
    leased: list[Leased] = []
    for lease in _LEASE.values():
        if len(leased) < most:
            rows = await tx.all(
                lease,
                channel=channel,
                now=instant(now),
                until=instant(now + LEASE),
                most=most - len(leased),
            )
            leased += sorted(map(_leased, rows), key=lambda each: each.id)
    return leased


def _leased(row: Row) -> Leased:
    return Leased(
        id=row["id"],
        address=Address(row["channel"], row["recipient"]),
        outgoing=read_outgoing(row["payload"]),
        kind=row["kind"],
        dedupe_key=row["dedupe_key"],
        queued_at=read_instant(row["created_at"]),
        attempt=row["attempts"],
        failures=row["failures"],
    )


def put_back(tx: Transaction, leased: Leased, until: datetime) -> None:
    """Queue letting a leased message wait until later: it was never tried, and so has not failed."""
    tx.later(
        "UPDATE outbox SET status = 'queued', not_before = :until, leased_until = NULL"
        " WHERE id = :id AND status = 'sending' AND attempts = :attempt",
        id=leased.id,
        attempt=leased.attempt,
        until=instant(until),
    )


def extend(tx: Transaction, leased: Leased, until: datetime) -> None:
    """Queue keeping a lease until later: what takes long to send must not be taken over meanwhile."""
    tx.later(
        "UPDATE outbox SET leased_until = :until WHERE id = :id AND status = 'sending' AND attempts = :attempt",
        id=leased.id,
        attempt=leased.attempt,
        until=instant(until),
    )


def arrived(tx: Transaction, at: Address, external_id: str | None, now: datetime) -> None:
    """Queue marking sent what was on its way to somebody who has just pressed a choice of it, there `external_id`.

    Its sender may have died before marking it: repeated after its lease, the question would stand below its answer,
    and hold back the next one until then.
    """
    tx.later(
        "UPDATE outbox SET status = 'sent', sent_at = :now, leased_until = NULL, external_id = :external_id"
        " WHERE channel = :channel"
        " AND recipient = :recipient AND kind = 'conversation' AND status = 'sending'",
        channel=at.channel,
        recipient=at.id,
        external_id=external_id,
        now=instant(now),
    )


def mark_sent(tx: Transaction, leased: Leased, external_id: str, now: datetime) -> None:
    """Queue marking a leased message sent; of one that is to be read `once` nothing is left."""
    if leased.outgoing.once:
        tx.later("DELETE FROM outbox WHERE id = :id", id=leased.id)
        return
    tx.later(
        "UPDATE outbox SET status = 'sent', sent_at = :now, external_id = :external_id, leased_until = NULL"
        " WHERE id = :id AND status = 'sending' AND attempts = :attempt",
        id=leased.id,
        attempt=leased.attempt,
        external_id=external_id,
        now=instant(now),
    )


async def mark_unsent(
    tx: Transaction, leased: Leased, reason: str, retry: datetime | None, *, counts: bool = True
) -> bool:
    """Let a leased message be tried again at `retry`, or mark it failed when that is None; False for a lost lease.

    `counts` is False where the channel only asked for time.
    """
    changed = await tx.run(
        "UPDATE outbox SET status = :status, not_before = COALESCE(:retry, not_before), leased_until = NULL,"
        " reason = :reason, failures = failures + :more"
        " WHERE id = :id AND status = 'sending' AND attempts = :attempt",
        id=leased.id,
        attempt=leased.attempt,
        status="failed" if retry is None else "queued",
        retry=None if retry is None else instant(retry),
        reason=reason,
        more=int(counts),
    )
    return changed == 1


def drop_queued(tx: Transaction, to: Address, reason: str) -> None:
    """Queue failing whatever still waits for an address that cannot be reached."""
    tx.later(
        "UPDATE outbox SET status = 'failed', reason = :reason"
        " WHERE channel = :channel AND recipient = :recipient"
        " AND status IN ('queued', 'sending') AND status = 'queued'",  # the first only names the index
        channel=to.channel,
        recipient=to.id,
        reason=reason,
    )


async def keys_waiting(tx: Transaction, to: Address) -> dict[str, datetime]:
    """Return the keys of the messages that wait for an address, with the instants they were queued at."""
    rows = await tx.all(
        "SELECT dedupe_key, created_at FROM outbox WHERE channel = :channel AND recipient = :recipient"
        " AND status IN ('queued', 'sending') AND status = 'queued' AND dedupe_key IS NOT NULL",
        channel=to.channel,
        recipient=to.id,
    )
    return {row["dedupe_key"]: read_instant(row["created_at"]) for row in rows}


async def stands(tx: Transaction, dedupe_key: str) -> bool:
    """Tell whether a message of that key was sent, or still may be."""
    row = await tx.one("SELECT 1 FROM outbox WHERE dedupe_key = :key AND status <> 'failed'", key=dedupe_key)
    return row is not None


async def known(tx: Transaction, dedupe_key: str) -> bool:
    """Tell whether a message of that key was ever queued, whatever became of it."""
    return await tx.one("SELECT 1 FROM outbox WHERE dedupe_key = :key", key=dedupe_key) is not None


async def withdraw(tx: Transaction, dedupe_key: str) -> bool:
    """Free a key, so that it may be used again, and do not send what it stood on if that still waits."""
    changed = await tx.run(
        "UPDATE outbox SET dedupe_key = NULL, reason = COALESCE(reason, 'withdrawn'),"
        " status = CASE WHEN status = 'queued' THEN 'failed' ELSE status END WHERE dedupe_key = :key",
        key=dedupe_key,
    )
    return changed == 1


async def next_due(tx: Transaction, channel: str) -> datetime | None:
    """Return the earliest instant at which a message of a channel may be sent; None when none waits.

    Only the first of each recipient and kind counts: those behind it cannot be had yet, however long they are ready.
    """
    row = await tx.one(
        "SELECT MIN(CASE WHEN w.status = 'queued' THEN w.not_before ELSE w.leased_until END) AS at FROM outbox w"
        f" WHERE {_FIRST_OF_RECIPIENT}",
        channel=channel,
    )
    return read_optional_instant(row["at"]) if row else None
