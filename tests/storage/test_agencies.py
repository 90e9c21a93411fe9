"""Agencies that change their names or become one: what was owed moves, by every name the same one is meant."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage import agencies, contacts, duties, people, units
from storage.database import Database
from storage.errors import Outdated
from tests.cast import ECONOMY, HOA, MONDAY, POLICE, indicator, join, plan, settle_in, store_duty


async def test_a_renamed_agency_is_found_by_both_names_and_no_new_one_is_made(database: Database) -> None:
    cast = await settle_in(database)
    unit = cast.commune.id
    async with database.transaction() as tx:
        agencies.rename(tx, unit, cast.economy, ECONOMY, "Phòng Kinh tế và Hạ tầng")
    async with database.transaction() as tx:
        assert await units.ensure_agency(tx, unit, ECONOMY, "agency", MONDAY) == cast.economy
        found = await agencies.called(tx, unit, "phong kinh te")
        assert found is not None
        assert (found.id, found.name, found.by) == (cast.economy, "Phòng Kinh tế và Hạ tầng", "alias")
        assert await agencies.aliases(tx, cast.economy) == (ECONOMY,)
        assert await agencies.names_now(tx, unit) == {"phong kinh te": "Phòng Kinh tế và Hạ tầng"}
        agencies.rename(tx, unit, cast.economy, "Phòng Kinh tế và Hạ tầng", ECONOMY)  # and back
    async with database.transaction() as tx:
        assert await agencies.aliases(tx, cast.economy) == ("Phòng Kinh tế và Hạ tầng",)


async def test_two_admins_who_rename_at_once_do_not_overwrite_one_another(database: Database) -> None:
    cast = await settle_in(database)
    with pytest.raises(Outdated):
        async with database.transaction() as tx:
            agencies.rename(tx, cast.commune.id, cast.economy, "Phòng Cũ", "Phòng Mới")
    async with database.transaction() as tx:
        assert await agencies.called(tx, cast.commune.id, "Phòng Mới") is None


async def test_a_merged_agency_hands_over_duties_lines_contacts_and_names(database: Database) -> None:
    cast = await settle_in(database)
    unit = cast.commune.id
    both = plan(indicator(1, "Hồ sơ trực tuyến"), indicator(2, "Chữ ký số"))
    stored = await store_duty(database, unit, cast.economy, both)
    alone = await store_duty(database, unit, cast.police, replace(both, source_sha256="1" * 64))
    an = await join(database, "An", replace(HOA, id="77"), "head", unit, cast.police)
    async with database.transaction() as tx:
        # The second line of the first plan is the police's, due later: both owe a report on that plan.
        row = await tx.one("SELECT period, due_on FROM duties WHERE id = :id", id=stored.duty_id)
        assert row is not None
        shared = await tx.key(
            "INSERT INTO duties (plan_id, agency_id, period, due_on, created_at)"
            " VALUES (:plan, :agency, :period, '2026-12-15', :now) RETURNING id",
            plan=stored.plan_id,
            agency=cast.police,
            period=row["period"],
            now="2026-11-23T02:00:00",
        )
        await tx.run("UPDATE duty_lines SET duty_id = :to WHERE id = :id", to=shared, id=stored.lines[1])
    async with database.transaction() as tx:
        assert await agencies.merge(tx, unit, cast.police, cast.economy, MONDAY, MONDAY) == 2
    async with database.transaction() as tx:
        owed = {line.id: line.due.isoformat() for line in await duties.lines_of(tx, cast.lan)}
        assert owed == {stored.lines[0]: "2026-12-15", stored.lines[1]: "2026-12-15"} | dict.fromkeys(
            alone.lines, "2026-11-30"
        )
        emptied = await tx.one("SELECT status, next_reminder_at FROM duties WHERE id = :id", id=shared)
        assert emptied is not None
        assert (emptied["status"], emptied["next_reminder_at"]) == ("complete", None)
        assert [each.agency_id for each in await people.memberships(tx, an)] == [cast.economy]
        assert await contacts.agency(tx, cast.police) is None
        assert [each.name for each in await contacts.agencies(tx, unit)] == [ECONOMY]
        assert await units.ensure_agency(tx, unit, POLICE, "agency", MONDAY) == cast.economy
    with pytest.raises(Outdated):
        async with database.transaction() as tx:
            await agencies.merge(tx, unit, cast.police, cast.economy, MONDAY, MONDAY)


async def test_the_name_of_a_merged_agency_is_free_for_the_one_it_became(database: Database) -> None:
    cast = await settle_in(database)
    async with database.transaction() as tx:
        await agencies.merge(tx, cast.commune.id, cast.police, cast.economy, MONDAY, MONDAY)
    async with database.transaction() as tx:
        agencies.rename(tx, cast.commune.id, cast.economy, ECONOMY, POLICE)
    async with database.transaction() as tx:
        assert await units.agencies(tx, cast.commune.id) == [(cast.economy, POLICE)]
        assert await agencies.aliases(tx, cast.economy) == (ECONOMY,)


async def test_whoever_is_in_both_agencies_stays_what_they_are_in_the_one_that_stays(database: Database) -> None:
    cast = await settle_in(database)
    async with database.transaction() as tx:
        people.add_member(tx, cast.lan, cast.police, "alternate", MONDAY)
        people.add_member(tx, cast.lan, cast.police, "head", MONDAY, "Trưởng Công an")
    async with database.transaction() as tx:
        await agencies.merge(tx, cast.commune.id, cast.police, cast.economy, MONDAY, MONDAY)
    async with database.transaction() as tx:
        [mine] = await people.memberships(tx, cast.lan)
        assert (mine.agency_id, mine.roles) == (cast.economy, ("head", "primary"))
