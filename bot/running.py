"""Run the loops of a program side by side, and never let one die without the others knowing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from bot import receiver, scheduler, worker
from bot.app import App
from bot.failures import where
from bot.sender import Sender
from domain.messages import Incoming

PAUSE = 1.0  # seconds after a failure of the database, doubled up to LONGEST_PAUSE
LONGEST_PAUSE = 30.0
_log = logging.getLogger("dondoc")


async def serve(app: App, stop: asyncio.Event) -> None:
    """Receive, work, send and ring until `stop` is set. What is unfinished then is in the database, as always."""

    async def record(messages: Sequence[Incoming]) -> None:
        await receiver.record(app, messages)

    loops = [
        asyncio.create_task(_forever("bell", partial(scheduler.listen, app))),
        asyncio.create_task(_forever("worker", partial(worker.work, app))),
    ]
    for channel in app.channels:
        loops.append(asyncio.create_task(_forever(f"{channel.name} sender", Sender(app, channel).send)))
        loops.append(asyncio.create_task(_forever(f"{channel.name} receiver", partial(channel.receive, record))))
    try:
        await stop.wait()
    finally:
        for loop in loops:
            loop.cancel()
        await asyncio.gather(*loops, return_exceptions=True)


async def _forever(name: str, loop: Callable[[], Awaitable[None]]) -> None:
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
        except Exception as error:
            _log.exception("%s failed: %s", name, where(error), exc_info=False)
        if asyncio.get_running_loop().time() - started > LONGEST_PAUSE:
            pause = PAUSE
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)
