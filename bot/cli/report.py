"""dondoc report."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import get_args

from bot.cli.common import with_database
from bot.cli.communes import find_commune
from bot.cli.terminal import say
from bot.clock import Clock
from bot.complaint import Complaint
from bot.config import Settings
from handlers.documents import Format, build, file_name, missing
from handlers.summaries import summary_of
from storage import plans
from storage.database import Database


def run(
    config: Path | None,
    commune: str,
    province: str | None,
    kind: str,
    out: Path | None,
    template: Path | None,
) -> None:
    """Write one document of a commune into a file, which is replaced where it is there."""
    name: Format | None = next((each for each in get_args(Format) if each == kind), None)
    if name is None:
        raise Complaint("report_format", name=kind, known=get_args(Format))
    if lacking := missing(name):
        raise Complaint("report_parts", libraries=lacking)
    data = _template(template)

    async def work(settings: Settings, database: Database) -> None:
        calendar = settings.calendar.calendar()
        async with database.transaction() as tx:
            unit = await find_commune(tx, commune, province)
            summary = await summary_of(tx, unit, Clock().now(), calendar)
            source = await plans.source(tx, summary.plans[0].id) if summary.plans else None
        if not summary.report.rows:
            raise Complaint("report_no_plan", name=unit.name)
        made = await asyncio.to_thread(build, name, summary, source, data)
        path = out or Path(file_name(name, unit.name, summary.at, made.suffix))
        _write(path, made.data)
        say("report_written", path=path, summary=summary, other=out is not None and out.suffix != made.suffix,
            suffix=made.suffix)  # fmt: skip

    with_database(config, work)


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
