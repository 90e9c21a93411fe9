"""The bell holds no state: one that fails rings again, and two at once remind once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot import running, scheduler
from bot.app import App
from bot.channels.simulator import Simulator
from storage.database import Database, connect
from tests.bot.stage import heard, phones, program, rows


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
