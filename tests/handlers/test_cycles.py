"""A plan reported on period by period: what is owed when, what is asked for, and changing the cycle later."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from domain.cycles import Cycle
from domain.model import DutyLine
from domain.periods import WorkCalendar
from domain.targets import judge
from handlers.amendments import amend
from handlers.cycles import Changed, change_cycle
from handlers.plans import import_plan
from storage import duties, plans, reports, submissions
from storage.database import Database
from tests.cast import ZONE, Cast, indicator, percent, plan, settle_in, target

CALENDAR = WorkCalendar(ZONE)
QUARTER = Cycle(("quarter",))
END_OF_YEAR = date(2026, 12, 31)
DUES = [date(2026, 3, 16), date(2026, 6, 15), date(2026, 9, 15), date(2026, 12, 15)]


def at(day: date) -> datetime:
    """Nine in the morning."""
    return datetime.combine(day, time(9), ZONE)


DRAFT = plan(
    indicator(1, "Hồ sơ trực tuyến", target(percent(), due=END_OF_YEAR)),
    indicator(2, "Chữ ký số", target(percent(), due=date(2026, 11, 30))),
)


class World:
    """xã Vũ Dương, whose plan is reported on every quarter from January on."""

    def __init__(self, database: Database, cast: Cast) -> None:
        self.database, self.cast, self.plan_id, self._messages = database, cast, 0, 0

    async def take_in(self, cycle: Cycle | None = QUARTER, day: date = date(2026, 1, 5)) -> None:
        async with self.database.transaction() as tx:
            self.plan_id = (await import_plan(tx, self.cast.commune, DRAFT, CALENDAR, at(day), cycle)).plan_id

    async def lines(self, asked: date | None = None) -> list[DutyLine]:
        async with self.database.transaction() as tx:
            return await duties.lines_of(tx, self.cast.lan, asked=asked)

    async def owed(self, name: str) -> list[date]:
        return [line.due for line in await self.lines() if line.indicator == name]

    async def report(self, due: date, name: str, value: str, as_of: date | None = None) -> None:
        self._messages += 1
        [line] = [line for line in await self.lines() if (line.due, line.indicator) == (due, name)]
        figure = Decimal(value)
        async with self.database.transaction() as tx:
            submissions.record(
                tx,
                line,
                self.cast.lan,
                figure,
                judge(line.target, figure),
                value,
                {},
                self._messages,
                at(due),
                as_of=as_of,
            )

    async def change(self, cycle: Cycle | None, day: date) -> Changed:
        async with self.database.transaction() as tx:
            return await change_cycle(tx, self.cast.commune.id, self.plan_id, cycle, CALENDAR, at(day))

    async def rows(self, sql: str) -> list[dict[str, Any]]:
        async with self.database.transaction() as tx:
            return [dict(row) for row in await tx.all(sql)]


@pytest.fixture
async def world(database: Database) -> World:
    """The commune before its plan is taken in."""
    return World(database, await settle_in(database))


async def test_every_quarter_is_owed_and_the_last_one_with_the_deadline_is_one(world: World) -> None:
    await world.take_in()
    assert await world.owed("Hồ sơ trực tuyến") == DUES
    assert await world.owed("Chữ ký số") == [*DUES[:3], date(2026, 11, 30)]
    rows = await world.rows("SELECT period, due_on, cut_off FROM duties ORDER BY due_on")
    assert [(row["period"], row["cut_off"]) for row in rows] == [
        ("quarter:2026-1", "2026-03-14"),
        ("quarter:2026-2", "2026-06-14"),
        ("quarter:2026-3", "2026-09-14"),
        ("deadline:2026-11-30", None),
        ("quarter:2026-4", "2026-12-14"),
    ]


async def test_a_plan_without_a_cycle_is_owed_by_its_deadlines_alone(world: World) -> None:
    await world.take_in(cycle=None)
    assert sorted(line.due for line in await world.lines()) == [date(2026, 11, 30), END_OF_YEAR]


async def test_only_the_period_that_is_on_is_asked_for(world: World) -> None:
    await world.take_in()
    assert [line.due for line in await world.lines(date(2026, 1, 20))] == []
    assert {line.due for line in await world.lines(date(2026, 3, 1))} == {DUES[0]}
    assert {line.due for line in await world.lines(date(2026, 6, 1))} == set(DUES[:2])


async def test_the_figure_of_the_period_before_comes_with_the_day_it_is_as_of(world: World) -> None:
    await world.take_in()
    await world.report(DUES[0], "Hồ sơ trực tuyến", "40", date(2026, 3, 14))
    await world.report(DUES[1], "Hồ sơ trực tuyến", "55", date(2026, 6, 10))
    found = [(line.previous, line.previous_as_of) for line in await world.lines() if line.indicator[0] == "H"]
    assert found == [
        (None, None),
        (Decimal(40), date(2026, 3, 14)),
        (Decimal(55), date(2026, 6, 10)),
        (Decimal(55), date(2026, 6, 10)),
    ]


async def test_leaders_see_the_newest_period_asked_for_and_each_target_once(world: World) -> None:
    await world.take_in()
    await world.report(DUES[0], "Hồ sơ trực tuyến", "40")

    async def seen(day: date) -> list[tuple[date | None, object]]:
        async with world.database.transaction() as tx:
            return [(row.due, row.value) for row in await reports.status_rows(tx, world.cast.commune.id, day)]

    assert await seen(date(2026, 1, 20)) == [(DUES[0], Decimal(40)), (DUES[0], None)]
    assert await seen(date(2026, 4, 20)) == [(DUES[0], Decimal(40)), (DUES[0], None)]
    assert await seen(date(2026, 6, 1)) == [(DUES[1], None), (DUES[1], None)]


async def test_more_time_for_a_period_does_not_make_it_a_later_one(world: World) -> None:
    await world.take_in()
    await world.report(DUES[0], "Hồ sơ trực tuyến", "40")
    await world.report(DUES[1], "Hồ sơ trực tuyến", "55")
    await world.report(DUES[2], "Hồ sơ trực tuyến", "70")
    [second] = {line.duty_id for line in await world.lines() if line.due == DUES[1]}
    longer = date(2026, 9, 25)
    async with world.database.transaction() as tx:
        duties.extend(tx, second, longer, at(longer))
    previous = {line.due: line.previous for line in await world.lines() if line.indicator[0] == "H"}
    assert previous == {DUES[0]: None, longer: Decimal(40), DUES[2]: Decimal(55), DUES[3]: Decimal(70)}
    async with world.database.transaction() as tx:
        rows = await reports.status_rows(tx, world.cast.commune.id, date(2026, 9, 20))
        periods = await reports.periods(tx, world.cast.commune.id, date(2026, 9, 20))
    assert [(row.due, row.value) for row in rows] == [(DUES[2], Decimal(70)), (DUES[2], None)]
    assert periods == ["quarter:2026-3", "quarter:2026-2", "quarter:2026-1"]


async def test_more_time_for_a_period_is_no_other_period_to_a_new_cycle(world: World) -> None:
    await world.take_in()
    [first] = {line.duty_id for line in await world.lines() if line.due == DUES[0]}
    async with world.database.transaction() as tx:
        duties.extend(tx, first, date(2026, 3, 25), at(DUES[0]))
    assert await world.change(QUARTER, date(2026, 1, 6)) == Changed(5, 0, 0)


async def test_from_a_change_on_other_periods_are_owed_and_what_was_given_stays(world: World) -> None:
    await world.take_in(cycle=None)
    assert await world.change(QUARTER, date(2026, 5, 4)) == Changed(4, 4, 0)
    assert await world.owed("Hồ sơ trực tuyến") == DUES[1:]
    await world.report(DUES[1], "Hồ sơ trực tuyến", "55")
    assert (await world.change(None, date(2026, 7, 1))).dropped == 3
    assert await world.owed("Hồ sơ trực tuyến") == [DUES[1], END_OF_YEAR]
    assert await world.owed("Chữ ký số") == [date(2026, 11, 30)]
    rows = await world.rows("SELECT due_on FROM duties WHERE status = 'open' ORDER BY due_on")
    assert [row["due_on"] for row in rows] == ["2026-11-30", "2026-12-31"]
    assert (await world.change(QUARTER, date(2026, 7, 2))).added == 2
    assert await world.owed("Hồ sơ trực tuyến") == DUES[1:]


async def test_a_change_is_kept_for_the_auditor(world: World) -> None:
    await world.take_in()
    await world.change(Cycle(("month",)), date(2026, 5, 4))
    async with world.database.transaction() as tx:
        [known] = await plans.of_unit(tx, world.cast.commune.id)
    assert known.cycle == Cycle(("month",))
    [row] = await world.rows("SELECT detail FROM audit WHERE action = 'plan.cycle'")
    assert '"cycle":"month"' in row["detail"]


async def test_a_new_version_is_reported_on_in_the_same_cycle_and_keeps_each_periods_figure(world: World) -> None:
    await world.take_in()
    await world.report(DUES[0], "Hồ sơ trực tuyến", "40")
    new = plan(
        indicator(1, "Hồ sơ trực tuyến", target(percent("70"), due=END_OF_YEAR)),
        indicator(2, "Chữ ký số", target(percent(), due=END_OF_YEAR)),
        sha256="1" * 64,
    )
    async with world.database.transaction() as tx:
        amended = await amend(tx, world.cast.commune, world.plan_id, new, {}, CALENDAR, at(date(2026, 5, 4)))
    assert len(amended.amendment.target_changed) == len(amended.amendment.deadline_changed) == 1
    assert await world.owed("Hồ sơ trực tuyến") == await world.owed("Chữ ký số") == DUES
    values = {(line.indicator, line.due): line.value for line in await world.lines()}
    assert values["Hồ sơ trực tuyến", DUES[0]] == Decimal(40)
    assert amended.dropped == 0
