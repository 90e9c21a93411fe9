"""Messages handled one after the other while nobody else wants the database: still each for itself."""

from __future__ import annotations

import pytest

from bot import receiver, worker
from handlers import dispatch
from handlers.turn import Turn
from storage import inbox
from storage.database import Database
from tests.bot.stage import phones, program, rows

STATES = "SELECT sender, status, attempts FROM inbox ORDER BY sender"
PEOPLE = ("an", "binh", "chi")


async def test_one_that_fails_takes_none_with_it(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    handle = dispatch.handle

    async def fail_late(turn: Turn) -> None:
        await handle(turn)
        if turn.received.message.sender.id == "binh":
            raise ValueError

    monkeypatch.setattr(dispatch, "handle", fail_late)
    app = await program(database)
    for who in PEOPLE:
        phones(app).say(who, "xin chào", app.clock.now())
    await receiver.record(app, phones(app).waiting())
    while await worker.work_in_a_row(app):
        pass
    assert await rows(database, STATES) == [
        {"sender": "an", "status": "done", "attempts": 0},
        {"sender": "binh", "status": "waiting", "attempts": 1},
        {"sender": "chi", "status": "done", "attempts": 0},
    ]
    assert await rows(database, "SELECT recipient FROM outbox ORDER BY id") == [
        {"recipient": "an"},
        {"recipient": "chi"},
    ]


async def test_a_look_for_another_that_fails_is_not_held_against_the_one_before(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = await program(database)
    for who in PEOPLE:
        phones(app).say(who, "xin chào", app.clock.now())
    await receiver.record(app, phones(app).waiting())
    read, seen = inbox._claimed, []

    def fail_second(row: object) -> object:
        seen.append(row)
        if len(seen) == 2:
            raise ValueError
        return read(row)  # type: ignore[arg-type]

    monkeypatch.setattr(inbox, "_claimed", fail_second)
    with pytest.raises(ValueError):
        while await worker.work_in_a_row(app):
            pass
    states = await rows(database, STATES)
    assert [(row["status"], row["attempts"]) for row in states] == [("done", 0), ("waiting", 0), ("waiting", 0)]
