"""dondoc console."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bot.app import App
from bot.channels.console import ConsoleScreen
from bot.channels.simulator import Simulator
from bot.cli.common import shown_url, with_database
from bot.cli.terminal import write
from bot.clock import MovableClock
from bot.config import Settings
from bot.console import Console, show
from storage import plans
from storage.database import Database


def run(config: Path | None, name: str) -> None:
    """Talk as `name` on the database of the settings until the input ends."""

    async def work(settings: Settings, database: Database) -> None:
        store = settings.received.store()
        simulator = Simulator(folder=store.folder)
        clock = MovableClock(datetime.now(UTC), running=True)
        screen = ConsoleScreen(simulator, write, {})
        app = App(database, settings.work_calendar(), clock, [simulator], files=store)
        console = Console(app, clock, simulator, screen)
        async with database.transaction() as tx:
            show("start", database=shown_url(settings.storage.url), empty=not await plans.any_stored(tx))
        await console.take_phone(name)
        await console.run()

    try:
        with_database(config, work)
    except KeyboardInterrupt:
        write("\n")
    show("goodbye")
