"""The house a scripted month is played in: a database, a messenger, a page, and a program that can be started."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path

from storage.database import connect
from storage.migrate import migrate
from tests.botapi import BotApi
from tests.crash.bot import Start
from tests.crash.month import FIRST, Month, opening
from tests.crash.nursery import Nursery
from tests.crash.page import Page


@asynccontextmanager
async def house(
    url: str, folder: Path, seed: int, last: date, *, spaced: bool = False, telegram: str = ""
) -> AsyncIterator[tuple[Month, Nursery]]:
    """Open all of it, with plans and invitations in the database and nobody started; `telegram` is more settings."""
    database = await connect(url)
    try:
        await migrate(database)
        async with BotApi(seed=seed) as api:
            config = folder / "config.toml"
            config.write_text(
                f'[storage]\nurl = "{url}"\n[log]\nlevel = "warning"\n'
                f'[telegram]\napi_base_url = "{api.url}"\n{telegram}\n'
            )
            page = Page(folder / "page", opening(FIRST) - timedelta(hours=1))
            month = Month(api, database, page, seed, last)
            await month.settle()
            start = Start(str(config), str(folder / "page"), str(folder / "log.txt"), spaced=spaced)
            async with Nursery(start, api.token) as bot:
                yield month, bot
    finally:
        await database.close()
