"""A program to try things on: the commune of a situation, a clock that stands still, phones that can fail."""

from __future__ import annotations

from typing import Any

from bot.app import App
from bot.channels.simulator import Simulator
from bot.clock import MovableClock
from bot.rehearsal import drain
from domain.periods import WorkCalendar
from storage.database import Database
from tests.cast import MONDAY, ZONE
from tests.golden.situations import SITUATIONS


async def program(database: Database, situation: str = "xa_vu_duong") -> App:
    """Return a program on Monday 23/11/2026 at nine, with the people and the plan of a situation."""
    clock = MovableClock(MONDAY)
    async with database.transaction() as tx:
        await SITUATIONS[situation](tx, clock.now())
    return App(database, WorkCalendar(ZONE), clock, [Simulator()])


def phones(app: App) -> Simulator:
    """Return the simulated phones of a program."""
    simulator = app.channels[0]
    assert isinstance(simulator, Simulator)
    return simulator


def clock(app: App) -> MovableClock:
    """Return the clock of a program."""
    assert isinstance(app.clock, MovableClock)
    return app.clock


async def say(app: App, who: str, text: str) -> None:
    """Let somebody say something, and the program do all it has to do."""
    phones(app).say(who, text, app.clock.now())
    await drain(app)


def heard(app: App, who: str) -> list[str]:
    """Return the texts on somebody's phone, the oldest first."""
    return [message.outgoing.text for message in phones(app).heard if message.who == who]


async def rows(database: Database, sql: str, **parameters: Any) -> list[dict[str, Any]]:
    """Return the rows of a query."""
    async with database.transaction() as tx:
        return [dict(row) for row in await tx.all(sql, **parameters)]
