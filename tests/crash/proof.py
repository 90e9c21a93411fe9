"""What must be true after any number of kills: nothing lost, nothing counted twice, and hardly anything said twice."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from benchmarks.stage import Officer, Saying
from storage.database import Database, Row, Transaction
from tests.crash.program import Books

Message = tuple[str, str, tuple[str, ...]]


async def prove(database: Database, books: Books, officers: Sequence[Officer], said: dict[str, Saying]) -> int:
    """Assert all of it; return how many messages were sent more than once. `said` is what went in, by message id."""
    async with database.transaction() as tx:
        await _no_message_is_lost(tx, said)
        await _every_figure_is_there_once(tx, said)
        await _every_duty_is_closed(tx)
        await _everybody_is_reminded_once(tx, officers)
        queued = await tx.all("SELECT recipient, kind, status, payload FROM outbox ORDER BY id")
        if database.engine == "sqlite":
            assert [tuple(row) for row in await tx.all("PRAGMA integrity_check")] == [("ok",)]
            assert await tx.all("PRAGMA foreign_key_check") == []
    _every_message_has_its_answer(queued, books.said(), said)
    return sent_in_order(queued, books.sent())


async def _no_message_is_lost(tx: Transaction, said: dict[str, Saying]) -> None:
    rows = await tx.all("SELECT external_id, status, attempts FROM inbox ORDER BY id")
    assert Counter(row["external_id"] for row in rows) == Counter(list(said)), "each message recorded once"
    assert {row["status"] for row in rows} == {"done"}
    assert {row["attempts"] for row in rows} == {0}, "none had to be tried again"


async def _every_figure_is_there_once(tx: Transaction, said: dict[str, Saying]) -> None:
    rows = await tx.all(
        "SELECT s.line_id, s.value, s.replaces_id, i.external_id, l.status, l.submission_id, s.id FROM submissions s"
        " JOIN duty_lines l ON l.id = s.line_id LEFT JOIN inbox i ON i.id = s.inbox_id"
    )
    figures = {number: saying for number, saying in said.items() if saying.line_id is not None}
    wanted = Counter((saying.line_id, saying.value, number) for number, saying in figures.items())
    assert Counter((row["line_id"], row["value"], row["external_id"]) for row in rows) == wanted
    assert all(row["status"] == "reported" and row["submission_id"] == row["id"] for row in rows)
    assert {row["replaces_id"] for row in rows} == {None}


async def _every_duty_is_closed(tx: Transaction) -> None:
    rows = await tx.all("SELECT status, next_reminder_at FROM duties")
    assert {(row["status"], row["next_reminder_at"]) for row in rows} == {("complete", None)}


async def _everybody_is_reminded_once(tx: Transaction, officers: Sequence[Officer]) -> None:
    rows = await tx.all("SELECT recipient FROM outbox WHERE kind = 'broadcast'")
    assert Counter(row["recipient"] for row in rows) == Counter(officer.address.id for officer in officers)


def message_of(row: Row) -> Message:
    payload: dict[str, Any] = json.loads(row["payload"])
    return row["recipient"], payload["text"], tuple(token for token, _ in payload["choices"])


def _every_message_has_its_answer(
    queued: Sequence[Row], feed: Sequence[tuple[str, str, str]], said: dict[str, Saying]
) -> None:
    """Hold the n-th answer to somebody against the n-th thing they said."""
    answers: dict[str, list[str]] = defaultdict(list)
    for row in queued:
        if row["kind"] == "conversation":
            answers[row["recipient"]].append(message_of(row)[1])
    questions: dict[str, list[Saying]] = defaultdict(list)
    for who, number, _ in feed:
        questions[who].append(said[number])
    assert {who: len(texts) for who, texts in answers.items()} == {who: len(said) for who, said in questions.items()}
    for who, sayings in questions.items():
        for saying, answer in zip(sayings, answers[who], strict=True):
            assert ("Đã ghi" in answer.splitlines()[0]) == (saying.line_id is not None), (who, saying, answer)


def sent_in_order(queued: Sequence[Row], sent: Sequence[Message]) -> int:
    """Hold what each person was sent against what was queued for them; repeats stand side by side and are counted.

    Reminders and answers are two streams: an answer overtakes a reminder, never another answer.
    """
    assert {row["status"] for row in queued} == {"sent"}
    kinds = {message_of(row): row["kind"] for row in queued}
    assert set(sent) <= set(kinds), "nothing was sent that was not queued"
    streams = {(row["recipient"], row["kind"]) for row in queued}
    for who, kind in streams:
        wanted = _runs([message_of(row) for row in queued if (row["recipient"], row["kind"]) == (who, kind)])
        found = _runs([message for message in sent if (message[0], kinds[message]) == (who, kind)])
        assert [message for message, _ in found] == [message for message, _ in wanted], f"order for {who}"
        assert all(times >= needed for (_, times), (_, needed) in zip(found, wanted, strict=True)), f"lost for {who}"
    return len(sent) - len(queued)


def _runs(messages: Sequence[Message]) -> list[tuple[Message, int]]:
    return [(message, len(list(run))) for message, run in groupby(messages)]
