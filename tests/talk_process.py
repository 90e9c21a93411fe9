"""The program of a talk as a process of its own: `python -m tests.talk_process SETTINGS INSTANT`.

Its clock stands still at the instant. It says "ready", and then each line of standard input once that is done:

    ring 2026-11-23T08:00:00+07:00      go to that instant, and remind of all that is due
    settled                             wait until there is nothing left to do

It ends as `dondoc run` does, or when standard input ends.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from datetime import datetime
from pathlib import Path

from bot import logs
from bot.clock import MovableClock
from bot.config import load
from bot.watchdog import Watchdog
from tests.talk_program import Here


async def _obey(here: Here, clock: MovableClock) -> None:
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := (await lines.readline()).decode().rstrip():
        verb, _, moment = line.partition(" ")
        if verb == "ring":
            clock.move_to(datetime.fromisoformat(moment))
            await here.ring()
        else:
            await here.settled()
        print(line, flush=True)


async def _run(config: Path, start: datetime) -> None:
    logs.set_up(load(config).log.level)
    clock = MovableClock(start)
    here = Here(config, clock)
    await here.start()
    with Watchdog(here.app.pulse):
        obeying = asyncio.create_task(_obey(here, clock))
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, obeying.cancel)
        print("ready", flush=True)
        done, _ = await asyncio.wait([obeying, here.serving], return_when=asyncio.FIRST_COMPLETED)
        obeying.cancel()
        await here.end()
    for task in done:
        if not task.cancelled():
            task.result()


if __name__ == "__main__":
    asyncio.run(_run(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2])))
