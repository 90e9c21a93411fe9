"""What became of a send decides what is done next: again later, never again, or not to this address at all."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot import receiver, sender
from bot.app import App
from bot.channels.base import SendError
from bot.channels.simulator import Simulator
from bot.rehearsal import drain
from bot.sender import Sender, send_one
from bot.worker import work_one
from domain.delivery import PATIENCE, SendOutcome
from domain.messages import Address, Attachment, Outgoing
from storage import outbox
from storage.database import Database
from storage.errors import DatabaseUnavailable
from tests.bot.stage import clock, heard, phones, program, rows, say

LAN = Address("simulator", "lan")


def fail(app: App, *errors: Exception) -> None:
    """Let the next sends fail in this way, one after the other."""
    left: Iterator[Exception] = iter(errors)

    def failure(_: Address, __: Outgoing) -> None:
        if (error := next(left, None)) is not None:
            raise error

    phones(app).failure = failure


async def queue(app: App, *texts: str) -> None:
    async with app.database.transaction() as tx:
        for text in texts:
            outbox.add(tx, LAN, Outgoing(text), app.clock.now())


async def send_all(app: App) -> int:
    sent = 0
    while await send_one(app, phones(app)):
        sent += 1
    return sent


async def state(app: App) -> list[tuple[str, str, int]]:
    found = await rows(app.database, "SELECT payload, status, attempts FROM outbox ORDER BY id")
    return [(row["payload"][9:10], row["status"], row["attempts"]) for row in found]


async def due(app: App) -> datetime | None:
    async with app.database.transaction() as tx:
        return await outbox.next_due(tx, "simulator")


async def test_what_was_not_sent_is_sent_again_after_growing_waits_until_it_is_too_old(database: Database) -> None:
    app = await program(database)
    start = app.clock.now()
    await queue(app, "a", "b")
    fail(app, *[SendError("not_sent", "timeout")] * 100)
    waits = []
    while app.clock.now() < start + PATIENCE:
        assert await send_all(app) == 1, "the second message waits behind the first"
        at = await due(app)
        assert at is not None
        waits.append((at - app.clock.now()).total_seconds())
        clock(app).move_to(at)
    assert waits[:-1] == sorted(waits[:-1])
    assert waits[0] < max(waits) <= 60
    assert app.clock.now() == start + PATIENCE
    fail(app, SendError("not_sent", "timeout"))
    await send_all(app)
    assert [(text, status) for text, status, _ in await state(app)] == [("a", "failed"), ("b", "sent")]


async def test_what_may_have_arrived_is_not_sent_twice(database: Database) -> None:
    app = await program(database)
    await queue(app, "a", "b")
    fail(app, SendError("ambiguous", "timeout"))
    await send_all(app)
    assert await state(app) == [("a", "failed", 1), ("b", "sent", 1)]
    clock(app).move(timedelta(hours=1))
    assert await send_all(app) == 0


async def test_an_error_nobody_foresaw_counts_as_perhaps_arrived(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    app = await program(database)
    await queue(app, "a", "b")
    fail(app, RuntimeError("https://messenger.example/bot123:token/send"))
    await send_all(app)
    assert await state(app) == [("a", "failed", 1), ("b", "sent", 1)]
    [row] = await rows(database, "SELECT reason FROM outbox WHERE status = 'failed'")
    assert row["reason"] == "ambiguous: RuntimeError"
    assert "token" not in caplog.text


async def test_the_messenger_is_given_the_time_it_asks_for(database: Database) -> None:
    app = await program(database)
    await queue(app, "a")
    fail(app, SendError("not_sent", "429", retry_after=timedelta(seconds=90)))
    await send_all(app)
    assert await due(app) == app.clock.now() + timedelta(seconds=90)
    clock(app).move(timedelta(seconds=89))
    assert await send_all(app) == 0
    clock(app).move(timedelta(seconds=1))
    await send_all(app)
    assert heard(app, "lan") == ["a"]


async def test_time_the_messenger_asks_for_is_no_failure(database: Database) -> None:
    app = await program(database)
    await queue(app, "a")
    fail(app, *[SendError("not_sent", "429", retry_after=timedelta(seconds=9))] * 20, SendError("not_sent", "timeout"))
    for _ in range(20):
        await send_all(app)
        clock(app).move(timedelta(seconds=9))
    await send_all(app)
    assert await due(app) == app.clock.now() + timedelta(seconds=2)


async def test_somebody_who_blocked_us_is_left_in_peace(database: Database) -> None:
    app = await program(database)
    await queue(app, "a", "b", "c")
    fail(app, SendError("blocked", "403"))
    assert await send_all(app) == 1
    assert await state(app) == [("a", "failed", 1), ("b", "failed", 0), ("c", "failed", 0)]
    assert await rows(database, "SELECT status FROM addresses WHERE external_id = 'lan'") == [{"status": "unreachable"}]
    assert len(await rows(database, "SELECT 1 FROM audit WHERE action = 'address.unreachable'")) == 1


@pytest.mark.parametrize("outcome", ["refused", "ambiguous"])
async def test_a_message_that_is_not_taken_fails_alone(database: Database, outcome: SendOutcome) -> None:
    app = await program(database)
    await queue(app, "a", "b")
    fail(app, SendError(outcome, "400"))
    await send_all(app)
    assert await state(app) == [("a", "failed", 1), ("b", "sent", 1)]
    assert await rows(database, "SELECT status FROM addresses WHERE external_id = 'lan'") == [{"status": "reachable"}]


async def test_a_sender_that_died_is_taken_over_from_when_its_lease_ends(database: Database) -> None:
    app = await program(database)
    await queue(app, "a")
    async with database.transaction() as tx:
        assert await outbox.claim(tx, "simulator", app.clock.now())
    assert await send_all(app) == 0
    clock(app).move(outbox.LEASE)
    await send_all(app)
    assert await state(app) == [("a", "sent", 2)]


class Slow(Simulator):
    """A messenger that takes its time: nothing arrives before `go` is set."""

    def __init__(self, enough: int) -> None:
        super().__init__()
        self.go = asyncio.Event()
        self.full = asyncio.Event()
        self.under_way: list[str] = []
        self.most = 0
        self._enough = enough

    async def send(self, address: Address, outgoing: Outgoing) -> str:
        self.under_way.append(address.id)
        self.most = max(self.most, len(self.under_way))
        assert len(set(self.under_way)) == len(self.under_way), "two messages to one person at once"
        if len(self.under_way) == self._enough:
            self.full.set()
        await self.go.wait()
        self.under_way.remove(address.id)
        return await super().send(address, outgoing)


async def slow_program(database: Database, people: int, enough: int) -> tuple[App, Slow]:
    app = await program(database, "chua_co_gi")
    slow = Slow(enough)
    app.channels = [slow]
    async with database.transaction() as tx:
        for number in range(2 * people):
            outbox.add(tx, Address("simulator", str(number % people)), Outgoing(f"{number}"), app.clock.now())
    return app, slow


async def test_several_messages_are_under_way_at_once_and_each_persons_in_order(database: Database) -> None:
    app, slow = await slow_program(database, 20, enough=Slow.sends_at_once)
    done = asyncio.Event()
    slow.listener = lambda _: done.set() if len(slow.heard) == 40 else None
    sending = asyncio.create_task(Sender(app, slow).send())
    async with asyncio.timeout(20):
        await slow.full.wait()
        slow.go.set()
        await done.wait()
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    assert slow.most == Slow.sends_at_once
    for number in range(20):
        assert heard(app, str(number)) == [f"{number}", f"{number + 20}"]
    assert {status for _, status, _ in await state(app)} == {"sent"}


async def test_a_stop_lets_what_is_under_way_arrive_and_takes_nothing_new(database: Database) -> None:
    app, slow = await slow_program(database, 3, enough=3)
    sending = asyncio.create_task(Sender(app, slow).send())
    async with asyncio.timeout(20):
        await slow.full.wait()
        sending.cancel()
        slow.go.set()
        await asyncio.gather(sending, return_exceptions=True)
    assert [status for _, status, _ in await state(app)] == ["sent"] * 3 + ["queued"] * 3


async def test_a_stop_does_not_wait_for_ever(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender, "GRACE", 0.01)
    app, slow = await slow_program(database, 3, enough=3)
    sending = asyncio.create_task(Sender(app, slow).send())
    async with asyncio.timeout(20):
        await slow.full.wait()
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
    found = await rows(database, "SELECT status, reason FROM outbox WHERE reason IS NOT NULL OR status <> 'queued'")
    assert [(row["status"], row["reason"]) for row in found] == [("failed", "ambiguous: stopped")] * 3


async def test_a_database_that_fails_under_way_ends_the_loop_with_its_own_error(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, slow = await slow_program(database, 2, enough=2)

    def lost(*_: object) -> None:
        raise DatabaseUnavailable("lost")

    monkeypatch.setattr(outbox, "mark_sent", lost)
    slow.go.set()
    async with asyncio.timeout(20):
        with pytest.raises(DatabaseUnavailable):
            await Sender(app, slow).send()


async def test_a_question_whose_choice_is_pressed_has_arrived_though_nobody_marked_it(database: Database) -> None:
    app = await program(database, "xa_hoa_lu")
    phones(app).say("lan", "nhập", app.clock.now())
    await receiver.record(app, phones(app).waiting())
    await work_one(app)
    async with database.transaction() as tx:
        [leased] = await outbox.claim(tx, "simulator", app.clock.now())  # sent, and its sender died
    await phones(app).send(leased.address, leased.outgoing)
    await say(app, "lan", "[Bỏ qua]")
    assert len(heard(app, "lan")) == 2, "the next question waits for no lease"
    clock(app).move(outbox.LEASE * 2)
    assert await send_all(app) == 0, "the one before is not repeated below it"


async def test_a_choice_that_anybody_may_know_proves_nothing(database: Database) -> None:
    app = await program(database, "xa_hoa_lu")
    await queue(app, "a")
    async with database.transaction() as tx:
        assert await outbox.claim(tx, "simulator", app.clock.now())
    phones(app).press("lan", "go:viec:", app.clock.now())
    await drain(app)
    clock(app).move(outbox.LEASE * 2)
    await send_all(app)
    assert heard(app, "lan")[0] == "a"


async def test_a_message_still_under_way_when_its_lease_ends_is_sent_once(database: Database) -> None:
    app, slow = await slow_program(database, 1, enough=1)
    sending = asyncio.create_task(Sender(app, slow).send())
    async with asyncio.timeout(20):
        await slow.full.wait()
        clock(app).move(outbox.LEASE * 2)  # the clock was put forward, or the machine slept
        while [row["attempts"] for row in await rows(database, "SELECT attempts FROM outbox ORDER BY id")] != [2, 0]:
            app.outbox_changed.set()
            await asyncio.sleep(0.001)
        done = asyncio.Event()
        slow.listener = lambda _: done.set() if len(slow.heard) == 2 else None
        slow.go.set()
        await done.wait()
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    assert heard(app, "0") == ["0", "1"]
    assert {status for _, status, _ in await state(app)} == {"sent"}


async def test_a_database_away_for_a_moment_stops_nothing_that_is_under_way(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, slow = await slow_program(database, 1, enough=1)
    claim = outbox.claim
    sender_ = Sender(app, slow)
    sending = asyncio.create_task(sender_.send())

    async def away(*_: object) -> list[outbox.Leased]:
        raise DatabaseUnavailable("away")

    async with asyncio.timeout(20):
        await slow.full.wait()
        monkeypatch.setattr(outbox, "claim", away)
        app.outbox_changed.set()
        await asyncio.gather(sending, return_exceptions=True)
        monkeypatch.setattr(outbox, "claim", claim)
        again = asyncio.create_task(sender_.send())
        done = asyncio.Event()
        slow.listener = lambda _: done.set() if len(slow.heard) == 2 else None
        slow.go.set()
        await done.wait()
    again.cancel()
    await asyncio.gather(again, return_exceptions=True)
    assert heard(app, "0") == ["0", "1"]


async def test_a_failure_nobody_can_deal_with_holds_nobody_else_up(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = await program(database)
    await queue(app, "a", "b")
    fail(app, SendError("not_sent", "429", retry_after=timedelta.max))

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(sender, "give_up_at", broken)
        assert await send_one(app, phones(app))
    await send_all(app)
    assert [(text, status) for text, status, _ in await state(app)] == [("a", "failed"), ("b", "sent")]


async def test_however_long_a_messenger_asks_for_is_a_time_there_is(database: Database) -> None:
    app = await program(database)
    await queue(app, "a")
    fail(app, SendError("not_sent", "429", retry_after=timedelta.max))
    await send_all(app)
    assert await state(app) == [("a", "queued", 1)]


async def test_no_words_wait_behind_a_menu_that_is_not_taken(database: Database) -> None:
    app = await program(database)
    async with database.transaction() as tx:
        outbox.add(tx, LAN, Outgoing(menu=()), app.clock.now())
        outbox.add(tx, LAN, Outgoing("a"), app.clock.now())
    fail(app, SendError("not_sent", "429", retry_after=timedelta(hours=1)))
    await send_all(app)
    assert heard(app, "lan") == ["a"]


async def test_a_file_whose_lease_cannot_be_extended_is_sent_later(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = await program(database)
    async with database.transaction() as tx:
        outbox.add(tx, LAN, Outgoing("a", attachments=(Attachment("document", "a.docx", "a.docx"),)), app.clock.now())
    extend = outbox.extend

    def away_once(*values: Any) -> None:
        monkeypatch.setattr(outbox, "extend", extend)
        raise DatabaseUnavailable("away")

    monkeypatch.setattr(outbox, "extend", away_once)
    arrived = asyncio.Event()
    phones(app).listener = lambda _: arrived.set()
    sending = asyncio.create_task(Sender(app, phones(app)).send())
    async with asyncio.timeout(20):
        while await due(app) == app.clock.now() or (await state(app))[0][1] == "sending":
            app.outbox_changed.set()
            await asyncio.sleep(0.001)
        clock(app).move(timedelta(minutes=1))
        app.outbox_changed.set()
        await arrived.wait()
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    assert heard(app, "lan") == ["a"]
