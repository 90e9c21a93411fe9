"""What must be true after any weather: nothing lost, no figure doubled, and only what nobody can know said twice."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from storage.database import Database, Row
from tests.crash.chats import Given
from tests.crash.ledger import OUTBOX, every_figure_is_there_once, is_new_message, rows_of, shown
from tests.crash.month import Month
from tests.crash.proof import Message, message_of

DIGEST = "🔔"


async def prove(month: Month, expected: Mapping[date, set[int]]) -> int:
    """Assert all of it; return how many messages were shown twice. `expected` says who was to be reminded when."""
    await _every_update_is_handled(month.database, month.api.first_bot.id, month.book)
    await every_figure_is_there_once(month.database, month.api, month.book)
    rows = await rows_of(month.database, OUTBOX)
    _everybody_is_answered(rows, month.book)
    _nobody_is_forgotten(rows, expected)
    return _only_the_unknowable_is_repeated(
        [row for row in rows if is_new_message(row)],
        Counter(shown(event) for event in month.api.events if event.kind == "sent"),
    )


async def failed_digests(database: Database, day: date) -> set[int]:
    """Return who did not get the reminder of a day after all, and is therefore to get one the day after."""
    rows = await rows_of(database, OUTBOX)
    return {
        int(row["recipient"])
        for row in rows
        if _is_digest(row) and row["status"] == "failed" and row["created_at"][:10] == day.isoformat()
    }


async def _every_update_is_handled(database: Database, bot: int, book: Sequence[Given]) -> None:
    rows = await rows_of(database, "SELECT external_id, status, attempts FROM inbox")
    found = Counter(row["external_id"] for row in rows)
    assert set(found.values()) == {1}
    assert {f"{bot}:{given.update_id}" for given in book} <= set(found)
    assert {(row["status"], row["attempts"]) for row in rows} == {("done", 0)}


def _everybody_is_answered(rows: Sequence[Row], book: Sequence[Given]) -> None:
    """Count answers: what was not said but done, a block, has none; what was garbled has one, too."""
    answers = Counter(int(row["recipient"]) for row in rows if row["kind"] == "conversation")
    said = Counter(given.who for given in book if given.answered)
    assert not said - answers


def _nobody_is_forgotten(rows: Sequence[Row], expected: Mapping[date, set[int]]) -> None:
    queued: Counter[tuple[str, int]] = Counter()
    standing: Counter[tuple[str, int]] = Counter()
    for row in filter(_is_digest, rows):
        key = row["created_at"][:10], int(row["recipient"])
        queued[key] += 1
        standing[key] += row["status"] != "failed"
    assert set(standing.values()) <= {0, 1}, "one a day"
    missing = {(day.isoformat(), who) for day, people in expected.items() for who in people} - set(queued)
    assert not missing


def _only_the_unknowable_is_repeated(rows: Sequence[Row], on_screens: Counter[Message]) -> int:
    """Hold the screens against the outbox: an answer is there at most once, a reminder twice if nobody could know."""
    surely: Counter[Message] = Counter()
    at_most: Counter[Message] = Counter()
    for row in rows:
        message = message_of(row)
        surely[message] += row["status"] == "sent"
        at_most[message] += 1 + (row["kind"] == "broadcast" and row["failures"] > 0)
    assert not surely - on_screens, "what is marked is on the screen"
    assert not on_screens - at_most
    assert {row["status"] for row in rows} <= {"sent", "failed"}
    return (on_screens - Counter(message_of(row) for row in rows)).total()


def _is_digest(row: Row) -> bool:
    payload: dict[str, Any] = json.loads(row["payload"])
    return bool(payload["text"].startswith(DIGEST))
