"""dondoc status."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.cli.asked_for import find_period
from bot.cli.common import with_database
from bot.cli.communes import find_commune
from bot.cli.terminal import write
from bot.clock import Clock
from bot.complaint import Complaint
from bot.config import Settings
from domain.model import Unit
from domain.periods import WorkCalendar
from domain.status import roll_up
from handlers.render import render
from handlers.summaries import as_json, counts_json, printed, summary_of
from storage import reports, units
from storage.database import Database, Transaction


def run(config: Path | None, commune: str | None, province: str | None, period: str | None, *, as_data: bool) -> None:
    """Print how a commune stands, in one period if given, or all of them where none is named and there are several."""

    async def work(settings: Settings, database: Database) -> None:
        calendar, now = settings.work_calendar(), Clock().now()
        async with database.transaction() as tx:
            everywhere = await units.communes(tx)
            if commune is None and len(everywhere) != 1:
                if period is not None:
                    raise Complaint("period_of_whom")
                found = await _all_of_them(tx, now, calendar, as_data=as_data)
            else:
                unit = everywhere[0] if commune is None else await find_commune(tx, commune, province)
                key = await find_period(tx, unit, period, calendar.today(now))
                found = await _one(tx, unit, now, calendar, key, as_data=as_data)
        write(found + "\n")

    with_database(config, work)


async def _one(
    tx: Transaction, unit: Unit, now: datetime, calendar: WorkCalendar, period: str | None, *, as_data: bool
) -> str:
    summary = await summary_of(tx, unit, now, calendar, period)
    if as_data:
        return _dump(as_json(printed(summary)))
    if not summary.report.rows:
        return render("status/no_plan", unit=unit)
    return render("status/status", summary=summary, today=summary.report.today, calendar=calendar)


async def _all_of_them(tx: Transaction, now: datetime, calendar: WorkCalendar, *, as_data: bool) -> str:
    today = calendar.today(now)
    found = await reports.tallies(tx, None, today)
    rollup = roll_up(tally for tallies in found.values() for tally in tallies)
    if as_data:
        communes = [
            {"name": each.name, "plans": each.plans, **counts_json(each.counts)}
            for each in (*rollup.communes, *rollup.without_plan)
        ]
        return _dump({"at": now.astimezone(calendar.zone).isoformat(timespec="seconds"), "communes": communes,
                      "counts": counts_json(rollup.counts)})  # fmt: skip
    return render("status/many", name="", rollup=rollup, shown=10, at=now.astimezone(calendar.zone))


def _dump(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1)
