"""The bell. It holds no state: every ring asks the database what is due, so a missed one loses nothing."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.app import App
from bot.dead_man import ping
from bot.failures import where
from handlers import reminders
from storage import bells
from storage.duties import DueUnit
from storage.errors import DatabaseUnavailable, NotADatabase, Outdated

RING_EVERY = 30  # seconds
_log = logging.getLogger("dondoc.bell")


async def remind_one(app: App) -> bool:
    """Remind of what is due in one commune; False when nothing is due anywhere.

    A commune that cannot be reminded is passed over until the next opening, and never holds up another.
    """
    now = app.clock.now()
    unit: DueUnit | None = None
    try:
        async with app.database.transaction() as tx:
            unit = await reminders.claim(tx, now, app.calendar)
            if unit is None:
                return False
            await reminders.remind(tx, now, app.calendar, app.capabilities, unit)
    except (DatabaseUnavailable, NotADatabase):
        raise  # the database failed, not the commune
    except Outdated:
        return True  # somebody there was sent a digest about another commune just now: done anew, they are left out
    except Exception as error:
        if unit is None:
            raise
        _log.exception("commune %d: %s", unit.unit_id, where(error), exc_info=False)
        async with app.database.transaction() as tx:
            reminders.pass_over(tx, now, app.calendar, unit, where(error))
    app.outbox_changed.set()
    return True


async def ring(app: App) -> int:
    """Remind of everything that is due now, a commune at a time; return of how many communes."""
    communes = 0
    while await remind_one(app):
        app.pulse.beat("bell")  # a morning on which thousands are to be reminded takes its time
        communes += 1
    return communes


async def listen(app: App) -> None:
    """Ring whenever the bell sounds, until cancelled; the first time at once, so that a restart catches up.

    APScheduler only sounds: were it to run the ring itself, a stop would leave a transaction open behind it.
    """
    sounded = asyncio.Event()
    bell = _start_bell(sounded)
    try:
        while True:
            await sounded.wait()
            sounded.clear()
            app.pulse.beat("bell")
            await ring(app)
            if app.ping_url:
                await ping(app.ping_url)
            async with app.database.transaction() as tx:
                bells.rang(tx, app.clock.now())
    finally:
        bell.shutdown(wait=False)


async def _sound(sounded: asyncio.Event) -> None:
    sounded.set()


def _start_bell(sounded: asyncio.Event) -> AsyncIOScheduler:
    """Start setting `sounded` every `RING_EVERY` seconds; the caller shuts the bell down.

    It runs in UTC: APScheduler stalls or doubles around changes of summer time in other zones. A late ring is
    never dropped (its default drops one that is a second late) and late rings are one.
    """
    bell = AsyncIOScheduler(timezone=UTC)
    bell.add_job(
        _sound,
        "interval",
        args=(sounded,),
        seconds=RING_EVERY,
        misfire_grace_time=None,
        coalesce=True,
        max_instances=1,
        next_run_time=datetime.now(UTC),
    )
    bell.start()
    return bell
