"""Reports at the size of the country: every commune with a year of figures, and what a leader waits for."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from time import perf_counter

from benchmarks.measures import Measure
from benchmarks.stage import CALENDAR, MONDAY
from documents.appendix import read_plan
from documents.samples import VU_DUONG, vu_duong
from domain.cycles import read_cycle
from domain.messages import Address
from domain.status import roll_up
from handlers.documents import build
from handlers.plans import import_plan
from handlers.render import render
from handlers.summaries import summary_of
from storage import people, reports, units
from storage.database import Database, connect
from storage.migrate import migrate

PROVINCES, COMMUNES = 34, 3_321
FIGURES = 20  # of each target over the year: 1.8 million in all
BY_QUARTER = 3  # every third commune reports by quarter, and so has four lines of a target
_ROUNDS = 20
_BATCH = 100


def country() -> Iterator[Measure]:
    """Yield how long a leader waits for a commune and for the country, and what a Word report costs."""
    with tempfile.TemporaryDirectory(prefix="dondoc-bench-") as folder:
        path = Path(folder) / "country.db"
        figures, commune, whole, word = asyncio.run(_measured(path))
    yield Measure(f"/status of one of {COMMUNES:,} communes, p95; {figures:,} figures", commune * 1000, "ms", 50)
    yield Measure(f"/status of all {COMMUNES:,} communes", whole * 1000, "ms", 300)
    yield Measure("a Word report, libraries loaded", word, "s", 1.5)


async def _measured(path: Path) -> tuple[int, float, float, float]:
    database = await connect(f"sqlite:///{path}")
    try:
        await migrate(database)
        leader, ids = await _settle(database)
        figures = _tell(path)
        await _commune(database, ids[:1])  # templates are compiled, statements prepared
        commune = await _commune(database, ids)
        whole = min([await _whole(database, leader) for _ in range(5)])
        return figures, commune, whole, await _word(database, ids[0])
    finally:
        await database.close()


async def _settle(database: Database) -> tuple[int, list[int]]:
    """Make the provinces and their communes, each with the shipped plan; return who leads all, and the communes."""
    draft = read_plan(vu_duong(), VU_DUONG)
    ids: list[int] = []
    async with database.transaction() as tx:
        parents = [await units.ensure_unit(tx, "province", f"tỉnh {n}", None, MONDAY) for n in range(PROVINCES)]
        await people.invite(tx, "COUNTRY", "leader", "Minh", parents[0].id, None, MONDAY.replace(year=2027), MONDAY)
        invited = await people.find_invitation(tx, "COUNTRY", MONDAY)
        assert invited is not None
        leader = await people.accept(tx, invited, Address("bench", "1"), None, MONDAY)
        assert leader is not None
        for parent in parents[1:]:
            await tx.run(
                "INSERT INTO grants (person_id, unit_id, role, created_at) VALUES (:p, :u, 'leader', :now)",
                p=leader,
                u=parent.id,
                now=MONDAY.isoformat(),
            )
    for first in range(0, COMMUNES, _BATCH):
        async with database.transaction() as tx:
            for number in range(first, min(first + _BATCH, COMMUNES)):
                unit = await units.ensure_unit(tx, "commune", f"xã {number}", parents[number % PROVINCES], MONDAY)
                cycle = read_cycle("quarter") if number % BY_QUARTER == 0 else None
                await import_plan(tx, unit, draft, CALENDAR, MONDAY - timedelta(days=300), cycle)
                ids.append(unit.id)
    return leader, ids


def _tell(path: Path) -> int:
    """Write a year of figures past the program: only their reading is measured. Every ninth line stays silent."""
    connection = sqlite3.connect(path)
    try:
        inbox = 0
        for each, lines in ((FIGURES, _lines(connection, "=")), (FIGURES // 4, _lines(connection, "<>"))):
            inbox = _give(connection, lines, each, inbox)
        connection.execute(
            "UPDATE duty_lines SET status = 'reported', verdict = CASE WHEN id % 3 <> 0 THEN 'met' ELSE 'not_met' END,"
            " submission_id = (SELECT MAX(b.id) FROM submissions b WHERE b.line_id = duty_lines.id) WHERE id % 9 <> 0"
        )
        connection.commit()
        return inbox
    finally:
        connection.close()


def _lines(connection: sqlite3.Connection, sign: str) -> list[int]:
    """Return the lines that speak, of plans with ("=") or without ("<>") deadlines alone."""
    rows = connection.execute(
        "SELECT l.id FROM duty_lines l JOIN duties d ON d.id = l.duty_id JOIN plans p ON p.id = d.plan_id"
        f" WHERE l.id % 9 <> 0 AND p.cycle {sign} 'deadlines'"
    )
    return [line for (line,) in rows]


def _give(connection: sqlite3.Connection, lines: list[int], each: int, inbox: int) -> int:
    """Write as many figures of each line, numbered on from `inbox`; return the last number."""
    for number in range(each):
        at = (MONDAY - timedelta(days=14 * (each - number))).astimezone().strftime("%Y-%m-%dT01:00:00.000000Z")
        rows = []
        for line in lines:
            inbox += 1
            before = inbox - len(lines) if number else None
            verdict = "met" if line % 3 else "not_met"
            rows.append((inbox, line, 1, str(number + line % 40), verdict, "x", "{}", at, at[:10], before, inbox))
        connection.executemany(
            "INSERT INTO submissions (id, line_id, person_id, value, verdict, typed, reading, recorded_at, as_of,"
            " replaces_id, inbox_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
    return inbox


async def _commune(database: Database, ids: list[int]) -> float:
    times = []
    for number in range(_ROUNDS):
        started = perf_counter()
        async with database.transaction() as tx:
            unit = await units.find(tx, ids[number * 151 % len(ids)])
            assert unit is not None
            summary = await summary_of(tx, unit, MONDAY, CALENDAR)
        render("status/status", summary=summary, today=summary.report.today, calendar=CALENDAR)
        times.append(perf_counter() - started)
    return sorted(times)[int(len(times) * 0.95)]


async def _whole(database: Database, leader: int) -> float:
    started = perf_counter()
    async with database.transaction() as tx:
        found = await reports.tallies(tx, leader, CALENDAR.today(MONDAY))
    rollup = roll_up(tally for tallies in found.values() for tally in tallies)
    if len(rollup.communes) != COMMUNES:
        raise RuntimeError(f"{len(rollup.communes)} communes were counted")
    return perf_counter() - started


async def _word(database: Database, unit_id: int) -> float:
    async with database.transaction() as tx:
        unit = await units.find(tx, unit_id)
        assert unit is not None
        summary = await summary_of(tx, unit, MONDAY, CALENDAR)
    build("docx", summary)
    started = perf_counter()
    build("docx", summary)
    return perf_counter() - started
