"""Where the parts are joined: a database, the channels, a clock and the rules people set."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bot.channels.base import Channel
from bot.clock import Clock
from bot.file_store import FileStore
from bot.watchdog import Pulse
from domain.messages import Capabilities
from domain.periods import WorkCalendar
from storage.database import Database


class Signal:
    """Wakes everybody who listens; each by an event of their own, so that none misses what another was woken by."""

    def __init__(self) -> None:
        self._listeners: list[asyncio.Event] = []

    def listen(self) -> asyncio.Event:
        """Return an event that is set at each `set` from now on; whoever waits for it clears it."""
        self._listeners.append(asyncio.Event())
        return self._listeners[-1]

    def set(self) -> None:
        """Wake all listeners."""
        for event in self._listeners:
            event.set()


@dataclass(slots=True)
class App:
    """One running program. It keeps no state of its own: the database is the only memory.

    `reading_time` is how soon after a question nobody can have read it: what arrives sooner, or arrived before, does
    not answer it. None where the people are machines that know what they will be asked. `keep_messages` is how long
    messages are kept once they are done with.

    `album_gap` is how far apart the files of an album may reach us, and still be answered as one.

    `inbox_changed`, `outbox_changed` and `files_changed` only save waiting: whoever misses one finds the row at the
    next look.
    """

    database: Database
    calendar: WorkCalendar
    clock: Clock = field(default_factory=Clock)
    channels: Sequence[Channel] = ()
    reading_time: timedelta | None = timedelta(0)
    keep_messages: timedelta = timedelta(days=90)
    inbox_changed: asyncio.Event = field(default_factory=asyncio.Event)
    outbox_changed: Signal = field(default_factory=Signal)
    files_changed: asyncio.Event = field(default_factory=asyncio.Event)
    pulse: Pulse = field(default_factory=Pulse)
    ping_url: str = ""  # asked for after each ring; "": nobody waits for it
    files: FileStore = field(default_factory=lambda: FileStore(Path("files")))
    album_gap: timedelta = timedelta(0)

    @property
    def capabilities(self) -> dict[str, Capabilities]:
        """What each channel can do, by its name."""
        return {channel.name: channel.capabilities for channel in self.channels}


async def wait_for(event: asyncio.Event, seconds: float) -> None:
    """Wait until `event` is set, `seconds` at most, and clear it."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    event.clear()
