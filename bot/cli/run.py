"""dondoc run."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

from bot import logs
from bot.app import App
from bot.channels.base import ChannelUnusable
from bot.cli import first_admin
from bot.cli.channels import channel_complaint, channels
from bot.cli.common import opened
from bot.cli.stopping import told_to_stop
from bot.cli.terminal import say
from bot.clock import Clock
from bot.config import Settings, load
from bot.lookups import wait_for_no_thread
from bot.running import serve
from bot.watchdog import Pulse, Watchdog

ALBUM_GAP = timedelta(seconds=1)  # the files of an album come as messages of their own, one right after the other
READING_TIME = timedelta(seconds=1)  # nobody reads a question and types its answer sooner


def run(config: Path | None) -> None:
    """Run until told to stop (Ctrl-C or SIGTERM)."""
    settings = load(config)
    logs.set_up(settings.log.level)
    asyncio.run(_run(settings))


@asynccontextmanager
async def program(
    settings: Settings,
    clock: Clock | None = None,
    reading_time: timedelta = READING_TIME,
    album_gap: timedelta = ALBUM_GAP,
) -> AsyncIterator[App]:
    """Join what the settings ask for to a program, and close all of it in the end."""
    clock = clock or Clock()
    async with opened(settings) as database, AsyncExitStack() as closing:
        pulse = Pulse()
        ways = channels(settings, pulse, clock)
        for channel in ways:
            closing.push_async_callback(channel.close)
        keep = timedelta(days=settings.storage.keep_messages_days)
        calendar, files = settings.work_calendar(), settings.received.store()
        yield App(
            database,
            calendar,
            clock,
            ways,
            reading_time,
            keep,
            pulse=pulse,
            files=files,
            album_gap=album_gap,
            ping_url=settings.health.ping_url,
        )


async def _run(settings: Settings) -> None:
    wait_for_no_thread()
    stop = told_to_stop()
    async with program(settings) as app:
        say("ready", engine=app.database.engine, channels=[channel.name for channel in app.channels])
        await first_admin.offer(settings, app.database, app.clock.now())
        gc.freeze()  # what the program is made of stays: the collector need not look through it again and again
        with Watchdog(app.pulse):
            try:
                await serve(app, stop)
            except ChannelUnusable as error:
                raise channel_complaint(error) from error
    say("stopped", at_once=False)
