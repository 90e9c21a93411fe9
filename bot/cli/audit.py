"""dondoc audit."""

from __future__ import annotations

from pathlib import Path

from bot.cli.common import with_database
from bot.cli.communes import find_commune
from bot.cli.terminal import say, write
from bot.config import Settings
from handlers import record
from handlers.render import render
from storage import units
from storage.audit import NO_UNIT
from storage.database import Database
from storage.verification import verify


def run(config: Path | None, commune: str | None, province: str | None, last: int, *, check: bool) -> int:
    """Print the newest lines of the record, or go through all of it; return how many things are wrong."""

    async def show(settings: Settings, database: Database) -> int:
        async with database.transaction() as tx:
            names = await units.names(tx)
            here = [(await find_commune(tx, commune, province)).id] if commune else [NO_UNIT, *names]
            lines = await record.read(tx, here, settings.work_calendar().zone, last)
        write(
            render("audit/lines", lines=lines, units=[names[here[0]]] if commune else list(names.values()), older=False)
            + "\n"
        )
        return 0

    async def look(_: Settings, database: Database) -> int:
        async with database.transaction() as tx:
            found = await verify(tx)
            names = await units.names(tx)
        say("audit_verified", found=found, faults=found.faults, names=names)
        return len(found.faults)

    return with_database(config, look if check else show)
