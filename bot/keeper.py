"""Deletes, at night, the messages that have been kept for long enough, and evidence that nobody has placed."""

from __future__ import annotations

import asyncio

from bot.app import App
from storage import retention

LOOK_EVERY = 60.0  # seconds
PAUSE = 0.05  # seconds between two chunks: nobody who writes at night waits for all of them


async def forget(app: App) -> int:
    """Delete what is old enough, a chunk at a time; return how many messages and pieces of evidence that were."""
    now = app.clock.now()
    before = now - app.keep_messages
    found = 0
    for table in retention.TABLES:
        after: int | None = 0
        while after is not None:
            async with app.database.transaction() as tx:
                chunk = await retention.forget(tx, table, before, after)
            found, after = found + chunk.count, chunk.after
            await _pause(app)
    while True:
        async with app.database.transaction() as tx:
            count = await retention.forget_unplaced(tx, before, now)
        if not count:
            return found
        found += count
        app.files_changed.set()
        await _pause(app)


async def _pause(app: App) -> None:
    app.pulse.beat("keeper")
    await asyncio.sleep(PAUSE)


async def keep(app: App) -> None:
    """Delete what is old once a day, outside the hours in which people are reminded, until cancelled."""
    done_on = None
    while True:
        app.pulse.beat("keeper")
        now = app.clock.now()
        if app.calendar.today(now) != done_on and not app.calendar.is_open(now):
            await forget(app)
            done_on = app.calendar.today(now)
        await asyncio.sleep(LOOK_EVERY)
