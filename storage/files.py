"""Files people send: asked for in the turn that hears of one, leased by a fetcher, kept by their content, or failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from domain.messages import Address, Incoming, ReceivedFile
from storage import inbox
from storage.database import Row, Transaction
from storage.values import instant, packed, read_optional_instant, unpacked

LEASE = timedelta(minutes=3)  # longer than a fetcher gives any download
LONGEST_NAME = 120
FETCHED = "file:"  # what the id of the message begins with that tells a chat what became of its file


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file this fetcher alone may fetch until its lease ends. `that_day` counts its person's files of 24 hours."""

    id: int
    sender: Address
    file: ReceivedFile
    purpose: str
    attempt: int
    that_day: int


@dataclass(frozen=True, slots=True)
class Settled:
    """A file and what became of it: `format` and `sha256` where it is kept, `reason` where it is not.

    `found` is what the reader of its purpose made of it, plain data.
    """

    id: int
    inbox_id: int
    person_id: int
    kind: str
    name: str
    album: str | None
    purpose: str
    lines: list[int]
    words: str
    status: str
    reason: str | None
    sha256: str | None
    format: str | None
    found: Any
    is_answered: bool


def want(
    tx: Transaction,
    message: Incoming,
    person_id: int,
    inbox_id: int,
    now: datetime,
    purpose: str,
    *,
    lines: Sequence[int] = (),
    words: str = "",
    refused: str | None = None,
) -> None:
    """Queue asking for the file of a message; `refused` says why it is not even fetched, and is answered already.

    `purpose` names who is told once it is there (`handlers.received.PURPOSES`), `lines` what lines it was sent for.
    """
    file = message.file
    tx.later(
        "INSERT INTO files (channel, sender, person_id, inbox_id, remote_id, kind, name, size, media_type, album,"
        " purpose, lines, words, status, reason, not_before, created_at, settled_at, answered_at)"
        " VALUES (:channel, :sender, :person_id, :inbox_id, :remote_id, :kind, :name, :size, :media_type, :album,"
        " :purpose, :lines, :words, :status, :reason, :now, :now, :settled, :settled)"
        " ON CONFLICT (inbox_id) DO NOTHING",
        channel=message.sender.channel,
        sender=message.sender.id,
        person_id=person_id,
        inbox_id=inbox_id,
        remote_id=file.id if file and not refused else "",
        kind=file.kind if file else "other",
        name=file.name[:LONGEST_NAME] if file and not refused else "",
        size=file.size if file else None,
        media_type=file.media_type[:LONGEST_NAME] if file else "",
        album=message.album,
        purpose=purpose,
        lines=packed(list(lines)),
        words=words,
        status="failed" if refused else "wanted",
        reason=refused,
        now=instant(now),
        settled=instant(now) if refused else None,
    )


async def claim(tx: Transaction, channel: str, now: datetime, gathered: datetime) -> Wanted | None:
    """Lease the next file of a channel; None when none is ready. One of an album is, once it was there at `gathered`.

    A lease that has ended is taken over: its fetcher died, and what it had fetched so far counts for nothing.
    """
    row = await tx.one(
        "WITH next AS MATERIALIZED (SELECT w.id FROM files w WHERE w.status = 'wanted' AND w.channel = :channel"
        " AND w.not_before <= :now AND (w.leased_until IS NULL OR w.leased_until <= :now)"
        " AND (w.album IS NULL OR w.created_at <= :gathered) ORDER BY w.id LIMIT 1 $LOCK)"
        " UPDATE files SET attempts = attempts + 1, leased_until = :until WHERE id IN (SELECT id FROM next)"
        " RETURNING id, channel, sender, person_id, remote_id, kind, name, size, media_type, purpose, attempts,"
        " created_at",
        channel=channel,
        now=instant(now),
        gathered=instant(gathered),
        until=instant(now + LEASE),
    )
    if row is None:
        return None
    count = await tx.one(
        "SELECT COUNT(*) AS files FROM files WHERE person_id = :person_id AND created_at > :since AND id <= :id",
        person_id=row["person_id"],
        since=instant(datetime.fromisoformat(row["created_at"]) - timedelta(days=1)),
        id=row["id"],
    )
    file = ReceivedFile(row["kind"], row["remote_id"], row["name"], row["size"], row["media_type"])
    sender = Address(row["channel"], row["sender"])
    return Wanted(row["id"], sender, file, row["purpose"], row["attempts"], count["files"] if count else 0)


async def keep(
    tx: Transaction, wanted: Wanted, sha256: str, format_: str, size: int, found: Any, now: datetime
) -> bool:
    """Mark a leased file kept and let its chat be told; False for a lost lease, and nothing is changed then.

    Whoever stores or erases the content holds `hold_content` first.
    """
    return await _settle(tx, wanted, now, "kept", None, sha256, format_, size, found)


async def fail(tx: Transaction, wanted: Wanted, reason: str, now: datetime) -> bool:
    """Mark that a leased file is not to be had and let its chat be told; False for a lost lease."""
    return await _settle(tx, wanted, now, "failed", reason, None, None, wanted.file.size, None)


async def _settle(
    tx: Transaction,
    wanted: Wanted,
    now: datetime,
    status: str,
    reason: str | None,
    sha256: str | None,
    format_: str | None,
    size: int | None,
    found: Any,
) -> bool:
    changed = await tx.run(
        "UPDATE files SET status = :status, reason = :reason, sha256 = :sha256, format = :format, size = :size,"
        " found = :found, remote_id = '', leased_until = NULL, settled_at = :now"
        " WHERE id = :id AND status = 'wanted' AND attempts = :attempt",
        id=wanted.id,
        attempt=wanted.attempt,
        status=status,
        reason=reason,
        sha256=sha256,
        format=format_,
        size=size,
        found=None if found is None else packed(found),
        now=instant(now),
    )
    if changed == 1:
        inbox.record(tx, [Incoming(wanted.sender, f"{FETCHED}{wanted.id}", now, kind="fetched")], now)
    return changed == 1


def postpone(tx: Transaction, wanted: Wanted, until: datetime, reason: str) -> None:
    """Queue letting a leased file be tried again later."""
    tx.later(
        "UPDATE files SET not_before = :until, leased_until = NULL, reason = :reason"
        " WHERE id = :id AND status = 'wanted' AND attempts = :attempt",
        id=wanted.id,
        attempt=wanted.attempt,
        until=instant(until),
        reason=reason,
    )


def content_path(sha256: str) -> str:
    """Return where a kept content lies, from the data folder on, as an attachment names it."""
    return f"kept/{sha256[:2]}/{sha256}"


def hold_content(tx: Transaction, sha256: str) -> None:
    """Queue waiting until nobody else stores or erases this content; to be held until the commit."""
    tx.take_turns([f"content:{sha256}"])


_SETTLED = (
    "SELECT id, inbox_id, person_id, kind, name, album, purpose, lines, words, status, reason, sha256, format, found,"
    " answered_at FROM files"
)


async def sent_with(tx: Transaction, external_id: str, sender: Address) -> list[Settled]:
    """Return the file a "fetched" message tells of, and those of the same album, the first sent first."""
    number = external_id.removeprefix(FETCHED)
    rows = await tx.all(
        f"{_SETTLED} WHERE channel = :channel AND sender = :sender AND (id = :id OR album ="
        " (SELECT f.album FROM files f WHERE f.id = :id AND f.channel = :channel AND f.sender = :sender)) ORDER BY id",
        channel=sender.channel,
        sender=sender.id,
        id=int(number) if number.isascii() and number.isdecimal() and len(number) < 19 else 0,
    )
    return [_settled(row) for row in rows]


async def lines_of_album(tx: Transaction, message: Incoming) -> list[int] | None:
    """Return the lines that a file of the same album was sent for; None where none of it was heard of before."""
    if message.album is None:
        return None
    row = await tx.one(
        "SELECT lines FROM files WHERE channel = :channel AND sender = :sender AND album = :album ORDER BY id LIMIT 1",
        channel=message.sender.channel,
        sender=message.sender.id,
        album=message.album,
    )
    return None if row is None else unpacked(row["lines"])


def _settled(row: Row) -> Settled:
    values = dict(row)
    read = {"lines": unpacked(values.pop("lines")), "found": unpacked(values.pop("found"))}
    return Settled(is_answered=values.pop("answered_at") is not None, **read, **values)


def answered(tx: Transaction, ids: Sequence[int], now: datetime) -> None:
    """Queue noting that a chat was told of these files; what was read in them is in the rows it led to."""
    for each in ids:
        tx.later(
            "UPDATE files SET answered_at = :now, found = NULL WHERE id = :id AND answered_at IS NULL",
            id=each,
            now=instant(now),
        )


def release(tx: Transaction, file_id: int) -> None:
    """Queue giving up a file that is evidence of nothing (any more): its content is erased by the next fetcher."""
    tx.later(
        "UPDATE files SET status = 'unwanted', name = '', words = '', found = NULL WHERE id = :id AND status = 'kept'"
        " AND NOT EXISTS (SELECT 1 FROM evidence e WHERE e.file_id = files.id AND e.status <> 'withdrawn')",
        id=file_id,
    )


@dataclass(frozen=True, slots=True)
class Unwanted:
    """A file given up. Its content is `shared` where another file that is kept has the same."""

    id: int
    sha256: str
    shared: bool


async def claim_unwanted(tx: Transaction, now: datetime) -> Unwanted | None:
    """Lock a file whose content is to be erased by now, and hold its content; None when there is none."""
    row = await tx.one(
        "SELECT id, sha256 FROM files WHERE status = 'unwanted' AND not_before <= :now ORDER BY id LIMIT 1 $LOCK",
        now=instant(now),
    )
    if row is None:
        return None
    hold_content(tx, row["sha256"])
    kept = await tx.one("SELECT 1 FROM files WHERE sha256 = :sha256 AND status = 'kept'", sha256=row["sha256"])
    return Unwanted(row["id"], row["sha256"], kept is not None)


def mark_erased(tx: Transaction, unwanted: Unwanted) -> None:
    """Queue noting that a file's content is gone."""
    tx.later("UPDATE files SET status = 'erased' WHERE id = :id AND status = 'unwanted'", id=unwanted.id)


def postpone_erasing(tx: Transaction, unwanted: Unwanted, until: datetime) -> None:
    """Queue letting a content be erased later, so that one that cannot be does not hold up the others."""
    tx.later(
        "UPDATE files SET not_before = :until WHERE id = :id AND status = 'unwanted'",
        id=unwanted.id,
        until=instant(until),
    )


async def next_due(tx: Transaction, channel: str) -> datetime | None:
    """Return the earliest instant at which a wanted file of a channel may be fetched; None when none is wanted."""
    row = await tx.one(
        "SELECT MIN(CASE WHEN leased_until > not_before THEN leased_until ELSE not_before END) AS at FROM files"
        " WHERE status = 'wanted' AND channel = :channel",
        channel=channel,
    )
    return read_optional_instant(row["at"]) if row else None
