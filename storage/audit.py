"""Who did what to what, written in the transaction that does it. No phone numbers, no names, no words of a chat.

The record of each unit is a chain: the hash of a line covers the hash of the line before, so that a line changed,
removed or put in between by hand is found by `storage.verification`. The head of the chain is taken at the very end of
a transaction: others wait for it only while this one commits, and those of other units not at all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.database import Row, Transaction
from storage.values import instant, packed, read_instant, unpacked

NO_UNIT = 0
HASHED = ("at", "person_id", "unit_id", "action", "subject", "detail")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the record, with the name its person goes by now (None: nobody's doing, or somebody who withdrew)."""

    id: int
    at: datetime
    unit_id: int
    person: str | None
    action: str
    subject: str
    detail: dict[str, Any]


def note(
    tx: Transaction,
    action: str,
    subject: str,
    now: datetime,
    person_id: int | None = None,
    *,
    unit_id: int = NO_UNIT,
    **detail: Any,
) -> None:
    """Queue a line of a unit's record: `action` as "invitation.used", `subject` as "agency:3", plain `detail`.

    What was changed is told as `was` and `now_is`. Without a unit only whoever sits at the machine reads it.
    """
    content = [instant(now), person_id, unit_id, action, subject, packed(detail)]
    tx.last(
        unit_id,
        "INSERT INTO audit_chains (unit_id, length, hash) VALUES (:unit_id, 1, $DIGEST(:content))"
        " ON CONFLICT (unit_id) DO UPDATE SET length = audit_chains.length + 1,"
        " hash = $DIGEST(audit_chains.hash || :content)",
        unit_id=unit_id,
        content=packed(content),
    )
    tx.last(
        unit_id,
        "INSERT INTO audit (at, person_id, unit_id, action, subject, detail, position, hash)"
        " SELECT :at, :person_id, c.unit_id, :action, :subject, :detail, c.length, c.hash"
        " FROM audit_chains c WHERE c.unit_id = :unit_id",
        **dict(zip(HASHED, content, strict=True)),
    )


async def lines_of(tx: Transaction, unit_ids: Sequence[int], most: int, before: int | None = None) -> list[Line]:
    """Return the newest lines of these units' records, or the newest before the line of an id, the newest first."""
    wanted = {f"unit_{number}": unit_id for number, unit_id in enumerate(unit_ids)}
    rows = await tx.all(
        "SELECT e.id, e.at, e.unit_id, p.name, e.action, e.subject, e.detail FROM audit e"
        f" LEFT JOIN people p ON p.id = e.person_id WHERE e.unit_id IN ({', '.join(f':{name}' for name in wanted)})"
        " AND e.id < :before ORDER BY e.id DESC LIMIT :most",
        before=2**62 if before is None else before,
        most=most,
        **wanted,
    )
    return [
        Line(
            row["id"],
            read_instant(row["at"]),
            row["unit_id"],
            row["name"],
            row["action"],
            row["subject"],
            unpacked(row["detail"]),
        )
        for row in rows
    ]


_NAMES = {
    "agency": "SELECT name FROM agencies WHERE id = :id",
    "unit": "SELECT name FROM units WHERE id = :id",
    "person": "SELECT name FROM people WHERE id = :id",
    "plan": "SELECT COALESCE(number, source_name) AS name FROM plans WHERE id = :id",
    "duty": "SELECT a.name FROM duties d JOIN agencies a ON a.id = d.agency_id WHERE d.id = :id",
}
_INDICATOR = (
    "SELECT i.name FROM duty_lines l JOIN targets t ON t.id = l.target_id JOIN indicators i ON i.id = t.indicator_id"
    " WHERE l.id = :id"
)


async def names_of(tx: Transaction, subjects: Collection[str]) -> dict[str, str]:
    """Return what subjects are called now, as far as they are still there and have a name."""
    found = {}
    for subject in subjects:
        kind, _, rest = subject.partition(":")
        query = _INDICATOR if kind in ("line", "figure") else _NAMES.get(kind)
        row = await tx.one(query, id=int(rest.partition(":")[0])) if query else None
        if row is not None:
            found[subject] = row["name"]
    return found


def digest(before: str, row: Row) -> str:
    """Return the hash of a line that comes after one with the hash `before`."""
    return hashlib.sha256((before + packed([row[name] for name in HASHED])).encode()).hexdigest()
