"""A morning on which every agency of the country is due: who is told what, for 3,321 communes on one SQLite file."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from time import perf_counter

import psutil

from benchmarks.measures import Measure
from benchmarks.stage import CALENDAR, MONDAY
from bot import scheduler
from bot.app import App
from bot.channels.simulator import Simulator
from bot.clock import MovableClock
from domain.rounds import plan_round
from handlers.reminders import open_duty
from storage import duties, notices, outbox
from storage.database import Database, connect
from storage.migrate import migrate
from storage.values import instant

COMMUNES, AGENCIES, LINES = 3321, 10, 4.5  # some 33,210 agencies and 150,000 lines
DUE = date(2026, 12, 15)


def planning() -> Iterator[Measure]:
    """Yield how long it takes to say who is told what in the whole country, and to ring for all of it."""
    with tempfile.TemporaryDirectory(prefix="dondoc-bench-") as folder:
        path = Path(folder, "country.db")
        asyncio.run(_migrate(path))
        lines = _settle(path)
        yield Measure("lines due at once, of 33,210 agencies in 3,321 communes", lines, "")
        seconds, megabytes = asyncio.run(_plan(path))
        yield Measure("who is told what, all of it, on SQLite", seconds, "s", 15)
        yield Measure("memory then (RSS)", megabytes, "MB", 300)
        seconds, digests = asyncio.run(_ring(path))
        yield Measure("the ring itself, every digest worded and queued", seconds, "s")
        yield Measure("digests queued by it", digests, "")


async def _migrate(path: Path) -> None:
    database = await connect(f"sqlite:///{path}")
    await migrate(database)
    await database.close()


def _settle(path: Path) -> int:
    """Fill the file directly: importing 3,321 plans would take longer than what is measured."""
    now, bell = instant(MONDAY), instant(MONDAY)
    with closing(sqlite3.connect(path)) as file:
        put = file.executemany
        communes = range(1, COMMUNES + 1)
        agencies = range(1, COMMUNES * AGENCIES + 1)
        of_agency = [(number, (number - 1) // AGENCIES + 1) for number in agencies]
        put(
            "INSERT INTO units (id, kind, name, fold, created_at) VALUES (?, 'commune', ?, '', ?)",
            [(number, f"xã {number}", now) for number in communes],
        )
        put(
            "INSERT INTO agencies (id, unit_id, name, fold, kind, created_at) VALUES (?, ?, ?, '', 'agency', ?)",
            [(number, unit, f"Phòng {number}", now) for number, unit in of_agency],
        )
        put(
            "INSERT INTO people (id, name, created_at, consented_at) VALUES (?, ?, ?, ?)",
            [(number, f"Người {number}", now, now) for number in agencies],
        )
        put(
            "INSERT INTO addresses (channel, external_id, person_id, created_at) VALUES ('simulator', ?, ?, ?)",
            [(str(number), number, now) for number in agencies],
        )
        put(
            "INSERT INTO memberships (person_id, agency_id, role, created_at) VALUES (?, ?, 'primary', ?)",
            [(number, number, now) for number in agencies],
        )
        put(
            "INSERT INTO plans (id, unit_id, year, source_name, source_sha256, created_at)"
            " VALUES (?, ?, 2026, 'phu-luc', ?, ?)",
            [(number, number, str(number), now) for number in communes],
        )
        per_commune = round(AGENCIES * LINES)
        targets = [(unit, place) for unit in communes for place in range(per_commune)]
        put(
            "INSERT INTO indicators (id, plan_id, position, ordinal, name, collection) VALUES (?, ?, ?, '', ?, 'chat')",
            [(key, unit, place, f"Chỉ tiêu số {place}") for key, (unit, place) in enumerate(targets, 1)],
        )
        put(
            "INSERT INTO targets (id, indicator_id, position, year, scope, kind, op, value, unit, printed, source)"
            " VALUES (?, ?, 1, 2026, 'xa', 'number', '>=', '65', '%', '65', 'cell')",
            [(key, key) for key in range(1, len(targets) + 1)],
        )
        put(
            "INSERT INTO duties (id, plan_id, agency_id, period, due_on, created_at, next_reminder_at)"
            " VALUES (?, ?, ?, 'deadline', ?, ?, ?)",
            [(number, unit, number, DUE.isoformat(), now, bell) for number, unit in of_agency],
        )
        put(
            "INSERT INTO duty_lines (duty_id, target_id, position) VALUES (?, ?, ?)",
            [
                ((unit - 1) * AGENCIES + place % AGENCIES + 1, key, place)
                for key, (unit, place) in enumerate(targets, 1)
            ],
        )
        file.commit()
        return len(targets)


async def _plan(path: Path) -> tuple[float, float]:
    database = await connect(f"sqlite:///{path}")
    started = perf_counter()
    told = 0
    for unit_id in range(1, COMMUNES + 1):
        told += await _plan_one(database, unit_id)
    seconds = perf_counter() - started
    memory = psutil.Process().memory_info().rss / 1024 / 1024
    await database.close()
    if told != COMMUNES * AGENCIES:
        raise RuntimeError(f"{told} people would be told")
    return seconds, memory


async def _plan_one(database: Database, unit_id: int) -> int:
    today = CALENDAR.today(MONDAY)
    async with database.transaction() as tx:
        owed = await duties.due_in(tx, unit_id, MONDAY)
        people = await notices.people_of(tx, unit_id, today)
        told = await notices.told_of(tx, unit_id, MONDAY)
        heard = await notices.heard_by(tx, unit_id, today)
    found = plan_round(
        [open_duty(duty, told) for duty in owed], people.contacts, people.leaders, heard, MONDAY, CALENDAR
    )
    return len(found.notices)


async def _ring(path: Path) -> tuple[float, int]:
    database = await connect(f"sqlite:///{path}")
    app = App(database, CALENDAR, MovableClock(MONDAY), [Simulator()])
    started = perf_counter()
    await scheduler.ring(app)
    seconds = perf_counter() - started
    async with database.transaction() as tx:
        row = await tx.one("SELECT COUNT(*) AS n FROM digests")
        waits = await outbox.next_due(tx, "simulator")
    await database.close()
    if waits is None:
        raise RuntimeError("nothing was queued")
    return seconds, row["n"] if row else 0
