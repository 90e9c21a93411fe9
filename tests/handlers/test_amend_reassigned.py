"""What an admin gave to another agency stays there when a new version of the plan names the same agency as before."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain.amendments import compare
from domain.reminders import first_reminder
from handlers.amendments import version_of
from handlers.render import render
from storage import amendments, disputes, duties, units
from storage.database import Database
from tests.cast import MONDAY
from tests.versions import (
    AGENCY,
    CALENDAR,
    CERTIFIED,
    CULTURE,
    DEADLINE,
    ECONOMY,
    SCALE,
    TARGET,
    World,
    draft,
    settled,
    version,
)

POST_OFFICE = "Trung tâm Phục vụ hành chính công"


@pytest.fixture
async def world(database: Database) -> World:
    """The commune, where the admin has given an indicator of Phòng Kinh tế to Phòng Văn hóa - Xã hội."""
    world = await settled(database)
    await world.report(world.hoa, SCALE, Decimal(16))
    await give(world, SCALE, CULTURE)
    return world


async def give(world: World, name: str, agency: str) -> None:
    """Do what an admin's answer to "this is not ours" does."""
    line = await world.line(world.hoa, name)
    async with world.database.transaction() as tx:
        disputes.raise_for(tx, [line.id], world.hoa, "", 77, MONDAY)
    async with world.database.transaction() as tx:
        [dispute] = await disputes.open_of(tx, 77)
        to = next(number for number, found in await units.agencies(tx, world.unit.id) if found == agency)
        first = first_reminder(dispute.due, MONDAY, CALENDAR)
        duty_id = await disputes.duty_for(tx, dispute, to, first, MONDAY)
        assert duty_id is not None
        disputes.move(tx, dispute, duty_id, first)
        disputes.decide(tx, dispute, "moved", world.hoa, MONDAY, to)


async def test_the_same_agency_in_the_file_leaves_it_where_the_admin_put_it(world: World) -> None:
    before = await world.line(world.lan, SCALE)
    amended = await world.amend(version({CERTIFIED: {TARGET: "$\\geq 35$"}}))
    line = await world.line(world.lan, SCALE)
    assert (line.id, line.duty_id, line.agency, line.value) == (before.id, before.duty_id, CULTURE, 16)
    assert not [each for each in await world.lines(world.hoa) if SCALE in each.indicator]
    assert amended.amendment.agency_changed == ()
    assert [(kept.new.agency, kept.new.reporter) for kept in amended.amendment.reassigned] == [(CULTURE, ECONOMY)]
    assert amended.dropped == 0


async def test_it_stays_there_over_any_number_of_versions(world: World) -> None:
    before = await world.line(world.lan, SCALE)
    for number in range(35, 38):
        await world.amend(version({CERTIFIED: {TARGET: f"$\\geq {number}$"}}))
    assert (await world.line(world.lan, SCALE)).id == before.id


async def test_by_another_day_it_is_still_owed_by_the_agency_it_was_given_to(world: World) -> None:
    before = await world.line(world.lan, SCALE)
    await world.amend(version({SCALE: {DEADLINE: "Tháng 11/2026"}}))
    line = await world.line(world.lan, SCALE)
    assert (line.id, line.agency) == (before.id, CULTURE)
    assert line.due != before.due


async def test_a_file_that_names_another_agency_than_before_decides_anew(world: World) -> None:
    before = await world.line(world.lan, SCALE)
    amended = await world.amend(version({SCALE: {AGENCY: POST_OFFICE}}))
    assert not [each for each in await world.lines(world.lan) if SCALE in each.indicator]
    [kept] = amended.amendment.agency_changed
    assert (kept.old.agency, kept.new.agency, kept.reassignment_ends) == (CULTURE, POST_OFFICE, True)
    [row] = await world.rows(
        "SELECT a.name FROM duty_lines l JOIN duties d ON d.id = l.duty_id JOIN agencies a ON a.id = d.agency_id"
        " WHERE l.id = :id",
        id=before.id,
    )
    assert row["name"] == POST_OFFICE


async def test_a_file_that_names_the_agency_it_was_given_to_agrees_with_the_admin(world: World) -> None:
    before = await world.line(world.lan, SCALE)
    amended = await world.amend(version({SCALE: {AGENCY: CULTURE}}))
    assert (await world.line(world.lan, SCALE)).id == before.id
    assert (amended.amendment.agency_changed, amended.amendment.reassigned) == ((), ())


async def test_whoever_replaces_the_plan_sees_that_the_decision_stands(world: World) -> None:
    new = draft(version({CERTIFIED: {TARGET: "$\\geq 35$"}}))
    async with world.database.transaction() as tx:
        old = await amendments.version(tx, 1)
    shown = render(
        "cli/amendment",
        amendment=compare(old.indicators, version_of(new)),
        older={"alike": {"plan": {"number": "1/KH-UBND", "issued_on": None, "year": 2026, "source_name": "cu.txt"}}},
        draft=new,
    )
    assert f"{CULTURE} (tệp vẫn ghi {ECONOMY})" in shown
    assert "Đổi cơ quan báo cáo" not in shown


async def test_nobody_is_told_of_what_stays_as_it_was(world: World) -> None:
    amended = await world.amend(version(note="\n"))
    assert amended.told == 0
    async with world.database.transaction() as tx:
        assert [line.agency for line in await duties.lines_of(tx, world.lan) if SCALE in line.indicator] == [CULTURE]
