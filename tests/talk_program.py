"""The program of a settings file, run for a talk: in this process, or in one of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Protocol
from unittest import mock

from bot import scheduler
from bot.app import App
from bot.cli.run import program
from bot.clock import MovableClock
from bot.config import load
from bot.running import serve
from storage import duties, files, inbox, outbox
from storage.database import Database, Transaction

ROOT = Path(__file__).parent.parent
LONGEST = 20.0  # seconds for anything there is to do after one line of a talk
SOON = timedelta(minutes=10)


class Program(Protocol):
    """A program that serves a talk."""

    async def start(self) -> None:
        """Start it, at the instant of the talk's clock."""

    async def end(self, *, killed: bool) -> None:
        """End it as a service manager does, or with SIGKILL where it has a process of its own."""

    async def ring(self) -> None:
        """Bring it to the instant of the talk's clock, and return once all that is due then has been reminded of."""

    async def settled(self) -> None:
        """Return once nothing it has received waits for an answer, and nothing to be sent."""


class Watched(Database):
    """A database that sets `changed` after each transaction."""

    def __init__(self, inner: Database) -> None:
        self.engine = inner.engine
        self.inner = inner
        self.changed = asyncio.Event()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        async with self.inner.transaction() as tx:
            yield tx
        self.changed.set()

    async def close(self) -> None:
        await self.inner.close()


class Here:
    """The program in this process: all that `dondoc run` runs, by a clock that stands still.

    As time stands still, nobody waits to read, messages to one person need no distance, and the bell sounds only when
    it is rung.
    """

    def __init__(self, config: Path, clock: MovableClock) -> None:
        self._config = config
        self._clock = clock
        self.app: App

    async def start(self) -> None:
        self._opened = AsyncExitStack()
        self._stop = asyncio.Event()
        self.app = await self._opened.enter_async_context(
            program(load(self._config), self._clock, timedelta(0), timedelta(0))
        )
        self._opened.enter_context(mock.patch.object(scheduler, "RING_EVERY", 24 * 3600))
        self._database = self.app.database = Watched(self.app.database)
        for channel in self.app.channels:
            channel.spacing = lambda _: timedelta(0)
        self.serving = asyncio.create_task(serve(self.app, self._stop))

    async def end(self, *, killed: bool = False) -> None:
        self._stop.set()
        try:
            await self.serving
        finally:
            await self._opened.aclose()

    async def ring(self) -> None:
        await scheduler.ring(self.app)
        await self._until_not(self._ringing)  # a ring of its own may be under way, as at the start

    async def settled(self) -> None:
        await self._until_not(self._working)

    async def _until_not(self, busy) -> None:
        async with asyncio.timeout(LONGEST):
            while True:
                self._database.changed.clear()
                async with self._database.inner.transaction() as tx:
                    if not await busy(tx):
                        return
                changed = asyncio.create_task(self._database.changed.wait())
                await asyncio.wait([changed, self.serving], return_when=asyncio.FIRST_COMPLETED)
                if self.serving.done():
                    self.serving.result()
                    raise RuntimeError("the program ended")

    async def _ringing(self, tx: Transaction) -> bool:
        now = self._clock.now()
        bell = await duties.next_bell(tx)
        return bell is not None and bell <= now and self.app.calendar.is_open(now)

    async def _working(self, tx: Transaction) -> bool:
        soon = self._clock.now() + SOON
        names = [channel.name for channel in self.app.channels]  # what is received leads to what is sent
        # A file fetched is heard of in the inbox: looked at once only, it could slip through between two looks.
        looks = (inbox.next_due, files.next_due, inbox.next_due, files.next_due, inbox.next_due, outbox.next_due)
        due = [await look(tx, name) for look in looks for name in names]
        return any(at is not None and at <= soon for at in due)  # what waits for office hours is not waited for


class Nursery:
    """Where programs begin as processes of their own: `python -m tests.talk_process`, which forks."""

    def __init__(self) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("DONDOC_")}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.talk_process"], cwd=ROOT, env=environment, stdin=subprocess.PIPE
        )

    def start(self, *words: object) -> None:
        """Start a program; see `tests.talk_process` for what it needs to know."""
        assert self._process.stdin
        self._process.stdin.write(("\t".join(map(str, words)) + "\n").encode())
        self._process.stdin.flush()

    def close(self) -> None:
        """Start no more programs."""
        self._process.communicate()


class Apart:
    """The program as a process of its own, which does what it is told over a connection on the loopback interface."""

    def __init__(self, nursery: Nursery, config: Path, clock: MovableClock) -> None:
        self._nursery = nursery
        self._config = config
        self._clock = clock
        self._log = config.with_name("stderr.txt")
        self._pid = 0

    @property
    def complaints(self) -> str:
        """What was written to standard error since the first start."""
        return self._log.read_text(encoding="utf-8") if self._log.exists() else ""

    async def start(self) -> None:
        arrived: asyncio.Future[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Future()
        server = await asyncio.start_server(lambda *streams: arrived.set_result(streams), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        self._nursery.start(self._config, self._clock.now().isoformat(), port, self._log)
        try:
            self._reader, self._writer = await asyncio.wait_for(arrived, LONGEST)
        finally:
            server.close()
        self._pid = int(await self._told())

    async def end(self, *, killed: bool = False) -> None:
        if self._pid and not self._reader.at_eof():
            os.kill(self._pid, signal.SIGKILL if killed else signal.SIGTERM)
            async with asyncio.timeout(LONGEST):
                with suppress(ConnectionError):
                    await self._reader.read()  # until it is gone
            self._pid = 0
        self._writer.close()

    async def ring(self) -> None:
        await self._ask(f"ring {self._clock.now().isoformat()}")

    async def settled(self) -> None:
        await self._ask("settled")

    async def _ask(self, what: str) -> None:
        self._writer.write(f"{what}\n".encode())
        assert await self._told() == what

    async def _told(self) -> str:
        async with asyncio.timeout(LONGEST):
            line = (await self._reader.readline()).decode().rstrip()
        if not line:
            raise RuntimeError(f"the program ended: {self.complaints}")
        return line
