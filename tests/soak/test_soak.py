"""Twenty chats that go on talking while everything goes wrong between the program and the messenger.

DONDOC_SOAK_MINUTES says for how long (`make soak`: 30), half of it on each engine; DONDOC_SOAK_SEED repeats a run.
"""

from __future__ import annotations

import asyncio
import os
import random
import socket
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from time import monotonic

import pytest

from storage import duties
from storage.values import read_instant
from tests.crash.chats import Silent
from tests.crash.house import house
from tests.crash.ledger import rows_of
from tests.crash.month import FIRST, Month, opening, working_days
from tests.crash.nursery import Nursery
from tests.soak.desk import Desk
from tests.soak.proof import failed_digests, prove
from tests.soak.talkers import IN_HASTE, READING, Gate, Talker, watch
from tests.soak.weather import Weather

SECONDS = float(os.environ.get("DONDOC_SOAK_MINUTES", "0.15")) * 60 / 2
AT_LEISURE = SECONDS >= 60  # else neither people nor the program wait as they would in life
DAY = min(20.0, SECONDS / 2)  # seconds of bad weather; then comes a calm night
WARM_UP = 0.25  # of the whole; memory is compared with what it was then
MOST_GROWTH = 20 * 1024  # kilobytes
MOST_SOCKETS = 80  # 64 to the messenger, one or more to the database, the webhook's
MOST_TASKS = 150
NIGHT = 120.0  # seconds, for what is slow by day is still on its way for half a minute
LAST = date(2027, 12, 31)
_UNSENT = "SELECT id, kind, status, not_before, failures, reason FROM outbox WHERE status IN ('queued', 'sending')"


class Health:
    """Looks at the program once a second."""

    def __init__(self, bot: Nursery, month: Month) -> None:
        self._bot = bot
        self._month = month
        self.memory: list[int] = []
        self.sockets: list[int] = []
        self.tasks: list[int] = []

    async def watch(self) -> None:
        """Look, until cancelled."""
        while True:
            self.memory.append(self._bot.memory())
            self.sockets.append(self._bot.sockets())
            self.tasks.append(self._month.page.tasks())
            await asyncio.sleep(min(1.0, SECONDS / 20))

    def prove(self) -> str:
        """Assert that nothing has grown without bound, and return what was seen."""
        warm = int(len(self.memory) * WARM_UP)
        growth = max(self.memory[warm:]) - self.memory[warm]
        text = (
            f"memory {self.memory[warm] // 1024} + {growth / 1024:.1f} MB,"
            f" at most {max(self.sockets)} sockets and {max(self.tasks)} tasks"
        )
        assert growth < MOST_GROWTH, text
        assert max(self.sockets) < MOST_SOCKETS, text
        assert max(self.tasks) < MOST_TASKS, text
        return text


class Soak:
    """Days of bad weather, nights in which all is done that is left to do."""

    def __init__(self, month: Month, seed: int) -> None:
        self.done: Counter[str] = Counter()
        self.expected: dict[date, set[int]] = {}
        self._month = month
        self._days = working_days(FIRST, LAST)
        self._today = next(self._days)
        self._gate = Gate()
        self._weather = Weather(month.api, random.Random(seed), self.done)

    async def join(self) -> None:
        """Let everybody join, while all is well."""
        self._month.page.move_to(opening(self._today))
        for watcher in self._month.watchers:
            await watcher.join()
        async with asyncio.TaskGroup() as tasks:
            for officer in self._month.officers:
                tasks.create_task(officer.join())
        await self._month.rest()

    async def run(self) -> None:
        """Let days and nights pass until the time is up; the last morning is a calm one."""
        if AT_LEISURE:
            self._month.api.enforce_limits()
        until = monotonic() + SECONDS
        async with self._everybody():
            while monotonic() < until:
                raging = asyncio.create_task(self._weather.rage(DAY))
                await self._wake_up()
                self._gate.open()
                await raging
                self._gate.close()
                await self._gate.quiet()
                await self._sleep()
        await self._wake_up()
        await self._sleep()
        async with asyncio.TaskGroup() as tasks:  # all loops are alive: who asks is answered
            for officer in self._month.officers:
                tasks.create_task(officer.chat.say("/help", "/help: hướng dẫn này"))
        await self._sleep()

    @asynccontextmanager
    async def _everybody(self) -> AsyncIterator[None]:
        desk = Desk(self._month.api, self._month.database)
        reading = READING if AT_LEISURE else IN_HASTE
        async with asyncio.TaskGroup() as tasks:
            acts = [Talker(officer, desk, self._gate, self.done, reading).talk() for officer in self._month.officers]
            acts += [watch(watcher, desk, self._gate, self.done, reading) for watcher in self._month.watchers]
            running = [tasks.create_task(act) for act in (desk.look(), *acts)]
            yield
            for task in running:
                task.cancel()

    async def _wake_up(self) -> None:
        """Let the next day begin, know who is to be reminded on it, and wait for the bell: who blocks us is not."""
        yesterday, self._today = self._today, next(self._days)
        again = await failed_digests(self._month.database, yesterday)
        self.expected[self._today] = {
            officer.chat.person.id
            for officer in self._month.officers
            if officer.owes(self._today, self._month.calendar)
            or (officer.chat.person.id in again and any(line.status != "reported" for line in officer.lines))
        }
        self._month.page.move_to(opening(self._today))
        self.done["days"] += 1
        async with asyncio.timeout(NIGHT):
            while await self._is_ringing():  # noqa: ASYNC110
                await asyncio.sleep(0.05)

    async def _is_ringing(self) -> bool:
        async with self._month.database.transaction() as tx:
            bell = await duties.next_bell(tx)
        return bell is not None and bell <= self._month.page.now()

    async def _sleep(self) -> None:
        """Let what waits for its time be done: the clock goes on to it, until nothing is left."""
        left = ""
        try:
            async with asyncio.timeout(NIGHT):
                while left := await self._month.left():
                    await self._go_on()
                    await asyncio.sleep(0.05)
        except TimeoutError:
            unsent = [tuple(row) for row in await rows_of(self._month.database, _UNSENT)]
            raise Silent(f"{left}; unsent: {unsent}") from None

    async def _go_on(self) -> None:
        """Move the clock to the next try of what was not sent; not while something is on its way, or its lease ends."""
        rows = await rows_of(self._month.database, _UNSENT)
        if rows and all(row["status"] == "queued" for row in rows):
            self._month.page.move_to(min(read_instant(row["not_before"]) for row in rows))


def free_port() -> int:
    """Return a port nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.mark.slow
@pytest.mark.parametrize(("engine", "mode"), [("sqlite", "polling"), ("postgres", "webhook")], indirect=["engine"])
async def test_nothing_is_lost_in_bad_weather(
    bare_url: str, mode: str, engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    seed = int(os.environ.get("DONDOC_SOAK_SEED") or random.SystemRandom().randrange(10**6))
    print(f"seed {seed}")
    telegram = ""
    if mode == "webhook":
        port = free_port()
        telegram = f'mode = "webhook"\nwebhook_url = "http://127.0.0.1:{port}"\nlisten_port = {port}\n'
    async with house(bare_url, tmp_path, seed, LAST, spaced=AT_LEISURE, telegram=telegram) as (month, bot):
        await bot.start()
        soak, health = Soak(month, seed), Health(bot, month)
        watching = asyncio.create_task(health.watch())
        try:
            await soak.join()
            await soak.run()
        finally:
            print(bot.log())
            watching.cancel()
        text = health.prove()
        repeated = await prove(month, soak.expected)
        bot.stop()
        assert await bot.ended() == 0
        assert "ended by itself" not in bot.log()
        done = ", ".join(f"{name} {count}" for name, count in sorted(soak.done.items()))
        reminders = sum(map(len, soak.expected.values()))
        text = f"{engine}, {mode}: {text}; {reminders} reminders, {repeated} messages shown twice; seed {seed} ({done})"
        request.node.user_properties.append(("soak", text))
        print(text)
