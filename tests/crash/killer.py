"""Whoever kills the program: at a named hop, or anywhere, and starts it again at once."""

from __future__ import annotations

import asyncio
import random
import signal
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from itertools import cycle

from storage.outbox import LEASE
from tests.botapi import BotApi
from tests.crash.nursery import Nursery
from tests.crash.page import Page
from tests.crash.traps import HOPS, OUTSIDE

RANDOM = "random"
LATE = "late"  # it had been decided to let the program live, but it was just too late
MORNING = ("reminding", "reminded")  # hops that come only while a day's reminders are made
# Leases of the one before have ended when the next one starts: the clock is moved instead of waiting for them.
BETWEEN_STARTS = LEASE + timedelta(seconds=1)
FOREVER = 1e6
LONGEST_LIFE = 0.15  # seconds; what is to be done meanwhile is a handful of messages


def kinds() -> Iterator[str]:
    """Yield hops without end: every other one is no hop, but any moment."""
    named = [hop for hop in (*HOPS, *OUTSIDE) if hop not in ("migrating", *MORNING)]
    for hop in cycle(named):
        yield hop
        yield RANDOM


class Killer:
    """Keeps a program running, and kills it as often as told.

    `lives` says at which event of the messenger each start was, the first too; `deaths` what each died of.
    """

    def __init__(self, bot: Nursery, api: BotApi, page: Page, chance: random.Random) -> None:
        self.lives: list[int] = []
        self.deaths: list[str] = []
        self._bot = bot
        self._api = api
        self._page = page
        self._chance = chance
        self._kinds = kinds()
        self._mornings = cycle(MORNING)
        self._waiting: deque[str] = deque()
        self._armed = ""
        self._outside: asyncio.Task[None] | None = None
        self._ending = False
        self._grave = asyncio.Event()

    async def keep(self) -> None:
        """Start the program, and start it again whenever it was killed, until `end`."""
        while not self._ending:
            await self._bot.start()
            if self._ending:
                self._bot.stop()  # told to end while there was no program to be told
            self.lives.append(len(self._api.events))
            self._arm()
            status = await self._bot.ended()
            if self._ending:
                break
            assert status == -signal.SIGKILL, f"ended with {status}: {self._bot.log()}"
            self.deaths.append(self._armed or LATE)
            self._grave.set()
            self._armed = ""
            self._page.move(BETWEEN_STARTS)

    def kill(self, times: int, reminders: bool) -> None:
        """Kill so often from now on; the first time, where there are reminders, while they are made."""
        while len(self._waiting) < times:
            morning = reminders and not self._waiting
            self._waiting.append(next(self._mornings if morning else self._kinds))
        if not self._armed:
            self._arm()

    def relent(self) -> None:
        """Kill no more for now."""
        self._waiting.clear()
        self._armed = ""
        self._page.disarm()
        if self._outside:
            self._outside.cancel()

    async def kill_idle(self) -> None:
        """Kill once more, though there is nothing to do."""
        await asyncio.sleep(self._chance.uniform(0, LONGEST_LIFE))
        died = len(self.deaths)
        while len(self.deaths) == died:  # it may be dying of something else just now, and not be there to be killed
            self._grave.clear()
            self._armed = RANDOM
            self._bot.kill()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._grave.wait(), 1.0)

    def end(self) -> None:
        """Let the program end as a service manager does."""
        self._ending = True
        self._bot.stop()

    def _arm(self) -> None:
        if self._outside:
            self._outside.cancel()
            self._outside = None
        self._armed = self._waiting.popleft() if self._waiting else ""
        if self._armed == RANDOM or self._armed in OUTSIDE:
            self._page.disarm()
            self._outside = asyncio.create_task(self._kill_from_outside(self._armed))
        elif self._armed:
            self._page.arm(self._armed, 1 if self._armed in MORNING else self._chance.randint(1, 3))

    async def _kill_from_outside(self, kind: str) -> None:
        """Kill at any moment, or at one that only the messenger sees."""
        seen, polls = len(self._api.events), self._api.calls["getUpdates"]
        if kind == RANDOM:
            if self._chance.random() < 0.8:  # most are let live until they have begun to work
                await self._api.until(lambda: self._api.calls["getUpdates"] > polls, FOREVER)
            await asyncio.sleep(self._chance.uniform(0, LONGEST_LIFE))
        elif kind == "given":
            await self._api.until(lambda: any(e.kind in ("said", "pressed") for e in self._api.events[seen:]), FOREVER)
            await asyncio.sleep(self._chance.uniform(0, 0.003))
        else:
            # The answer is held back, so that the program cannot know what became of the message.
            held = self._api.faults.add("delay", method="sendMessage", seconds=1, after=True)
            try:
                await self._api.until(lambda: any(e.kind == "sent" for e in self._api.events[seen:]), FOREVER)
            finally:
                self._api.faults.active.remove(held)
        self._bot.kill()
