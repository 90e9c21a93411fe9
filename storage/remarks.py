"""What was said about a figure: why its target was missed, and what is done about it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from storage.database import Transaction
from storage.values import instant

RemarkKind = Literal["reason", "remedy"]


def add(tx: Transaction, line_id: int, person_id: int, kind: RemarkKind, words: str, now: datetime) -> None:
    """Queue keeping words about the newest figure of a line; said again, the later words count."""
    tx.later(
        "INSERT INTO remarks (submission_id, person_id, kind, words, created_at)"
        " SELECT l.submission_id, :person_id, :kind, :words, :now FROM duty_lines l"
        " WHERE l.id = :line_id AND l.submission_id IS NOT NULL"
        " ON CONFLICT (submission_id, kind) DO UPDATE SET words = excluded.words, person_id = excluded.person_id,"
        " created_at = excluded.created_at",
        line_id=line_id,
        person_id=person_id,
        kind=kind,
        words=words,
        now=instant(now),
    )


async def of_lines(tx: Transaction, line_ids: list[int]) -> dict[int, dict[RemarkKind, str]]:
    """Return the words about the newest figures of lines, by line and kind."""
    found: dict[int, dict[RemarkKind, str]] = {}
    for line_id in line_ids:
        for row in await tx.all(
            "SELECT r.kind, r.words FROM remarks r JOIN duty_lines l ON l.submission_id = r.submission_id"
            " WHERE l.id = :line_id",
            line_id=line_id,
        ):
            found.setdefault(line_id, {})[row["kind"]] = row["words"]
    return found
