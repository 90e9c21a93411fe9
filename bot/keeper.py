"""Deletes, at night, the messages that have been kept for long enough."""

from __future__ import annotations

import asyncio

from bot.app import App
from storage import retention

LOOK_EVERY = 60.0  # seconds
PAUSE = 0.05  # seconds between two chunks: nobody who writes at night waits for all of them


async def forget_one(app: App) -> bool:
    """Delete a chunk of messages; False when none is old enough."""
    async with app.database.transaction() as tx:
        return await retention.forget(tx, app.clock.now() - app.keep_messages) > 0


async def keep(app: App) -> None:
    """Delete what is old once a day, outside the hours in which people are reminded, until cancelled."""
    done_on = None
    while True:
        app.pulse.beat("keeper")
        now = app.clock.now()
        if app.calendar.today(now) != done_on and not app.calendar.is_open(now):
            while await forget_one(app):
                app.pulse.beat("keeper")
                await asyncio.sleep(PAUSE)
            done_on = app.calendar.today(now)
        await asyncio.sleep(LOOK_EVERY)
