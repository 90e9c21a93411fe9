"""dondoc reminders preview: what will go to whom, when and why, by the rule that sends it; nothing is sent."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bot.cli.common import with_database
from bot.cli.communes import find_commune
from bot.cli.terminal import say
from bot.clock import Clock
from bot.complaint import Complaint
from bot.config import Settings
from domain.deadlines import parse_day
from handlers.schedules import by_day, schedule_of
from storage import units
from storage.database import Database


def preview(config: Path | None, until: str, commune: str | None, province: str | None) -> None:
    """Print the reminders to come in a commune, or in each of them, up to a day."""
    last = _day(until)

    async def work(settings: Settings, database: Database) -> None:
        calendar, now = settings.work_calendar(), Clock().now()
        async with database.transaction() as tx:
            everywhere = await units.communes(tx)
            chosen = everywhere if commune is None else [await find_commune(tx, commune, province)]
        if not chosen:
            raise Complaint("commune_unknown", name="", known=[], places=[])
        for unit in chosen:
            async with database.transaction() as tx:
                entries = await schedule_of(tx, unit.id, now, last, calendar)
            say("preview", unit=unit, until=last, days=by_day(entries), count=len(entries))

    with_database(config, work)


def _day(typed: str) -> date:
    """Return the day typed as 31/12/2026 or 2026-12-31; raises `Complaint` for anything else."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        found = parse_day(typed)
    if found is None:
        raise Complaint("day_unclear", typed=typed)
    return found
