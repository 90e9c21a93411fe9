"""The bell. It holds no state: every ring asks the database what is due, so a missed one loses nothing."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.app import App
from bot.failures import where
from handlers.reminders import remind_one

RING_EVERY = 30  # seconds
_log = logging.getLogger("dondoc.scheduler")


async def ring(app: App) -> int:
    """Remind of everything that is due now, a commune at a time; return of how many communes."""
    communes = 0
    while True:
        async with app.database.transaction() as tx:
            if not await remind_one(tx, app.clock.now(), app.calendar, app.capabilities):
                return communes
        communes += 1
        app.outbox_changed.set()


async def _ring_safely(app: App) -> None:
    try:
        await ring(app)
    except Exception as error:  # the next ring tries again; what is due stays due
        _log.exception("the bell failed: %s", where(error), exc_info=False)


def start_bell(app: App) -> AsyncIOScheduler:
    """Start ringing every `RING_EVERY` seconds, at once for the first time; the caller shuts it down.

    It runs in UTC: APScheduler stalls or doubles around changes of summer time in other zones. A late ring is
    never dropped (its default drops one that is a second late) and late rings are one.
    """
    bell = AsyncIOScheduler(timezone=UTC)
    bell.add_job(
        _ring_safely,
        "interval",
        args=(app,),
        seconds=RING_EVERY,
        misfire_grace_time=None,
        coalesce=True,
        max_instances=1,
        next_run_time=datetime.now(UTC),
    )
    bell.start()
    return bell
