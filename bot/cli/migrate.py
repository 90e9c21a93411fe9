"""dondoc migrate."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.cli.common import database_complaint
from bot.cli.terminal import say
from bot.config import load
from storage.database import connect
from storage.errors import StorageError
from storage.migrate import migrate


def run(config: Path | None) -> None:
    """Apply the missing migrations and say which."""
    asyncio.run(_run(config))


async def _run(config: Path | None) -> None:
    settings = load(config)
    try:
        database = await connect(settings.storage.url)
        try:
            say("migrated", applied=await migrate(database))
        finally:
            await database.close()
    except StorageError as error:
        raise database_complaint(error) from error
