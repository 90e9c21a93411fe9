"""Talk with the program at a terminal: one person's phone at a time, and a clock that can be moved forward."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from bot.app import App
from bot.channels.console import ConsoleScreen, directions
from bot.channels.simulator import Simulator
from bot.clock import MovableClock
from bot.keyboard import StandardInput, lines_of
from bot.rehearsal import travel
from bot.running import serve
from domain.vietnamese import clean, fold
from handlers.render import render
from storage import files, inbox, outbox, people

SETTLE_EVERY = 0.02
LONGEST_SETTLE = 5.0
MOST_DAYS = 366
# Folded, with or without the slash.
_LEAVE = frozenset({"thoat", "exit", "quit"})
_SPAN = re.compile(r"\+(\d{1,4}) ?([mhd])")
_MOMENT = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: (\d{1,2}):(\d{2}))?")


def show(template: str, **values: Any) -> None:
    """Print a rendered template of templates/vi/console."""
    sys.stdout.write(directions(render(f"console/{template}", **values)) + "\n")
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
    """A terminal as a phone. `who` is the simulated phone in hand; /as changes hands, /clock moves time.

    `trial` says that nobody relies on the database: the clock moves without a warning.
    """

    def __init__(
        self, app: App, clock: MovableClock, simulator: Simulator, screen: ConsoleScreen, *, trial: bool = False
    ) -> None:
        self._app = app
        self._clock = clock
        self._simulator = simulator
        self._screen = screen
        self._warned: str | None = None
        self._trial = trial
        self._service = _Service(app)
        self._announcing: set[asyncio.Task[None]] = set()
        self.who = ""
        screen.missed = self._announce

    async def take_phone(self, name: str) -> None:
        """Take the phone of the person of that name; a name nobody has joined under is a new phone."""
        typed = clean(name)
        async with self._app.database.transaction() as tx:
            known = await people.by_name(tx, typed, self._simulator.name)
            joined = await people.names_on(tx, self._simulator.name)
        self._screen.names.update(joined)
        shown = {fold(label): phone for phone, label in self._screen.names.items()}
        self.who = known[0].id if known else shown.get(fold(typed), fold(typed).replace(" ", "-") or "khach")
        label = self._screen.names.setdefault(self.who, typed)
        show("phone", name=label, joined=self.who in joined, now=self._local_now())
        self._screen.take(self.who)

    async def run(self, read: Callable[[], str] | None = None) -> None:
        """Read lines until the end of input or /thoat. `read` blocks, so it is called in a thread."""
        async with self._service:
            lines = lines_of(read or StandardInput())
            while True:
                await self._settle()
                sys.stdout.write(f"{self._screen.names.get(self.who, self.who)}> ")
                sys.stdout.flush()
                line = await lines.get()
                if not sys.stdin.isatty():  # a terminal shows what is typed by itself; a script's record should too
                    sys.stdout.write(line)
                if not line or fold(line).removeprefix("/") in _LEAVE:
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

    def _announce(self, who: str) -> None:
        """Say, once its name is looked up, that something has arrived on a phone that is not in hand."""

        async def announce() -> None:
            [name] = await self._names([who])
            if self._screen.only != who:
                show("missed", name=name)

        task = asyncio.get_running_loop().create_task(announce())
        self._announcing.add(task)
        task.add_done_callback(self._announcing.discard)

    async def _names(self, phones: Iterable[str]) -> list[str]:
        async with self._app.database.transaction() as tx:
            self._screen.names.update(await people.names_on(tx, self._simulator.name))
        return [self._screen.names.get(phone, phone) for phone in phones]

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
        if not self._trial and self._warned != typed:
            self._warned = typed
            show("clock_warning", typed=typed)
            return
        self._trial = True
        before = len(self._simulator.heard)
        await self._settle()
        async with self._service.paused():  # a lease would run out under a sender that is at it: sent twice
            await travel(self._app, self._clock, to)
        await self._announced()
        reached = dict.fromkeys(heard.who for heard in self._simulator.heard[before:])
        show("clock", now=self._local_now(), names=await self._names(reached))

    def _local_now(self) -> datetime:
        return self._clock.now().astimezone(self._app.calendar.zone)

    async def _settle(self) -> None:
        """Wait until the program has answered, so that the next prompt stands below the answer."""
        for _ in range(int(LONGEST_SETTLE / SETTLE_EVERY)):
            if self._simulator.idle():
                async with self._app.database.transaction() as tx:
                    name = self._simulator.name
                    busy = (
                        await inbox.next_due(tx, name)
                        or await outbox.next_due(tx, name)
                        or await files.next_due(tx, name)
                    )
                if busy is None:
                    await self._announced()
                    return
            await asyncio.sleep(SETTLE_EVERY)

    async def _announced(self) -> None:
        if self._announcing:
            await asyncio.gather(*self._announcing)


class _Service:
    """The running program behind the console; it stands still while time is moved by hand."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._stop = asyncio.Event()
        self._serving: asyncio.Task[None] | None = None

    async def __aenter__(self) -> None:
        self._stop.clear()
        self._serving = asyncio.create_task(serve(self._app, self._stop))

    async def __aexit__(self, *_: object) -> None:
        self._stop.set()
        if self._serving is not None:
            await self._serving

    @asynccontextmanager
    async def paused(self) -> AsyncIterator[None]:
        await self.__aexit__()
        try:
            yield
        finally:
            await self.__aenter__()
