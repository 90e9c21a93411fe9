"""The loops of a running program: a failure pauses one of them, and a stop leaves everything in the database."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot import receiver, running, worker
from bot.app import App
from bot.channels.base import ChannelUnusable, Record
from bot.channels.simulator import Simulator
from bot.rehearsal import drain
from bot.watchdog import Pulse
from domain.messages import Address, Incoming
from storage.database import Database
from tests.bot.stage import clock, heard, phones, program, rows
from tests.cast import MONDAY

BACKLOG = 300


async def test_a_stop_with_a_backlog_is_quick_and_loses_nothing(database: Database) -> None:
    app = await program(database)
    people = [Address("simulator", f"khach{n}") for n in range(BACKLOG)]
    await receiver.record(app, [Incoming(who, who.id, MONDAY, "xin chào") for who in people])
    stop = asyncio.Event()
    phones(app).listener = lambda _: stop.set()  # the very first answer stops the program in the middle of it
    async with asyncio.timeout(5):
        await running.serve(app, stop)
    states = {row["status"] for row in await rows(database, "SELECT DISTINCT status FROM inbox")}
    assert states == {"done", "waiting"}
    clock(app).move(timedelta(minutes=2))  # past the lease of what was being sent
    phones(app).listener = None
    await drain(app)
    assert await rows(database, "SELECT COUNT(*) AS n FROM inbox WHERE status <> 'done'") == [{"n": 0}]
    counts = sorted(len(heard(app, who.id)) for who in people)
    assert counts[0] == 1
    assert counts[-2] == 1, "only what was being sent at the stop may come twice"


@pytest.mark.parametrize("how", ["raises", "returns", "is cancelled from inside"])
async def test_a_loop_that_ends_is_started_again_and_named(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    monkeypatch.setattr(running, "PAUSE", 0.001)
    again = asyncio.Event()
    times = 0

    async def loop() -> None:
        nonlocal times
        times += 1
        if times > 3:
            again.set()
            await asyncio.Event().wait()
        if how == "raises":
            raise ValueError("0912 345 678")
        if how != "returns":
            raise asyncio.CancelledError

    task = asyncio.create_task(running._forever("worker", loop, lambda _: None))
    async with asyncio.timeout(5):
        await again.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert caplog.text.count("worker ") == 3
    assert "0912" not in caplog.text


async def test_a_worker_whose_database_is_away_for_a_while_goes_on_by_itself(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = await program(database)
    monkeypatch.setattr(running, "PAUSE", 0.001)
    work: Callable[[App], Awaitable[None]] = worker.work
    failures = 2

    async def away(app: App) -> None:
        nonlocal failures
        if failures:
            failures -= 1
            raise ConnectionError
        await work(app)

    monkeypatch.setattr(worker, "work", away)
    stop = asyncio.Event()
    phones(app).listener = lambda _: stop.set()
    phones(app).say("lan", "/help", app.clock.now())
    async with asyncio.timeout(5):
        await running.serve(app, stop)
    assert failures == 0


class Refused(Simulator):
    """A messenger that does not know us."""

    async def receive(self, record: Record) -> None:
        raise ChannelUnusable(self.name, "token")


async def test_a_channel_that_nobody_but_a_person_can_mend_ends_the_program(database: Database) -> None:
    app = await program(database)
    app.channels = [Refused()]
    async with asyncio.timeout(5):
        with pytest.raises(ChannelUnusable, match="token"):
            await running.serve(app, asyncio.Event())


async def test_every_loop_gives_signs_of_life(database: Database) -> None:
    app = await program(database)
    await receiver.record(app, [Incoming(Address("simulator", "lan"), "1", MONDAY, "xin chào")])
    stop = asyncio.Event()
    phones(app).listener = lambda _: stop.set()
    now = 0.0
    app.pulse = Pulse(lambda: now)
    async with asyncio.timeout(5):
        await running.serve(app, stop)
    now = running.LONGEST_SILENCE + 1
    assert set(app.pulse.silent()) == {"bell", "keeper", "fetcher", "worker", "simulator sender"}
