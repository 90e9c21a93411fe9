"""What somebody asks of those above them: granted, refused, or withdrawn, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from domain.closing import Closing
from domain.permissions import Action
from storage import duties
from storage.database import Row, Transaction
from storage.permissions import agencies_where
from storage.values import instant, packed, read_day, read_instant, read_optional_instant, unpacked

RequestKind = Literal["extension", "correction"]
Decided = Literal["granted", "refused", "withdrawn"]
RequestStatus = Literal["open"] | Decided
# What one must be allowed to do to decide.
DECIDED_BY: Mapping[RequestKind, Action] = {"extension": "extend", "correction": "reopen"}

_REQUEST = (
    "SELECT r.id, r.kind, r.duty_id, r.line_id, r.person_id, p.name AS who, r.words, r.wanted, r.status, r.created_at,"
    " r.decided_at, r.decided_by, r.answer,"
    " c.name AS decider, d.agency_id, d.due_on, d.extended_from, d.closing, n.closes_after,"
    " (SELECT COUNT(*) FROM duty_lines l WHERE l.duty_id = d.id AND l.status <> 'reported' AND n.status = 'active')"
    " AS missing, a.name AS agency, u.id AS unit_id,"
    " u.name AS unit_name FROM requests r JOIN people p ON p.id = r.person_id JOIN duties d ON d.id = r.duty_id"
    " JOIN plans n ON n.id = d.plan_id"
    " JOIN agencies a ON a.id = d.agency_id JOIN units u ON u.id = a.unit_id LEFT JOIN people c ON c.id = r.decided_by"
)


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it stands. `due` is the duty's day at this moment; `wanted` is plain data of its kind.

    Of an extension it is {"day": "2026-12-05", "due": the day before it}; of a correction see `handlers.reopening`.
    """

    id: int
    kind: RequestKind
    duty_id: int
    line_id: int | None
    person_id: int
    who: str
    words: str
    wanted: Mapping[str, Any]
    status: RequestStatus
    created_at: datetime
    decider: str
    decided_at: datetime | None
    decided_by: int | None
    answer: str  # why it was refused, where its decider said so
    agency_id: int
    agency: str
    unit_id: int
    unit_name: str
    due: date
    missing: int  # lines of the duty without a figure, at this moment
    closing: Closing
    closes_after: int

    @property
    def day(self) -> date:
        """The day an extension asks for."""
        return read_day(self.wanted["day"])

    @property
    def was_due(self) -> date:
        """The due day an extension was asked to move."""
        return read_day(self.wanted["due"])


def _request(row: Row) -> Request:
    return Request(
        id=row["id"],
        kind=row["kind"],
        duty_id=row["duty_id"],
        line_id=row["line_id"],
        person_id=row["person_id"],
        who=row["who"],
        words=row["words"],
        wanted=unpacked(row["wanted"]),
        status=row["status"],
        created_at=read_instant(row["created_at"]),
        decider=row["decider"] or "",
        decided_at=read_optional_instant(row["decided_at"]),
        decided_by=row["decided_by"],
        answer=row["answer"] or "",
        agency_id=row["agency_id"],
        agency=row["agency"],
        unit_id=row["unit_id"],
        unit_name=row["unit_name"],
        due=read_day(row["due_on"]),
        missing=row["missing"],
        closing=row["closing"],
        closes_after=row["closes_after"],
    )


async def add(
    tx: Transaction,
    kind: RequestKind,
    duty_id: int,
    person_id: int,
    words: str,
    wanted: Mapping[str, Any],
    now: datetime,
    *,
    line_id: int | None = None,
) -> int:
    """Store a request and return its id. One of the same kind for the same duty or line that is open is withdrawn."""
    duties.hold(tx, duty_id)
    tx.later(
        "UPDATE requests SET status = 'withdrawn', decided_by = :person_id, decided_at = :now"
        " WHERE duty_id = :duty_id AND kind = :kind AND COALESCE(line_id, 0) = :line AND status = 'open'",
        duty_id=duty_id,
        kind=kind,
        line=line_id or 0,
        person_id=person_id,
        now=instant(now),
    )
    return await tx.key(
        "INSERT INTO requests (kind, duty_id, line_id, person_id, words, wanted, created_at)"
        " VALUES (:kind, :duty_id, :line_id, :person_id, :words, :wanted, :now) RETURNING id",
        kind=kind,
        duty_id=duty_id,
        line_id=line_id,
        person_id=person_id,
        words=words,
        wanted=packed(wanted),
        now=instant(now),
    )


async def find(tx: Transaction, request_id: int) -> Request | None:
    """Return a request by its id. Who may see it is the caller's to ask."""
    row = await tx.one(f"{_REQUEST} WHERE r.id = :id", id=request_id)
    return _request(row) if row else None


async def open_for(tx: Transaction, person_id: int) -> list[Request]:
    """Return the open requests a person may decide, the oldest first; their own are among them."""
    mine = " OR ".join(
        f"r.kind = '{kind}' AND d.agency_id IN {agencies_where(action)}" for kind, action in DECIDED_BY.items()
    )
    rows = await tx.all(f"{_REQUEST} WHERE r.status = 'open' AND ({mine}) ORDER BY r.id", person_id=person_id)
    return [_request(row) for row in rows]


def decide(tx: Transaction, request: Request, status: Decided, person_id: int, now: datetime) -> None:
    """Queue deciding an open request; the transaction fails with `Outdated` when it is no longer open.

    What it leads to is queued after this, under the lock of its duty.
    """
    duties.hold(tx, request.duty_id)
    tx.expect(
        "UPDATE requests SET status = :status, decided_by = :person_id, decided_at = :now"
        " WHERE id = :id AND status = 'open'",
        id=request.id,
        status=status,
        person_id=person_id,
        now=instant(now),
    )


def explain(tx: Transaction, request: Request, words: str) -> None:
    """Queue saying why a request was refused, by whoever refused it; the transaction fails with `Outdated` if said."""
    tx.expect(
        "UPDATE requests SET answer = :words WHERE id = :id AND status = 'refused' AND answer IS NULL",
        id=request.id,
        words=words,
    )
