"""What has happened to a line: each figure as given, and what was said and decided of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from domain.model import FigureValue, Verdict
from storage.database import Row, Transaction
from storage.values import read_day, read_figure, read_instant, unpacked

EventKind = Literal[
    "figure", "reason", "remedy", "returned", "confirmed",
    "extension_open", "extension_granted", "extension_refused",
    "correction_open", "correction_granted", "correction_refused",
]  # fmt: skip

_EVENTS = (
    "SELECT b.recorded_at AS at, b.id AS submission_id, 0 AS step, 'figure' AS kind, b.person_id, b.value, b.verdict,"
    " NULL AS words FROM submissions b WHERE b.line_id = :line_id"
    " UNION ALL SELECT k.created_at, k.submission_id, 1, k.kind, k.person_id, b.value, b.verdict, k.words"
    " FROM submissions b JOIN remarks k ON k.submission_id = b.id WHERE b.line_id = :line_id"
    " UNION ALL SELECT r.created_at, r.submission_id, 2, r.kind, r.person_id, b.value, b.verdict, r.words"
    " FROM submissions b JOIN reviews r ON r.submission_id = b.id WHERE b.line_id = :line_id"
)
_OF_LINE = (
    "(q.line_id = :line_id OR q.line_id IS NULL AND q.duty_id = (SELECT duty_id FROM duty_lines WHERE id = :line_id))"
)
_REQUESTS = (
    "SELECT q.created_at AS at, q.kind, 'open' AS status, q.person_id, q.words, q.wanted FROM requests q"
    f" WHERE {_OF_LINE}"
    " UNION ALL SELECT q.decided_at, q.kind, q.status, q.decided_by, COALESCE(q.answer, ''), q.wanted FROM requests q"
    f" WHERE {_OF_LINE} AND q.status IN ('granted', 'refused')"
)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a line: when, by whom, to which figure, in which words if any."""

    at: datetime
    kind: EventKind
    who: str
    value: FigureValue
    verdict: Verdict | None
    words: str
    day: date | None = None  # until which more time was asked for


async def of_line(tx: Transaction, line_id: int) -> list[Event]:
    """Return what has happened to a line, the newest first. Who may read it is the caller's to know."""
    rows = await tx.all(
        f"SELECT e.at, e.submission_id, e.step, e.kind, e.value, e.verdict, e.words, p.name FROM ({_EVENTS}) e"
        " JOIN people p ON p.id = e.person_id ORDER BY e.at DESC, e.submission_id DESC, e.step DESC",
        line_id=line_id,
    )
    asked = await tx.all(
        f"SELECT e.at, e.kind, e.status, e.words, e.wanted, p.name FROM ({_REQUESTS}) e JOIN people p"
        " ON p.id = e.person_id ORDER BY e.at DESC, e.status",
        line_id=line_id,
    )
    events = [_event(row) for row in rows] + [_asked(row) for row in asked]
    return sorted(events, key=lambda event: event.at, reverse=True)


def _asked(row: Row) -> Event:
    wanted = unpacked(row["wanted"])
    return Event(
        at=read_instant(row["at"]),
        kind=f"{row['kind']}_{row['status']}",  # type: ignore[arg-type]
        who=row["name"],
        value=read_figure(wanted.get("value")),
        verdict=None,
        words=row["words"],
        day=read_day(wanted["day"]) if "day" in wanted else None,
    )


def _event(row: Row) -> Event:
    return Event(
        at=read_instant(row["at"]),
        kind=row["kind"],
        who=row["name"],
        value=read_figure(row["value"]),
        verdict=row["verdict"],
        words=row["words"] or "",
    )
