"""Run the program by hand: until nothing is left to do, or through days in a moment. For demo, console and tests."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot import receiver, scheduler
from bot.app import App
from bot.channels.simulator import Simulator
from bot.clock import MovableClock
from bot.fetcher import fetch_one
from bot.sender import send_one
from bot.worker import work_one
from storage import duties


async def drain(app: App) -> None:
    """Receive, work, fetch and send until nothing is ready any more."""
    busy = True
    while busy:
        busy = False
        for channel in app.channels:
            if isinstance(channel, Simulator) and (messages := channel.waiting()):
                await receiver.record(app, messages)
        while await work_one(app) or await fetch_one(app):
            busy = True
        for channel in app.channels:
            while await send_one(app, channel):
                busy = True


async def travel(
    app: App,
    clock: MovableClock,
    to: datetime,
    ring: Callable[[App], Awaitable[int]] = scheduler.ring,
    work: Callable[[App], Awaitable[None]] = drain,
) -> None:
    """Let time pass until `to`: every reminder on the way goes out at its own instant, as in a running program.

    `ring` and `work` are for a program that runs beside this one: how it is made to remind, and waited for.
    """
    while True:
        async with app.database.transaction() as tx:
            bell = await duties.next_bell(tx)
        if bell is None:
            break
        at = app.calendar.open_from(max(bell, clock.now()))
        if at > to:
            break
        clock.move_to(at)
        if not await ring(app):
            clock.move(timedelta(seconds=scheduler.RING_EVERY))  # another process is at it
        await work(app)
    clock.move_to(to)
    await ring(app)
    await work(app)
