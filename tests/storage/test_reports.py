"""Sums over many communes agree with what each of them is told, and only those there on the day are counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from domain.cycles import read_cycle
from domain.model import Target
from domain.periods import WorkCalendar
from domain.status import roll_up
from domain.targets import judge
from handlers.plans import import_plan
from handlers.summaries import summary_of
from storage import people, reports, submissions, units
from storage.database import Database
from tests.cast import DUE, MONDAY, ZONE, Cast, indicator, line_of, percent, plan, settle_in, store_duty, target

CALENDAR = WorkCalendar(ZONE)
LATE = MONDAY + timedelta(days=10)


async def _settled(database: Database) -> tuple[Cast, tuple[int, ...]]:
    cast = await settle_in(database)
    draft = plan(
        *(indicator(seq, f"Chỉ tiêu {seq}", target(percent("65"))) for seq in range(1, 5)),
        indicator(5, "Không giao", target(Target("not_assigned", raw="-"))),
        indicator(6, "Của tỉnh", target(percent("3"), scope="tinh")),
    )
    stored = await store_duty(database, cast.commune.id, cast.economy, draft)
    async with database.transaction() as tx:
        for line in stored.lines[4:]:  # what no import would owe
            await tx.run("DELETE FROM duty_lines WHERE id = :id", id=line)
    return cast, stored.lines[:4]


async def _say(database: Database, cast: Cast, line_id: int, value: Decimal | None, inbox: int) -> None:
    line = await line_of(database, cast.lan, line_id)
    async with database.transaction() as tx:
        submissions.record(tx, line, cast.lan, value, judge(line.target, value), "x", {}, inbox, MONDAY)


async def test_the_sum_of_a_commune_is_what_the_commune_is_told(database: Database) -> None:
    cast, lines = await _settled(database)
    await _say(database, cast, lines[0], Decimal(70), 1)
    await _say(database, cast, lines[1], Decimal(10), 2)
    await _say(database, cast, lines[1], Decimal(12), 3)
    await _say(database, cast, lines[2], None, 4)
    for now in (MONDAY, LATE):
        async with database.transaction() as tx:
            told = (await summary_of(tx, cast.commune, now, CALENDAR)).report.counts
            [tally] = (await reports.tallies(tx, cast.thu, CALENDAR.today(now)))[cast.province.id]
        assert tally.counts == replace(told, at_risk=0)
        assert tally.counts.overdue == (2 if now is LATE else 0)
    assert (told.total, told.reported, told.met, told.not_met, told.missing) == (4, 2, 1, 1, 2)


async def test_of_a_target_asked_for_period_by_period_the_sum_counts_what_status_shows(database: Database) -> None:
    cast = await settle_in(database)
    draft = plan(*(indicator(seq, f"Chỉ tiêu {seq}", target(percent("65"))) for seq in range(1, 4)))
    async with database.transaction() as tx:
        await import_plan(tx, cast.commune, draft, CALENDAR, MONDAY - timedelta(days=200), read_cycle("month"))
        lines = await tx.all("SELECT MIN(id) AS id, MAX(id) AS last FROM duty_lines GROUP BY target_id ORDER BY 1")
        assert all(row["last"] - row["id"] >= 6 for row in lines)
        await tx.run("UPDATE duty_lines SET status = 'reported', verdict = 'met' WHERE id = :id", id=lines[0]["id"])
    seen = set()
    for days in range(-200, 60, 20):
        now = MONDAY + timedelta(days=days)
        async with database.transaction() as tx:
            told = (await summary_of(tx, cast.commune, now, CALENDAR)).report.counts
            [tally] = (await reports.tallies(tx, None, CALENDAR.today(now)))[cast.province.id]
        assert tally.counts == replace(told, at_risk=0)
        seen.add((told.total, told.reported, told.overdue))
    assert len(seen) > 2


async def test_targets_nobody_owes_are_counted_as_not_assigned(database: Database) -> None:
    cast = await settle_in(database)
    draft = plan(indicator(1, "A"), indicator(2, "B", reporters=()))
    stored = await store_duty(database, cast.commune.id, cast.economy, draft)
    async with database.transaction() as tx:
        await tx.run("DELETE FROM duty_lines WHERE id = :id", id=stored.lines[1])
        [tally] = (await reports.tallies(tx, cast.minh, DUE))[cast.province.id]
        told = (await summary_of(tx, cast.commune, MONDAY, CALENDAR)).report.counts
    assert (tally.counts.total, tally.counts.missing, tally.counts.unassigned) == (2, 1, 1)
    assert tally.counts == told


async def test_a_commune_counts_from_when_it_joins_to_the_day_it_is_closed(database: Database) -> None:
    cast, _ = await _settled(database)
    async with database.transaction() as tx:
        other = await units.ensure_unit(tx, "commune", "xã Mới", cast.province, MONDAY)
        units.close(tx, cast.commune.id, DUE)
    names = {}
    async with database.transaction() as tx:
        for day in (DUE - timedelta(days=1), DUE):
            found = await reports.tallies(tx, cast.thu, day)
            names[day] = [each.name for each in found[cast.province.id]]
        assert await units.reachable(tx, cast.thu, other.id) == other
    assert names == {DUE - timedelta(days=1): ["xã Mới", "xã Vũ Dương"], DUE: ["xã Mới"]}
    assert roll_up([]).counts.total == 0


async def test_nobody_sees_the_sums_of_others(database: Database) -> None:
    cast, _ = await _settled(database)
    async with database.transaction() as tx:
        elsewhere = await units.ensure_unit(tx, "province", "tỉnh Lạng Sơn", None, MONDAY)
        theirs = await units.ensure_unit(tx, "commune", "xã Thụy Hùng", elsewhere, MONDAY)
        assert await reports.tallies(tx, cast.lan, date(2026, 11, 23)) == {}
        assert set(await reports.tallies(tx, cast.thu, date(2026, 11, 23))) == {cast.province.id}
        assert set(await reports.tallies(tx, None, date(2026, 11, 23))) == {cast.province.id, elsewhere.id}
        assert set(await reports.tallies(tx, None, date(2026, 11, 23), elsewhere.id)) == {elsewhere.id}
        assert await units.reachable(tx, cast.thu, theirs.id) is None
        assert await units.reachable(tx, cast.lan, cast.commune.id) is None
        assert await people.grants(tx, cast.lan) == []


async def test_history_is_the_chain_of_a_lines_figures_the_newest_marked(database: Database) -> None:
    cast, lines = await _settled(database)
    await _say(database, cast, lines[0], Decimal(10), 1)
    await _say(database, cast, lines[0], Decimal(70), 2)
    async with database.transaction() as tx:
        every = await reports.given(tx, cast.commune.id)
    [figures] = every.values()
    assert [(each.value, each.verdict, each.replaced, each.person) for each in figures] == [
        (Decimal(10), "not_met", True, "Lan"),
        (Decimal(70), "met", False, "Lan"),
    ]
