"""A messenger's limits are kept before it has to remind us of them."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.app import App
from bot.channels.base import SendError
from bot.channels.simulator import Simulator
from bot.pacing import BURST, LONGEST_STOP, Pace
from bot.sender import Sender
from domain.messages import Address, Outgoing
from storage import outbox
from storage.database import Database
from tests.bot.stage import heard, program, rows

LAN, HOA, GROUP = (Address("simulator", name) for name in ("lan", "hoa", "-5"))


class Strict(Simulator):
    """A messenger that takes ten messages a second, and one a second from each, every three from a group."""

    sends_a_second = 10.0
    seconds = 1.0

    def spacing(self, address: Address) -> timedelta:
        return timedelta(seconds=self.seconds * (3 if address.id.startswith("-") else 1))


class Watch:
    """A clock that is moved by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def pace(watch: Watch) -> Pace:
    return Pace(Strict(), watch)


@pytest.mark.parametrize(("to", "spacing"), [(LAN, 1), (GROUP, 3)])
def test_after_a_short_burst_messages_to_one_recipient_are_spaced(
    pace: Pace, watch: Watch, to: Address, spacing: int
) -> None:
    for _ in range(BURST):
        assert pace.take(to) == timedelta(0)
    assert pace.take(to) == timedelta(seconds=spacing)
    assert pace.take(HOA) == timedelta(0), "nobody else waits for that"
    for _ in range(5):
        watch.now += spacing
        assert pace.take(to) == timedelta(0)
        assert pace.take(to) == timedelta(seconds=spacing)


@pytest.mark.parametrize(("rate", "at_once"), [(10.0, 1), (25.0, 2), (1000.0, 32)])
def test_no_more_than_so_many_a_second_go_out_in_all(watch: Watch, rate: float, at_once: int) -> None:
    strict = Strict()
    strict.sends_a_second = rate
    pace = Pace(strict, watch)
    assert pace.room(32) == at_once
    sent = _send_for_a_second(pace, watch)
    assert rate <= sent <= rate * 1.1 + 1, "the first second is no exception"
    assert pace.until_room() <= 1 / rate
    watch.now += 60
    assert pace.room(32) == at_once, "what was not used is not saved up"


def _send_for_a_second(pace: Pace, watch: Watch) -> int:
    sent = 0
    for _ in range(1001):
        for _ in range(pace.room(32)):
            pace.take(Address("simulator", str(sent)))
            sent += 1
        watch.now += 0.001
    return sent


def test_two_recipients_refused_in_a_row_stop_everything_for_as_long_as_asked(pace: Pace, watch: Watch) -> None:
    for _ in range(5):
        pace.refused(LAN, timedelta(seconds=7))
    assert pace.room(1) == 1, "it is about one chat, however often that is tried"
    pace.went()
    pace.refused(HOA, timedelta(seconds=7))
    assert pace.room(1) == 1
    pace.refused(LAN, timedelta(seconds=7))
    assert pace.room(1) == 0
    assert pace.until_room() == pytest.approx(7)
    watch.now += 7
    assert pace.room(1) == 1
    pace.refused(HOA, timedelta(hours=5))
    watch.now += LONGEST_STOP
    assert pace.room(1) == 1, "somebody has to find out whether it is still meant"


def test_recipients_that_may_be_written_to_again_are_forgotten(watch: Watch) -> None:
    pace = Pace(Strict(), watch)
    for number in range(5000):
        pace.take(Address("simulator", str(number)))
        watch.now += 1.5
    assert len(pace._ready_at) <= 1001


def test_a_channel_without_limits_is_not_held_back(watch: Watch) -> None:
    pace = Pace(Simulator(), watch)
    assert pace.room(1000) == 1000
    assert all(pace.take(LAN) == timedelta(0) for _ in range(1000))
    assert pace.until_room() == 0


async def until_sent(app: App, number: int) -> None:
    """Send until so many messages have arrived."""
    [channel] = app.channels
    assert isinstance(channel, Simulator)
    done = asyncio.Event()
    channel.listener = lambda _: done.set() if len(channel.heard) >= number else None
    sending = asyncio.create_task(Sender(app, channel).send())
    async with asyncio.timeout(20):
        await done.wait()
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)


async def test_what_is_held_back_waits_in_the_database_and_in_order(database: Database) -> None:
    app = await program(database, "chua_co_gi")
    strict = Strict()
    strict.seconds = 0.02
    app.channels = [strict]
    app.clock = type(app.clock)(app.clock.now(), running=True)  # type: ignore[call-arg]
    async with database.transaction() as tx:
        for number in range(BURST + 4):
            outbox.add(tx, LAN, Outgoing(str(number)), app.clock.now())
    await until_sent(app, BURST + 4)
    assert heard(app, "lan") == [str(number) for number in range(BURST + 4)]
    assert await rows(database, "SELECT status, failures FROM outbox GROUP BY status, failures") == [
        {"status": "sent", "failures": 0}
    ]


async def test_a_group_that_became_another_sort_of_group_is_written_to_where_it_is_now(database: Database) -> None:
    app = await program(database, "chua_co_gi")
    [channel] = app.channels
    assert isinstance(channel, Simulator)

    def moved(address: Address, _: Outgoing) -> None:
        if address.id == "-5":
            raise SendError("moved", "400", moved_to="-1005")

    channel.failure = moved
    async with database.transaction() as tx:
        for text in ("a", "b"):
            outbox.add(tx, GROUP, Outgoing(text), app.clock.now())
    await until_sent(app, 2)
    assert heard(app, "-1005") == ["a", "b"]
    assert await rows(database, "SELECT DISTINCT recipient, status FROM outbox") == [
        {"recipient": "-1005", "status": "sent"}
    ]
    assert len(await rows(database, "SELECT 1 FROM audit WHERE action = 'address.moved'")) == 1


async def test_what_is_held_back_has_not_failed_however_old_it_is(database: Database) -> None:
    app = await program(database, "chua_co_gi")
    strict = Strict()
    strict.seconds = 0.02
    app.channels = [strict]
    async with database.transaction() as tx:
        for number in range(BURST + 3):
            outbox.add(tx, LAN, Outgoing(str(number)), app.clock.now() - timedelta(hours=2))
    app.clock = type(app.clock)(app.clock.now(), running=True)  # type: ignore[call-arg]
    await until_sent(app, BURST + 3)
    assert heard(app, "lan") == [str(number) for number in range(BURST + 3)]
