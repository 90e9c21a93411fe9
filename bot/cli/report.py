"""dondoc report."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from bot.cli.asked_for import find_indicator, find_period
from bot.cli.common import with_database
from bot.cli.communes import find_commune, find_province
from bot.cli.terminal import say
from bot.clock import Clock
from bot.complaint import Complaint
from bot.config import Settings
from domain.model import Unit
from handlers import pictures
from handlers.documents import Format, build, file_name, missing
from handlers.summaries import Summary, summary_of
from storage import plans
from storage.database import Database
from storage.reports import ReportedPlan


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of which commune (or province, for a picture), what kind of document, and of which of its parts."""

    place: str
    province: str | None
    kind: str
    period: str | None = None
    indicator: str | None = None
    plan: str | None = None


def run(config: Path | None, wanted: Wanted, out: Path | None, template: Path | None) -> None:
    """Write one document into a file, which is replaced where it is there."""
    name: Format | None = next((each for each in get_args(Format) if each == wanted.kind), None)
    if name is None:
        raise Complaint("report_format", name=wanted.kind, known=get_args(Format))
    if lacking := missing(name):
        raise Complaint("report_parts", libraries=lacking)
    if wanted.indicator is not None and name != "png":
        raise Complaint("report_indicator_png")
    data = _template(template)

    async def work(settings: Settings, database: Database) -> None:
        async with database.transaction() as tx:
            province = await find_province(tx, wanted.place)
        if province is None:
            await _of_commune(settings, database, wanted, name, out, data)
        elif name == "png":
            await _of_province(settings, database, province, out)
        else:
            raise Complaint("report_of_province", unit=province)

    with_database(config, work)


async def _of_commune(
    settings: Settings, database: Database, wanted: Wanted, name: Format, out: Path | None, template: bytes | None
) -> None:
    calendar, now = settings.work_calendar(), Clock().now()
    async with database.transaction() as tx:
        unit = await find_commune(tx, wanted.place, wanted.province)
        period = await find_period(tx, unit, wanted.period, calendar.today(now))
        summary = await summary_of(tx, unit, now, calendar, period)
        if not summary.report.rows:
            raise Complaint("report_no_plan", name=unit.name)
        plan = _plan(summary, wanted.plan) if name == "appendix" else summary.plans[0]
        source = await plans.source(tx, plan.id)
    if wanted.indicator is not None:
        row = find_indicator(summary, wanted.indicator)
        history = pictures.history_of(summary, row, calendar)
        if history is None:
            raise Complaint("report_no_history", row=row)
        await _draw(history, out or Path(file_name("history", unit.name, summary.at, ".png")), row.name)
        return
    made = await asyncio.to_thread(build, name, summary, source, template, plan.id)
    path = out or Path(file_name(name, unit.name, summary.at, made.suffix))
    _write(path, made.data)
    say("report_written", path=path, summary=summary, other=out is not None and out.suffix != made.suffix,
        suffix=made.suffix)  # fmt: skip


async def _of_province(settings: Settings, database: Database, province: Unit, out: Path | None) -> None:
    calendar = settings.work_calendar()
    async with database.transaction() as tx:
        found = await pictures.map_of(tx, None, province.id, Clock().now(), calendar)
    if found is None:
        raise Complaint("report_no_plan", name=province.name)
    await _draw(found, out or Path(file_name("map", province.name, found.at, ".png")), province.name)


async def _draw(picture: pictures.History | pictures.Map, path: Path, words: str) -> None:
    _write(path, await asyncio.to_thread(pictures.draw, picture))
    say("picture_written", path=path, words=words)


def _plan(summary: Summary, typed: str | None) -> ReportedPlan:
    """Return the plan whose appendix is wanted; raises `Complaint` where it is not clear which."""
    found = [each for each in summary.plans if typed is None or (each.number or "").casefold() == typed.casefold()]
    if len(found) != 1:
        raise Complaint("report_which_plan", unit=summary.unit, plans=summary.plans)
    return found[0]


def _template(path: Path | None) -> bytes | None:
    if path is None:
        return None
    try:
        return path.read_bytes()
    except OSError as error:
        raise Complaint("file_unreadable", path=path) from error


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise Complaint("report_unwritable", path=path) from error
