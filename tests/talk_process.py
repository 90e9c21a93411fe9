"""Programs of talks as processes of their own: `python -m tests.talk_process` starts one for each line it reads.

A line names the settings, the instant its clock stands at, a port and a file for its standard error, with tabs between.
Each program is a fork: what it needs is imported once, which takes ten times as long as all the rest of a start.

The program connects to the port of 127.0.0.1, says its process id, and repeats each line it is told once that is done:

    ring 2026-11-23T08:00:00+07:00      go to that instant, and remind of all that is due
    settled                             wait until there is nothing left to do

It ends as `dondoc run` does, or when the connection does.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
import traceback
from datetime import datetime
from pathlib import Path

from bot import logs
from bot.channels.telegram import Telegram
from bot.clock import MovableClock
from bot.config import load
from bot.watchdog import Watchdog
from tests.talk_program import Here

__all__ = ["Telegram"]  # the program itself imports it only when it has a token


async def _obey(here: Here, clock: MovableClock, port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"{os.getpid()}\n".encode())
    while line := (await reader.readline()).decode().rstrip():
        verb, _, moment = line.partition(" ")
        if verb == "ring":
            clock.move_to(datetime.fromisoformat(moment))
            await here.ring()
        else:
            await here.settled()
        writer.write(f"{line}\n".encode())


async def _run(config: Path, start: datetime, port: int) -> None:
    logs.set_up(load(config).log.level)
    clock = MovableClock(start)
    here = Here(config, clock)
    await here.start()
    with Watchdog(here.app.pulse):
        obeying = asyncio.create_task(_obey(here, clock, port))
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, obeying.cancel)
        done, _ = await asyncio.wait([obeying, here.serving], return_when=asyncio.FIRST_COMPLETED)
        obeying.cancel()
        await here.end()
    for task in done:
        if not task.cancelled():
            task.result()


def _be(config: str, start: str, port: str, log: str) -> int:
    """Be a program, in a fork; return its exit status."""
    nothing, file = os.open(os.devnull, os.O_RDWR), os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for new, old in ((nothing, 0), (file, 1), (file, 2)):
        os.dup2(new, old)
    try:
        asyncio.run(_run(Path(config), datetime.fromisoformat(start), int(port)))
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def main() -> None:
    """Start programs."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how they ended
    gc.freeze()  # a collection would copy the shared pages of every fork
    for line in sys.stdin:
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            status = _be(*line.rstrip("\n").split("\t"))
            sys.stderr.flush()
            os._exit(status)


if __name__ == "__main__":
    main()
