"""Amending beside others: one clerk replaces a plan, figures on their way are waited for, half an amendment is none."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import pytest

from handlers.amendments import Amended, ReplacedMeanwhile, amend
from handlers.plans import Imported, import_plan
from storage import amendments, audit, duties, submissions
from storage.database import Database, connect
from tests.cast import LAN, MONDAY, join
from tests.versions import (
    ARTICLES,
    CALENDAR,
    CERTIFIED,
    COACHED,
    COVERAGE,
    CULTURE,
    LATER,
    TARGET,
    World,
    draft,
    settled,
    take_in,
    version,
)


@pytest.fixture
async def world(database: Database) -> World:
    """The commune as it is before its plan is amended."""
    return await settled(database)


async def everything(database: Database) -> dict[str, list[str]]:
    """Return all rows of all tables that a plan is kept in."""
    tables = ("plans", "sections", "indicators", "targets", "assignments", "duties", "duty_lines", "submissions")
    async with database.transaction() as tx:
        return {
            table: sorted(str(sorted(dict(row).items())) for row in await tx.all(f"SELECT * FROM {table}"))
            for table in (*tables, "agencies", "audit", "units", "outbox")
        }


async def test_of_two_clerks_with_different_versions_one_replaces_the_plan(world: World) -> None:
    ours = [draft(version({CERTIFIED: {TARGET: f"$\\geq {value}$"}})) for value in (35, 36)]

    async def replaced(new: Any) -> Amended | Exception:
        try:
            async with world.database.transaction() as tx:
                return await amend(tx, world.unit, 1, new, {}, CALENDAR, LATER)
        except ReplacedMeanwhile as error:
            return error

    found = await asyncio.gather(*map(replaced, ours))
    assert sorted(type(each).__name__ for each in found) == ["Amended", "ReplacedMeanwhile"]
    assert len(await world.rows("SELECT id FROM plans")) == 2
    assert len(await world.rows("SELECT id FROM duty_lines")) == 28


async def test_the_same_version_from_two_clerks_at_once_is_stored_once(world: World) -> None:
    new = draft(version({CERTIFIED: {TARGET: "$\\geq 35$"}}))

    async def replaced() -> bool:
        async with world.database.transaction() as tx:
            return (await amend(tx, world.unit, 1, new, {}, CALENDAR, LATER)).imported.already

    assert sorted(await asyncio.gather(replaced(), replaced())) == [False, True]
    assert len(await world.rows("SELECT id FROM plans")) == 2


async def test_the_same_file_from_two_clerks_at_once_is_one_plan(database: Database) -> None:
    async with database.transaction() as tx:
        unit = await take_in(tx, version())

    async def import_it() -> Imported:
        async with database.transaction() as tx:
            return await import_plan(tx, unit, draft(version(note="\n")), CALENDAR, MONDAY)

    found = await asyncio.gather(import_it(), import_it(), import_it())
    assert sorted(each.already for each in found) == [False, True, True]


class PulledPlug(Exception):
    """The program ends here."""


@pytest.mark.parametrize("after", [1, 20, 45])
async def test_what_breaks_off_half_way_leaves_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    await world.report(world.lan, CERTIFIED, Decimal(32))
    before = await everything(world.database)
    left = iter(range(after))

    def sometimes(of: Any) -> Any:
        def run(*arguments: Any, **more: Any) -> Any:
            if next(left, None) is None:
                raise PulledPlug
            return of(*arguments, **more)

        return run

    for module, name in ((amendments, "move_line"), (amendments, "take_over"), (duties, "settle"), (audit, "note")):
        monkeypatch.setattr(module, name, sometimes(getattr(module, name)))
    new = version({name: {TARGET: "$\\geq 35$"} for name in (CERTIFIED, COVERAGE, COACHED)}, drop=[ARTICLES])
    if after < 30:
        with pytest.raises(PulledPlug):
            await world.amend(new)
        assert await everything(world.database) == before
    else:
        await world.amend(new)
        assert await everything(world.database) != before


async def test_an_amendment_waits_for_a_figure_being_stored_and_keeps_it(postgres_url: str) -> None:
    database = await connect(postgres_url)
    async with database.transaction() as tx:
        unit = await take_in(tx, version())
        [agency] = await tx.all("SELECT id FROM agencies WHERE name = :name", name=CULTURE)
    lan = await join(database, "Lan", LAN, "officer", unit.id, agency["id"])
    world = World(database, unit, lan, 0)
    line = await world.line(lan, CERTIFIED)
    async with database.transaction() as tx:
        submissions.record(tx, line, lan, Decimal(32), "met", "32", {}, 1, MONDAY)
        await tx.all("SELECT 1")  # all that was queued has run, nothing is committed
        amending = asyncio.create_task(world.amend(version({CERTIFIED: {TARGET: "$\\geq 35$"}})))
        async with database.transaction() as watch:
            while not await watch.all("SELECT 1 FROM pg_locks WHERE NOT granted"):
                assert not amending.done(), "the amendment was not held back"
    assert (await amending).amendment.figures_kept == 1
    assert (await world.line(lan, CERTIFIED)).verdict == "not_met"
    await database.close()
