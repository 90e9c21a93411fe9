"""Talk with the program at a terminal: one person's phone at a time, and a clock that can be moved forward."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from bot.app import App
from bot.channels.console import ConsoleScreen
from bot.channels.simulator import Simulator
from bot.clock import MovableClock
from bot.rehearsal import travel
from bot.running import serve
from domain.vietnamese import clean, fold
from handlers.render import render
from storage import inbox, outbox, people

SETTLE_EVERY = 0.02
LONGEST_SETTLE = 5.0
MOST_DAYS = 366
_SPAN = re.compile(r"\+(\d{1,4}) ?([mhd])")
_MOMENT = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: (\d{1,2}):(\d{2}))?")


def show(template: str, **values: Any) -> None:
    """Print a rendered template of templates/vi/console."""
    sys.stdout.write(render(f"console/{template}", **values) + "\n")
    sys.stdout.flush()


def read_moment(typed: str, clock: MovableClock, app: App) -> datetime | None:
    """Return the instant in "+3d", "+2h", "+30m" or "23/11/2026 08:00"; None when it is neither, or too far off."""
    now = clock.now()
    if span := _SPAN.fullmatch(typed):
        found = now + timedelta(**{{"m": "minutes", "h": "hours", "d": "days"}[span[2]]: int(span[1])})
    elif moment := _MOMENT.fullmatch(typed):
        day, month, year, hour, minute = (int(part or 0) for part in moment.groups())
        try:
            found = datetime(year, month, day, hour, minute, tzinfo=app.calendar.zone)
        except ValueError:
            return None
    else:
        return None
    return found if now <= found <= now + timedelta(days=MOST_DAYS) else None


class Console:
    """A terminal as a phone. `who` is the simulated phone in hand; /as changes hands, /clock moves time."""

    def __init__(self, app: App, clock: MovableClock, simulator: Simulator, screen: ConsoleScreen) -> None:
        self._app = app
        self._clock = clock
        self._simulator = simulator
        self._screen = screen
        self.who = ""

    async def take_phone(self, name: str) -> None:
        """Take the phone of the person of that name; a name nobody has joined under is a new phone."""
        typed = clean(name)
        async with self._app.database.transaction() as tx:
            known = await people.by_name(tx, typed, self._simulator.name)
        shown = {fold(label): phone for phone, label in self._screen.names.items()}
        self.who = known[0].id if known else shown.get(fold(typed), fold(typed).replace(" ", "-") or "khach")
        self._screen.names.setdefault(self.who, typed)
        show("phone", name=typed, joined=bool(known), now=self._local_now())
        self._screen.take(self.who)

    async def run(self, read: Callable[[], str] = sys.stdin.readline) -> None:
        """Read lines until the end of input or /thoat. `read` blocks, so it is called in a thread."""
        async with _served(self._app):
            while True:
                await self._settle()
                sys.stdout.write(f"{self._screen.names.get(self.who, self.who)}> ")
                sys.stdout.flush()
                line = await asyncio.to_thread(read)
                if not sys.stdin.isatty():  # a terminal shows what is typed by itself; a script's record should too
                    sys.stdout.write(line)
                if not line or line.strip().casefold() in ("/thoat", "/exit", "/quit"):
                    sys.stdout.write("\n")
                    return
                await self._hear(line.strip())

    async def _hear(self, line: str) -> None:
        command, _, argument = line.partition(" ")
        match command.casefold():
            case "":
                return
            case "/clock":
                await self._move_clock(argument.strip())
            case "/as" if argument.strip():
                await self.take_phone(argument)
            case _:
                self._say(line)

    def _say(self, line: str) -> None:
        try:
            self._simulator.say(self.who, line, self._clock.now())
        except LookupError:
            show("no_choice", typed=line)

    async def _move_clock(self, typed: str) -> None:
        to = read_moment(typed, self._clock, self._app)
        if to is None:
            show("clock_usage", now=self._local_now())
            return
        async with self._app.database.transaction() as tx:
            if await people.other_channels(tx, self._simulator.name):
                show("clock_refused")
                return
        await travel(self._app, self._clock, to)
        show("clock", now=self._local_now())

    def _local_now(self) -> datetime:
        return self._clock.now().astimezone(self._app.calendar.zone)

    async def _settle(self) -> None:
        """Wait until the program has answered, so that the next prompt stands below the answer."""
        for _ in range(int(LONGEST_SETTLE / SETTLE_EVERY)):
            if self._simulator.idle():
                async with self._app.database.transaction() as tx:
                    name = self._simulator.name
                    busy = await inbox.next_due(tx, name) or await outbox.next_due(tx, name)
                if busy is None:
                    return
            await asyncio.sleep(SETTLE_EVERY)


@asynccontextmanager
async def _served(app: App) -> AsyncIterator[None]:
    stop = asyncio.Event()
    serving = asyncio.create_task(serve(app, stop))
    try:
        yield
    finally:
        stop.set()
        await serving
