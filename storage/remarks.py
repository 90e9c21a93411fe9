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


async def of_figure(tx: Transaction, submission_id: int) -> dict[RemarkKind, str]:
    """Return what was said about a figure, by kind."""
    rows = await tx.all("SELECT kind, words FROM remarks WHERE submission_id = :id ORDER BY kind", id=submission_id)
    return {row["kind"]: row["words"] for row in rows}
