"""The bell holds no state: one that fails rings again, and two at once remind once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot import running, scheduler
from bot.app import App
from bot.channels.simulator import Simulator
from bot.rehearsal import drain, travel
from domain.messages import Address
from handlers import digests
from handlers.digests import Digest
from storage import conversations, duties
from storage.database import Database, connect
from storage.duties import DueUnit
from storage.errors import DatabaseUnavailable
from tests.bot.stage import clock, heard, phones, program, rows, say
from tests.golden import situations


async def test_a_bell_that_fails_rings_again(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    app = await program(database)
    monkeypatch.setattr(running, "PAUSE", 0.001)
    remind = scheduler.remind_one
    failures = 2

    async def fail(*arguments: Any) -> bool:
        nonlocal failures
        if failures:
            failures -= 1
            raise ValueError("66,5 của chị Lan")
        return await remind(*arguments)

    monkeypatch.setattr(scheduler, "remind_one", fail)
    stop = asyncio.Event()
    phones(app).listener = lambda _: stop.set()
    async with asyncio.timeout(10):
        await running.serve(app, stop)
    assert caplog.text.count("bell failed") == 2
    assert "chị Lan" not in caplog.text
    assert len(heard(app, "lan")) == 1


async def test_a_commune_that_cannot_be_reminded_holds_up_no_other(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    app = await program(database)
    async with database.transaction() as tx:
        second = await situations._import(tx, "xã Ba Đình", situations._KINDS.encode(), app.clock.now())
        await situations._join(tx, "hoa", "officer", second, "Phòng Kinh tế", app.clock.now())
    make = digests.make_digest

    def fail(mine: Any, unit: DueUnit, *rest: Any) -> Digest:
        if unit.unit_name == "xã Vũ Dương":
            raise KeyError("66,5 của chị Lan")
        return make(mine, unit, *rest)

    with monkeypatch.context() as broken:
        broken.setattr(digests, "make_digest", fail)
        assert await scheduler.ring(app) == 2
    await drain(app)
    assert (len(heard(app, "hoa")), len(heard(app, "lan"))) == (1, 0)
    [noted] = await rows(database, "SELECT subject, detail FROM audit WHERE action = 'reminder.failed'")
    assert "KeyError" in noted["detail"]
    assert "chị Lan" not in caplog.text + noted["detail"]
    await travel(app, clock(app), app.calendar.next_opening(app.clock.now()))
    assert len(heard(app, "lan")) == 1, "it is tried again at the next opening"


async def test_a_failure_of_the_database_is_not_held_against_the_commune(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = await program(database)

    def lost(*_: object) -> None:
        raise DatabaseUnavailable("lost")

    with monkeypatch.context() as broken:
        broken.setattr(digests, "make_digest", lost)
        with pytest.raises(DatabaseUnavailable):
            await scheduler.ring(app)
    assert await scheduler.ring(app) == 1


async def test_a_bell_and_an_officers_turn_take_their_locks_in_one_order(postgres_url: str) -> None:
    database = await connect(postgres_url)
    app = await program(database)
    await say(app, "lan", "nhập")
    [duty] = await rows(
        database,
        "SELECT d.id FROM duties d JOIN memberships m ON m.agency_id = d.agency_id WHERE d.due_on = '2026-11-30'",
    )
    held = asyncio.Event()

    async def turn() -> None:
        async with database.transaction() as tx:
            duties.hold(tx, duty["id"])
            await tx.one("SELECT 1")
            held.set()
            await waits_for_a_lock(database)
            conversations.save(tx, Address("simulator", "lan"), None, None, None, app.clock.now())

    async def bell() -> None:
        await held.wait()
        await scheduler.ring(app)

    try:
        async with asyncio.timeout(20):
            await asyncio.gather(turn(), bell())
    finally:
        await database.close()


async def waits_for_a_lock(database: Database) -> None:
    """Return once some transaction waits for the lock of another."""
    while not await rows(database, "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"):
        pass


async def test_two_bells_at_once_send_one_digest(database: Database, database_url: str) -> None:
    app = await program(database, "tinh_ninh_binh")
    others = [await connect(database_url) for _ in range(3)]
    bells = [app, *(App(other, app.calendar, app.clock, [Simulator()]) for other in others)]
    try:
        await asyncio.gather(*(scheduler.ring(bell) for bell in bells))
        assert await rows(database, "SELECT COUNT(*) AS n FROM outbox WHERE recipient = 'lan'") == [{"n": 1}]
    finally:
        for other in others:
            await other.close()


async def test_the_bell_sounds_at_once_and_then_again_and_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = await program(database, "chua_co_gi")
    rung = asyncio.Event()
    times = 0

    async def ring(_: App) -> int:
        nonlocal times
        times += 1
        if times == 3:
            rung.set()
        return 0

    monkeypatch.setattr(scheduler, "ring", ring)
    monkeypatch.setattr(scheduler, "RING_EVERY", 0.01)
    bell = asyncio.create_task(scheduler.listen(app))
    async with asyncio.timeout(10):
        await rung.wait()
    bell.cancel()
    with pytest.raises(asyncio.CancelledError):
        await bell


async def test_nobody_is_written_to_outside_office_hours(database: Database) -> None:
    app = await program(database)
    shut = replace(app.calendar, days_off=frozenset({app.calendar.today(app.clock.now())}))
    assert await scheduler.ring(App(database, shut, app.clock, app.channels)) == 0
