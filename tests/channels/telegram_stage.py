"""A Telegram channel to try things on: no pauses to speak of, a record in memory, a server on the loopback."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from bot.channels.telegram import Pauses, Secret, Telegram, TelegramOptions
from domain.messages import Address, Incoming
from tests.botapi import BotApi
from tests.botapi.people import Person


async def brief(seconds: float) -> None:
    """Wait for as long as asked, but not as long as all that."""
    await asyncio.sleep(min(seconds, 0.002))


BRIEF = Pauses(first=0.001, longest=0.004, token=0.005, look=0.01, sleep=brief)


class Book:
    """What was recorded. `failures` is how often recording fails first; `refuses` is what can never be recorded."""

    def __init__(self) -> None:
        self.messages: list[Incoming] = []
        self.batches: list[list[Incoming]] = []
        self.failures = 0
        self.attempts = 0
        self.refuses: Callable[[Incoming], bool] = lambda _: False
        self._changed = asyncio.Event()

    async def __call__(self, messages: Sequence[Incoming]) -> None:
        """Record, each message once, as the real one does."""
        self.attempts += 1
        self._changed.set()
        if self.failures:
            self.failures -= 1
            raise RuntimeError("the database is away")
        if any(self.refuses(message) for message in messages):
            raise ValueError("this cannot be stored")
        await asyncio.sleep(0)
        known = {message.external_id for message in self.messages}
        new = [message for message in messages if message.external_id not in known]
        self.messages.extend(new)
        if messages:
            self.batches.append(list(messages))
        self._changed.set()

    @property
    def texts(self) -> list[str]:
        """The texts recorded, the oldest first."""
        return [message.text for message in self.messages]

    async def holds(self, messages: int) -> None:
        """Wait until so many messages are recorded."""
        await self.until(lambda book: len(book.messages) >= messages)

    async def until(self, is_so: Callable[[Book], Any], seconds: float = 10.0) -> None:
        """Wait until something is so."""
        async with asyncio.timeout(seconds):
            while not is_so(self):
                self._changed.clear()
                await self._changed.wait()


async def eventually(is_so: Callable[[], Any], seconds: float = 10.0) -> None:
    """Wait until something is so of which nobody tells us."""
    async with asyncio.timeout(seconds):
        while not is_so():  # noqa: ASYNC110
            await asyncio.sleep(0.001)


def telegram(api: BotApi | str, token: str = "", **more: Any) -> Telegram:
    """Return the channel of the first bot of a server, or of a server at an address."""
    url = api if isinstance(api, str) else api.url
    secret = Secret(token or (api.token if isinstance(api, BotApi) else "123456:" + "A" * 35))
    of_channel = {name: more.pop(name) for name in ("menu", "description", "progress", "routes", "now") if name in more}
    return Telegram(TelegramOptions(secret, url, **more), pauses=BRIEF, **of_channel)


@asynccontextmanager
async def receiving(channel: Telegram, book: Book) -> AsyncIterator[asyncio.Task[None]]:
    """Let a channel receive; what ends it early fails the test."""
    task = asyncio.create_task(channel.receive(book))
    try:
        yield task
        if task.done():
            task.result()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await channel.close()


def at(person: Person | int) -> Address:
    """Return where a person, or a group, is reached."""
    return Address("telegram", str(person if isinstance(person, int) else person.id))
