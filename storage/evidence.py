"""What shows that a figure is true: files, and the numbers of documents. Withdrawn evidence is listed no more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from storage.database import Row, Transaction
from storage.permissions import agencies_of_members
from storage.values import instant, read_instant

Status = Literal["attached", "unplaced", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece: a file, or the `words` that name a document. `line_id` is None while nobody has said what it shows.

    `batch` is the same for all that was sent together. `name` is the file's, "" for a picture; `format` and `sha256`
    are None without a file.
    """

    id: int
    batch: int
    line_id: int | None
    file_id: int | None
    name: str
    format: str | None
    sha256: str | None
    words: str
    person_id: int
    person: str
    status: Status
    at: datetime


_EVIDENCE = (
    "SELECT e.id, e.batch, e.line_id, e.file_id, COALESCE(f.name, '') AS name, f.format, f.sha256, e.words,"
    " e.person_id, p.name AS person, e.status, e.created_at FROM evidence e JOIN people p ON p.id = e.person_id"
    " LEFT JOIN files f ON f.id = e.file_id"
)


def _evidence(row: Row) -> Evidence:
    values = dict(row)
    return Evidence(at=read_instant(values.pop("created_at")), **values)


def add(
    tx: Transaction,
    batch: int,
    person_id: int,
    now: datetime,
    *,
    line_id: int | None = None,
    file_id: int | None = None,
    words: str = "",
) -> None:
    """Queue adding a piece of evidence to a line and its newest figure; without a line it waits to be placed.

    The same file, or the same words, are attached to a line once.
    """
    tx.later(
        "INSERT INTO evidence (batch, line_id, submission_id, file_id, words, person_id, status, created_at)"
        " SELECT :batch, :line_id, (SELECT submission_id FROM duty_lines WHERE id = :line_id), :file_id, :words,"
        " :person_id, :status, :now WHERE NOT EXISTS (SELECT 1 FROM evidence e LEFT JOIN files f ON f.id = e.file_id"
        " WHERE e.line_id = :line_id AND e.status = 'attached' AND COALESCE(f.sha256, e.words) ="
        " COALESCE((SELECT g.sha256 FROM files g WHERE g.id = :file_id), :words))",
        batch=batch,
        line_id=line_id,
        file_id=file_id,
        words=words,
        person_id=person_id,
        status="unplaced" if line_id is None else "attached",
        now=instant(now),
    )


async def of_line(tx: Transaction, line_id: int) -> list[Evidence]:
    """Return what is attached to a line, the oldest first."""
    rows = await tx.all(f"{_EVIDENCE} WHERE e.line_id = :id AND e.status = 'attached' ORDER BY e.id", id=line_id)
    return [_evidence(row) for row in rows]


async def of_unit(tx: Transaction, unit_id: int) -> list[Evidence]:
    """Return what is attached to the lines of a commune's plans in force, for status and reports, the oldest first."""
    rows = await tx.all(
        f"{_EVIDENCE} JOIN duty_lines l ON l.id = e.line_id JOIN duties d ON d.id = l.duty_id"
        " JOIN plans q ON q.id = d.plan_id AND q.status = 'active'"
        " WHERE q.unit_id = :unit_id AND e.status = 'attached' ORDER BY e.id",
        unit_id=unit_id,
    )
    return [_evidence(row) for row in rows]


async def of_person(tx: Transaction, person_id: int, most: int) -> list[Evidence]:
    """Return the newest evidence of the lines a person's agencies owe, and what they sent that is not placed yet."""
    rows = await tx.all(
        f"{_EVIDENCE} WHERE (e.status = 'unplaced' AND e.person_id = :person_id) OR (e.status = 'attached'"
        f" AND e.line_id IN (SELECT l.id FROM duties d JOIN plans q ON q.id = d.plan_id AND q.status = 'active'"
        f" JOIN duty_lines l ON l.duty_id = d.id WHERE d.agency_id IN {agencies_of_members('report')}))"
        " ORDER BY CASE WHEN e.status = 'unplaced' THEN 0 ELSE 1 END, e.id DESC"
        " LIMIT :most",
        person_id=person_id,
        most=most,
    )
    return [_evidence(row) for row in rows]


async def sent_together(tx: Transaction, batch: int) -> list[Evidence]:
    """Return what was sent together and is not withdrawn, the oldest first."""
    rows = await tx.all(f"{_EVIDENCE} WHERE e.batch = :batch AND e.status <> 'withdrawn' ORDER BY e.id", batch=batch)
    return [_evidence(row) for row in rows]


def withdraw(tx: Transaction, ids: Iterable[int], person_id: int | None, now: datetime) -> None:
    """Queue withdrawing evidence; it is kept who did (None: nobody placed it), and when.

    See `storage.files.release` for the files.
    """
    for each in ids:
        tx.later(
            "UPDATE evidence SET status = 'withdrawn', withdrawn_at = :now, withdrawn_by = :person_id"
            " WHERE id = :id AND status <> 'withdrawn'",
            id=each,
            person_id=person_id,
            now=instant(now),
        )


async def unplaced(tx: Transaction, before: datetime, most: int) -> list[Evidence]:
    """Return evidence sent before an instant of which nobody has said what it shows, the oldest first."""
    rows = await tx.all(
        f"{_EVIDENCE} WHERE e.status = 'unplaced' AND e.created_at < :before ORDER BY e.id LIMIT :most",
        before=instant(before),
        most=most,
    )
    return [_evidence(row) for row in rows]


async def last_given(tx: Transaction, person_id: int, since: datetime) -> list[int]:
    """Return the lines of a person's newest figures since an instant: all that one message gave, if still owed."""
    newest = (
        "SELECT {0} FROM duties d JOIN plans q ON q.id = d.plan_id AND q.status = 'active'"
        " JOIN duty_lines l ON l.duty_id = d.id"
        " JOIN submissions b ON b.line_id = l.id AND b.person_id = :person_id AND b.recorded_at >= :since"
        f" WHERE d.agency_id IN {agencies_of_members('report')}"
    )
    rows = await tx.all(
        f"{newest.format('b.line_id')} AND b.inbox_id = ({newest.format('MAX(b.inbox_id)')}) ORDER BY b.item, b.id",
        person_id=person_id,
        since=instant(since),
    )
    return [row["line_id"] for row in rows]


async def given_by(tx: Transaction, inbox_ids: Iterable[int]) -> list[int]:
    """Return the lines of the figures that these messages gave."""
    found: dict[int, None] = {}
    for inbox_id in inbox_ids:
        rows = await tx.all("SELECT line_id FROM submissions WHERE inbox_id = :id ORDER BY item, id", id=inbox_id)
        found |= dict.fromkeys(row["line_id"] for row in rows)
    return list(found)
