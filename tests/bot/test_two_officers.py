"""Two officers of one agency answer for the same six indicators: whatever comes in what order, nothing contradicts."""

from __future__ import annotations

import asyncio
import random
import shutil
import tempfile
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.app import App
from bot.rehearsal import drain, travel
from domain.delivery import MAX_ATTEMPTS
from domain.messages import Incoming
from storage.database import Database, connect
from storage.migrate import migrate
from storage.values import read_figure
from tests.bot.stage import clock, phones, program, rows
from tests.golden import situations

LINES = 6
BEFORE = (82, 61, 75, 120, 41, 93)  # what was reported of each the last time: figures close to it are beyond doubt
NONSENSE = ("abc", "12 hoặc 15", "để xem", "??")
T = TypeVar("T")
PEOPLE = ("lan", "hoa")


@dataclass(frozen=True)
class Said:
    """One message about one line: a figure so much above the last one, or nonsense; `late` others overtake it."""

    who: str
    line: int
    more: int | None
    nonsense: str = "abc"
    late: int = 0
    again: bool = False  # the messenger delivers it twice

    @property
    def value(self) -> Decimal | None:
        return None if self.more is None else Decimal(BEFORE[self.line - 1] + self.more)

    @property
    def text(self) -> str:
        return f"{self.line}: {self.nonsense if self.value is None else self.value}"


def delivered(said: Sequence[Said]) -> list[Said]:
    """Return messages in the order they get through in; those of one person may overtake one another."""
    return [each for _, _, each in sorted((at + each.late, at, each) for at, each in enumerate(said))]


SAID = st.builds(
    Said,
    st.sampled_from(PEOPLE),
    st.integers(1, LINES),
    st.none() | st.integers(0, 3),
    st.sampled_from(NONSENSE),
    st.integers(0, 5),
    st.booleans(),
)


async def start(database: Database) -> App:
    """Return a program in which both have their reminder before them."""
    app = await program(database, "xa_gia_hung")
    async with database.transaction() as tx:
        [unit] = await tx.all("SELECT id FROM units WHERE name = 'xã Gia Hưng'")
        await situations._join(tx, "hoa", "officer", unit["id"], "Phòng Kinh tế", app.clock.now())
    await travel(app, clock(app), app.calendar.next_opening(app.clock.now()))
    return app


async def play(app: App, said: Sequence[Said], *, wait: bool) -> None:
    """Deliver messages; with `wait` each once the one before was answered, else all at once to two programs."""
    async with app.database.transaction() as tx:
        assert await tx.one("SELECT 1 FROM outbox WHERE recipient = 'hoa'")
    delivery: list[Incoming] = []
    for each in delivered(said):
        delivery.append(phones(app).say(each.who, each.text, app.clock.now()))
        if each.again:
            phones(app).repeat(delivery[-1])
        if wait:
            await drain(app)
    if not wait:
        await asyncio.gather(drain(app), drain(app))
        for _ in range(MAX_ATTEMPTS):  # who was overtaken in the middle of a turn does it anew, a little later
            clock(app).move(timedelta(seconds=15))
            await drain(app)
    for message in delivery[::2]:
        phones(app).repeat(message)  # much later once more
    await drain(app)


def told(said: Sequence[Said]) -> dict[int, tuple[str, Decimal]]:
    """Return what the database must hold: of each line the first figure anybody gave, and who did."""
    held: dict[int, tuple[str, Decimal]] = {}
    for each in delivered(said):
        if each.value is not None:
            held.setdefault(each.line, (each.who, each.value))
    return held


async def check(database: Database, said: Sequence[Said]) -> dict[int, tuple[str, Decimal]]:
    """Check that rows agree with one another and with what was said; return the newest figure of each line."""
    lines = await rows(
        database,
        "SELECT l.id, l.position, l.status, l.submission_id, d.status AS duty FROM duty_lines l"
        " JOIN duties d ON d.id = l.duty_id WHERE d.due_on = '2026-11-30' ORDER BY l.position",
    )
    figures = await rows(
        database,
        "SELECT b.id, b.line_id, b.value, b.replaces_id, b.inbox_id, p.name FROM submissions b"
        " JOIN people p ON p.id = b.person_id WHERE b.inbox_id > 0 ORDER BY b.id",
    )
    held = {}
    for line in lines:
        mine = [each for each in figures if each["line_id"] == line["id"]]
        assert [each["replaces_id"] for each in mine] == [None, *(each["id"] for each in mine)][: len(mine)], "a chain"
        assert len(mine) <= 1, "nobody's figure is replaced by one given without seeing it"
        assert line["submission_id"] == (mine[-1]["id"] if mine else None)
        assert (line["status"] == "reported") == bool(mine)
        for each in mine:
            value = read_figure(each["value"])
            assert isinstance(value, Decimal)
            own = {one.value for one in said if one.who == each["name"].lower() and one.line == line["position"]}
            assert value in own, "what is stored was said, by this person, of this line"
            held[line["position"]] = (each["name"].lower(), value)
    assert len({(each["inbox_id"], each["line_id"]) for each in figures}) == len(figures)
    assert {line["duty"] for line in lines} == {"complete" if len(held) == LINES else "open"}
    assert await rows(database, "SELECT id FROM inbox WHERE status <> 'done'") == []
    return held


def _run(work: Coroutine[None, None, T]) -> T:
    """Run something in a loop of its own, beside the one of the tests."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@cache
def _prepared() -> Path:
    path = Path(tempfile.mkdtemp(prefix="two-officers-")) / "empty.db"

    async def make() -> None:
        database = await connect(f"sqlite:///{path}")
        await migrate(database)
        await database.close()

    _run(make())
    return path


async def _on_sqlite(said: Sequence[Said], *, wait: bool) -> dict[int, tuple[str, Decimal]]:
    with tempfile.TemporaryDirectory() as folder:
        path = shutil.copy(_prepared(), Path(folder) / "own.db")
        database = await connect(f"sqlite:///{path}")
        try:
            app = await start(database)
            await play(app, said, wait=wait)
            return await check(database, said)
        finally:
            await database.close()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(SAID, max_size=14))
def test_of_every_line_the_first_figure_stands_whatever_else_is_said(said: list[Said]) -> None:
    held = _run(_on_sqlite(said, wait=True))
    assert held == told(said)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(SAID, max_size=14))
def test_messages_that_come_in_a_heap_leave_no_contradiction(said: list[Said]) -> None:
    _run(_on_sqlite(said, wait=False))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("wait", [True, False], ids=["in_turn", "in_a_heap"])
async def test_both_engines_agree_with_the_model(database: Database, seed: int, *, wait: bool) -> None:
    chance = random.Random(seed)
    said = [
        Said(
            chance.choice(PEOPLE),
            chance.randint(1, LINES),
            chance.choice([None, 0, 1, 2, 3]),
            chance.choice(NONSENSE),
            chance.randint(0, 5),
            chance.random() < 0.5,
        )
        for _ in range(16)
    ]
    app = await start(database)
    await play(app, said, wait=wait)
    held = await check(database, said)
    if wait:
        assert held == told(said)
