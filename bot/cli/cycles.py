"""dondoc plan cycle: how often a commune's plans are reported on, and changing it."""

from __future__ import annotations

from pathlib import Path

from bot.cli.common import with_database
from bot.cli.communes import find_commune
from bot.cli.terminal import say
from bot.clock import Clock
from bot.complaint import Complaint
from bot.config import Settings
from domain.cycles import Cycle, UnknownCycle, read_cycle
from handlers.cycles import change_cycle
from storage import plans
from storage.database import Database


def named_cycle(words: str) -> Cycle | None:
    """Return the cycle that was typed; raises `Complaint` for words that name none."""
    try:
        return read_cycle(words)
    except UnknownCycle as error:
        raise Complaint("cycle_unknown", words=words) from error


def run(config: Path | None, commune: str, cycle: str | None, number: int | None, province: str | None) -> None:
    """List the plans with their cycles; with `cycle` given, report on the plan in that one from now on."""
    wanted = named_cycle(cycle) if cycle is not None else None

    async def work(settings: Settings, database: Database) -> None:
        now = Clock().now()
        async with database.transaction() as tx:
            unit = await find_commune(tx, commune, province)
            known = await plans.of_unit(tx, unit.id)
            fitting = [plan for plan in known if number in (None, plan.id)]
            if cycle is None or len(fitting) != 1:
                changed = None
            else:
                changed = await change_cycle(tx, unit.id, fitting[0].id, wanted, settings.work_calendar(), now)
        if cycle is not None and changed is None:
            raise Complaint("cycle_which", unit=unit.name, plans=known)
        if changed is None:
            say("cycles", unit=unit.name, plans=known)
        else:
            say("cycle_changed", unit=unit.name, plan=fitting[0], cycle=wanted, changed=changed)

    with_database(config, work)
