"""Run the loops of a program side by side, and never let one die without the others knowing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from bot import keeper, receiver, scheduler, worker
from bot.app import App
from bot.channels.base import ChannelUnusable
from bot.failures import where
from bot.fetcher import Fetcher
from bot.sender import Sender
from domain.messages import Incoming

PAUSE = 1.0  # seconds after a failure of the database, doubled up to LONGEST_PAUSE
LONGEST_PAUSE = 30.0
LONGEST_SILENCE = 180.0  # seconds without a sign of life of a loop; longer than any pause, and any wait for a database
_log = logging.getLogger("dondoc")


async def serve(app: App, stop: asyncio.Event) -> None:
    """Receive, work, fetch, send and ring until `stop` is set. What is unfinished then is in the database, as always.

    Raises `ChannelUnusable` when a channel cannot go on until a person has put something right.
    """

    async def record(messages: Sequence[Incoming]) -> None:
        await receiver.record(app, messages)

    loops: dict[str, Callable[[], Awaitable[object]]] = {"bell": partial(scheduler.listen, app)}
    loops["worker"] = partial(worker.work, app)
    loops["keeper"] = partial(keeper.keep, app)
    loops["fetcher"] = Fetcher(app).run
    for channel in app.channels:
        loops[f"{channel.name} sender"] = Sender(app, channel).send
        loops[f"{channel.name} receiver"] = partial(channel.receive, record)
    running = [asyncio.create_task(_forever(name, loop, app.pulse.beat)) for name, loop in loops.items()]
    by_channel = {f"{channel.name} receiver": channel.longest_silence for channel in app.channels}
    for name in loops:
        if (silence := by_channel.get(name, LONGEST_SILENCE)) is not None:
            app.pulse.expect(name, silence)
    stopping = asyncio.create_task(stop.wait())
    try:
        done, _ = await asyncio.wait([stopping, *running], return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()  # raises what no loop can go on from
    finally:
        for task in (stopping, *running):
            task.cancel()
        await asyncio.gather(stopping, *running, return_exceptions=True)


async def _forever(name: str, loop: Callable[[], Awaitable[object]], beat: Callable[[str], None]) -> None:
    pause = PAUSE
    while True:
        started = asyncio.get_running_loop().time()
        try:
            await loop()
            _log.error("%s ended by itself", name)
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise  # we are told to stop
            _log.error("%s was cancelled from inside: %s", name, where(error))
        except ChannelUnusable:
            raise
        except Exception as error:
            _log.exception("%s failed: %s", name, where(error), exc_info=False)
        beat(name)
        if asyncio.get_running_loop().time() - started > LONGEST_PAUSE:
            pause = PAUSE
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)
