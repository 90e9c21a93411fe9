"""Whether the bell still rings can be seen from outside: by dondoc check, and by a switch that is no longer pinged."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from aiohttp import web

from bot import scheduler
from bot.cli.check_database import QUIET_FOR, look_at_bell
from bot.dead_man import ping
from storage.database import Database, connect
from tests.bot.stage import program
from tests.cast import MONDAY, ZONE


async def rung(database: Database, ping_url: str = "") -> None:
    """Let the bell of a program ring for a moment."""
    app = await program(database)
    app.ping_url = ping_url
    listening = asyncio.create_task(scheduler.listen(app))
    async with asyncio.timeout(20):
        while True:
            await asyncio.sleep(0.05)
            async with database.transaction() as tx:
                if await tx.one("SELECT rung_at FROM bells"):
                    break
    listening.cancel()
    with suppress(asyncio.CancelledError):
        await listening


async def test_a_bell_silent_for_ten_minutes_is_found_by_check(database_url: str) -> None:
    assert await look_at_bell(database_url, MONDAY, ZONE) is None, "it has never run: nothing is wrong"
    database = await connect(database_url)
    await rung(database)
    await database.close()
    for later, level in ((timedelta(0), "good"), (QUIET_FOR, "good"), (QUIET_FOR * 2, "bad")):
        finding = await look_at_bell(database_url, MONDAY + later, ZONE)
        assert finding is not None
        assert finding.level == level


async def test_nobody_is_looked_for_where_no_database_is(tmp_path: Path) -> None:
    assert await look_at_bell(f"sqlite:///{tmp_path}/none.db", MONDAY, ZONE) is None


async def test_the_switch_is_pinged_after_a_ring_and_its_failure_stops_nothing(sqlite_url: str) -> None:
    pinged = asyncio.Event()

    async def answer(_: web.Request) -> web.Response:
        pinged.set()
        return web.Response()

    server = web.Application()
    server.router.add_get("/alive", answer)
    runner = web.AppRunner(server)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    database = await connect(sqlite_url)
    await rung(database, f"{address}/alive")
    await database.close()
    assert pinged.is_set()
    assert await ping(f"{address}/alive")
    assert not await ping(f"{address}/missing")
    await runner.cleanup()
    assert not await ping(f"{address}/alive")
