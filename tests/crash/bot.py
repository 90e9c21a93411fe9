"""The program as `dondoc run` puts it together, with the real channel of Telegram, and traps in it.

`python -m tests.crash.bot` reads one line of JSON for each start, forks, and writes the id of the new process, then how
it ended. So the libraries are imported once, and a start takes a tenth of the time: hundreds of kills fit in minutes.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import sys
import traceback
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot import logs, scheduler
from bot.channels.base import Channel, Record
from bot.channels.telegram import Telegram
from bot.cli.run import READING_TIME, program
from bot.config import Settings, load
from bot.running import serve
from bot.watchdog import Watchdog
from domain.messages import Address, Outgoing
from tests.crash.page import Page, PageClock, PageTrap
from tests.crash.traps import Trap, WatchedDatabase

COUNT_EVERY = 0.25  # seconds
__all__ = ["Telegram"]  # imported for the fork's sake: the program imports it only when it has a token


@dataclass(frozen=True, slots=True)
class Start:
    """How to start: settings and page, where complaints go, how often the bell rings, whether people type like people.

    Unless `spaced`, one person may be written to as fast as they read, which is at once, and a question counts as read
    once it was asked.
    """

    config: str
    page: str
    log: str
    ring_every: float = 0.2
    spaced: bool = False


class TrappedChannel(Channel):
    """A channel that tells a trap which hops of the work pass through it."""

    def __init__(self, inner: Channel, trap: Trap, spaced: bool) -> None:
        self.name = inner.name
        self.capabilities = inner.capabilities
        self.sends_at_once = inner.sends_at_once
        self.sends_a_second = inner.sends_a_second
        self.longest_silence = inner.longest_silence
        self._inner = inner
        self._trap = trap
        self._spaced = spaced

    async def receive(self, record: Record) -> None:
        async def recorded(messages: object) -> None:
            await record(messages)  # type: ignore[arg-type]
            if messages:
                self._trap.passed("received")

        await self._inner.receive(recorded)

    async def send(self, address: Address, outgoing: Outgoing) -> str:
        self._trap.passed("leased")
        external_id = await self._inner.send(address, outgoing)
        self._trap.passed("sent")
        return external_id

    def spacing(self, address: Address) -> timedelta:
        return self._inner.spacing(address) if self._spaced else timedelta(0)

    async def show_working(self, address: Address) -> None:
        await self._inner.show_working(address)

    async def close(self) -> None:
        await self._inner.close()


async def _count_tasks(page: Page) -> None:
    while True:
        page.tell_tasks(len(asyncio.all_tasks()))
        await asyncio.sleep(COUNT_EVERY)


async def _run(settings: Settings, page: Page, spaced: bool) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    trap = PageTrap(page)
    async with program(settings, PageClock(page), READING_TIME if spaced else timedelta(0)) as app:
        app.database = WatchedDatabase(app.database, trap)
        app.channels = [TrappedChannel(channel, trap, spaced) for channel in app.channels]
        with Watchdog(app.pulse):
            counting = asyncio.create_task(_count_tasks(page))
            try:
                await serve(app, stop)
            finally:
                counting.cancel()


def run(start: Start) -> None:
    """Run until told to stop, or until killed."""
    scheduler.RING_EVERY = start.ring_every  # type: ignore[assignment]
    settings = load(Path(start.config))
    logs.set_up(settings.log.level)
    asyncio.run(_run(settings, Page(Path(start.page)), start.spaced))


def _born(start: Start) -> int:
    """Be the program; return its exit status."""
    log = os.open(start.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    nothing = os.open(os.devnull, os.O_RDWR)
    for own, kind in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(own, kind)
    try:
        run(start)
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        sys.stderr.flush()
    return 0


def main() -> None:
    """Start one program after the other."""
    gc.freeze()  # a collection would copy the shared pages of every child
    for line in sys.stdin:
        start = Start(**json.loads(line))
        child = os.fork()
        if child == 0:
            os._exit(_born(start))
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
