"""dondoc run."""

from __future__ import annotations

import asyncio
import signal
from datetime import timedelta
from pathlib import Path

from bot import logs
from bot.app import App
from bot.cli.common import opened
from bot.cli.terminal import say
from bot.config import Settings, load
from bot.running import serve

READING_TIME = timedelta(seconds=1)  # nobody reads a question and types its answer sooner


def run(config: Path | None) -> None:
    """Run until told to stop (Ctrl-C or SIGTERM)."""
    settings = load(config)
    logs.set_up(settings.log.level)
    asyncio.run(_run(settings))


async def _run(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with opened(settings) as database:
        app = App(database, settings.calendar.calendar(), reading_time=READING_TIME)
        say("ready", engine=database.engine, channels=[channel.name for channel in app.channels])
        await serve(app, stop)
    say("stopped")
