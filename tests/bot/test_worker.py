"""A message that cannot be handled is tried five times, set aside, and holds nobody up."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot import receiver, worker
from bot.app import App
from bot.channels.simulator import Simulator
from bot.rehearsal import drain
from bot.worker import work_one
from domain.delivery import MAX_ATTEMPTS
from domain.messages import Address
from handlers import dispatch
from handlers.turn import Turn
from storage import inbox
from storage.database import Database
from storage.errors import DatabaseUnavailable
from tests.bot.stage import clock, heard, phones, program, rows, say

POISON = "66,5 thuốc độc"


@pytest.fixture
def poison(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the handling of one message fail after all its writes were queued."""
    handle = dispatch.handle

    async def fail_late(turn: Turn) -> None:
        await handle(turn)
        if turn.received.message.text == POISON:
            raise ValueError(POISON)

    monkeypatch.setattr(dispatch, "handle", fail_late)


@pytest.mark.usefixtures("poison")
async def test_a_poison_message_is_tried_five_times_and_set_aside(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    app = await program(database)
    await say(app, "lan", "nhập")
    before = await rows(database, "SELECT * FROM conversations")
    await say(app, "lan", POISON)
    await say(app, "lan", "/help")
    for tried in range(1, MAX_ATTEMPTS):
        assert await rows(database, "SELECT attempts, status FROM inbox WHERE status = 'waiting' ORDER BY id") == [
            {"attempts": tried, "status": "waiting"},
            {"attempts": 0, "status": "waiting"},
        ]
        assert await rows(database, "SELECT * FROM conversations") == before, "something half-written"
        clock(app).move(timedelta(minutes=1))
        await drain(app)
    assert await rows(database, "SELECT COUNT(*) AS n FROM submissions") == [{"n": 0}]
    [aside] = await rows(database, "SELECT attempts, status, error FROM inbox WHERE status <> 'done'")
    assert (aside["attempts"], aside["status"]) == (MAX_ATTEMPTS, "set_aside")
    assert heard(app, "lan")[-2].startswith("⚠️ Tin nhắn vừa rồi chưa xử lý được")
    assert await rows(database, "SELECT flow FROM conversations WHERE external_id = 'lan'") == [{"flow": None}]
    assert heard(app, "lan")[-1].startswith("Anh/chị là đầu mối"), "what came later goes on"
    assert "Một tin nhắn của Lan không xử lý được sau 5 lần" in heard(app, "thu")[-1]
    assert "thuốc độc" not in caplog.text + aside["error"]
    assert len(await rows(database, "SELECT 1 FROM audit WHERE action = 'message.set_aside'")) == 1


@pytest.mark.usefixtures("poison")
async def test_a_poison_message_holds_up_no_other_chat(database: Database) -> None:
    app = await program(database)
    await say(app, "lan", POISON)
    await say(app, "minh", "/status")
    assert "xã Vũ Dương" in heard(app, "minh")[-1]


@pytest.mark.usefixtures("poison")
async def test_a_stranger_with_a_poison_message_is_told_and_no_admin_troubled(database: Database) -> None:
    app = await program(database)
    phones(app).say("khach", POISON, app.clock.now())
    for _ in range(MAX_ATTEMPTS):
        await drain(app)
        clock(app).move(timedelta(minutes=1))
    assert heard(app, "khach")[0].startswith("⚠️ Tin nhắn vừa rồi chưa xử lý được")
    assert heard(app, "thu") == []


@pytest.mark.usefixtures("poison")
async def test_an_admin_is_not_noted_of_what_they_sent_themselves(database: Database) -> None:
    app = await program(database)
    phones(app).say("thu", POISON, app.clock.now())
    for _ in range(MAX_ATTEMPTS):
        await drain(app)
        clock(app).move(timedelta(minutes=1))
    assert len(heard(app, "thu")) == 1


async def test_a_failure_of_the_database_is_not_held_against_the_message(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = await program(database)
    await say(app, "lan", "nhập")
    with monkeypatch.context() as broken:

        def lost(*_: object) -> None:
            raise DatabaseUnavailable("lost")

        broken.setattr(inbox, "finish", lost)
        phones(app).say("lan", "66,5", app.clock.now())
        for _ in range(MAX_ATTEMPTS + 1):
            with pytest.raises(DatabaseUnavailable):
                await drain(app)
    assert await rows(database, "SELECT attempts FROM inbox WHERE status = 'waiting'") == [{"attempts": 0}]
    await drain(app)
    assert heard(app, "lan")[-1].startswith("✅ Đã ghi 66,5 %")
    assert await rows(database, "SELECT COUNT(*) AS n FROM submissions") == [{"n": 1}]


async def test_a_program_leaves_the_chats_of_channels_it_does_not_serve_alone(database: Database) -> None:
    app = await program(database)
    beside = App(database, app.calendar, app.clock)  # as `dondoc run` beside `dondoc console`
    await receiver.record(app, [phones(app).say("lan", "nhập", app.clock.now())])
    phones(app).waiting()
    assert not await work_one(beside)
    await drain(app)
    assert heard(app, "lan")[-1]
    phones(app).say("lan", "[Bỏ qua]", app.clock.now())  # the buttons that only this program knows how to show


async def test_without_messages_there_is_no_work(database: Database) -> None:
    assert not await work_one(await program(database, "chua_co_gi"))


async def test_a_turn_whose_ground_has_shifted_is_done_anew(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    handle = dispatch.handle
    shifts = iter([True])

    async def handle_on_shifting_ground(turn: Turn) -> None:
        await handle(turn)
        if turn.received.message.text == "66,5" and next(shifts, False):
            turn.tx.expect("UPDATE people SET name = name WHERE id = -1")

    monkeypatch.setattr(dispatch, "handle", handle_on_shifting_ground)
    app = await program(database)
    await say(app, "lan", "nhập")
    await say(app, "lan", "66,5")
    assert await rows(database, "SELECT value FROM submissions") == []
    clock(app).move(timedelta(minutes=1))
    await drain(app)
    assert await rows(database, "SELECT value FROM submissions") == [{"value": "66.5"}]


async def test_whoever_waits_long_sees_that_their_message_is_worked_on(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = asyncio.Event()

    class Watched(Simulator):
        async def show_working(self, address: Address) -> None:
            assert address.id == "lan"
            seen.set()

    async def handle_slowly(turn: Turn) -> None:
        await asyncio.wait_for(seen.wait(), 5)

    monkeypatch.setattr(worker, "WORKING_AFTER", 0.001)
    monkeypatch.setattr(dispatch, "handle", handle_slowly)
    app = await program(database)
    app.channels = [Watched()]
    await say(app, "lan", "nhập")
    assert seen.is_set()
