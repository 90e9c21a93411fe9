"""A new version of a plan: lines keep ids, figures and reminders; what is no longer asked for is kept, and quiet."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.amendments import NEW
from domain.model import Unit
from domain.reminders import first_reminder
from handlers.plans import find_alike, import_plan
from storage import duties, plans, reports, submissions
from storage.database import Database, Transaction
from storage.errors import Outdated
from tests.cast import LAN, MONDAY
from tests.versions import (
    AGENCY,
    ARTICLES,
    CALENDAR,
    CASHLESS,
    CERTIFIED,
    COACHED,
    COVERAGE,
    CULTURE,
    DEADLINE,
    ECONOMY,
    HEALTH,
    LATER,
    NAME,
    NEW_ROW,
    SCALE,
    TARGET,
    UNIT,
    World,
    draft,
    settled,
    take_in,
    version,
)

NOVEMBER = date(2026, 11, 30)


@pytest.fixture
async def world(database: Database) -> World:
    """The commune as it is before its plan is amended."""
    return await settled(database)


async def test_another_target_keeps_the_figure_and_judges_it_anew(world: World) -> None:
    before = await world.report(world.lan, CERTIFIED, Decimal(32))
    amended = await world.amend(version({CERTIFIED: {TARGET: "$\\geq 35$"}}))
    line = await world.line(world.lan, CERTIFIED)
    assert (line.id, line.duty_id, line.status, line.value) == (before.id, before.duty_id, "reported", 32)
    assert (line.target.value, line.verdict) == (35, "not_met")
    assert (await world.status())[before.indicator[:20]].verdict == "not_met"
    [kept] = await world.rows("SELECT verdict, target_id FROM submissions")
    assert kept == {"verdict": "met", "target_id": before.target_id}
    [old] = await world.rows("SELECT value FROM targets WHERE id = :id", id=before.target_id)
    assert old == {"value": "30"}
    assert (amended.amendment.figures_kept, amended.lines, amended.dropped) == (1, 28, 0)


async def test_the_next_figure_is_judged_by_the_new_target_alone(world: World) -> None:
    await world.report(world.lan, CERTIFIED, Decimal(32))
    await world.amend(version({CERTIFIED: {TARGET: "$\\geq 35$"}}))
    await world.report(world.lan, CERTIFIED, Decimal(36))
    line = await world.line(world.lan, CERTIFIED)
    assert (line.verdict, line.value) == ("met", 36)
    rows = await world.rows("SELECT value, verdict, target_id, replaces_id FROM submissions ORDER BY id")
    assert [(row["value"], row["verdict"], row["replaces_id"]) for row in rows] == [
        ("32", "met", None),
        ("36", "met", 1),
    ]
    assert rows[0]["target_id"] is not None
    assert rows[1]["target_id"] is None
    kept = await world.rows("SELECT verdict FROM duty_lines WHERE verdict IS NOT NULL")
    assert [row["verdict"] for row in kept] == ["met"]


async def test_a_figure_that_does_not_fit_the_new_target_must_be_given_again(world: World) -> None:
    before = await world.report(world.hoa, CASHLESS, Decimal(12))
    amended = await world.amend(version({CASHLESS: {UNIT: "%"}}))
    line = await world.line(world.hoa, CASHLESS)
    assert (line.id, line.status, line.value, line.verdict, line.submission_id) == (
        before.id,
        "missing",
        None,
        None,
        None,
    )
    assert [kept.name for kept in amended.amendment.to_be_reported_again] == [line.indicator]
    [kept] = await world.rows("SELECT value, line_id, target_id FROM submissions")
    assert kept == {"value": "12", "line_id": line.id, "target_id": before.target_id}
    await world.report(world.hoa, CASHLESS, Decimal(15))
    assert (await world.line(world.hoa, CASHLESS)).value == 15


async def test_no_figure_yet_stays_no_figure_yet(world: World) -> None:
    await world.report(world.hoa, CASHLESS, None)
    amended = await world.amend(version({CASHLESS: {UNIT: "%"}}))
    line = await world.line(world.hoa, CASHLESS)
    assert (line.status, line.value, line.verdict) == ("no_data", None, "not_assessable")
    assert amended.amendment.to_be_reported_again == ()


async def test_another_agency_owes_it_with_the_figure_it_has(world: World) -> None:
    before = await world.report(world.hoa, SCALE, Decimal(16))
    await world.amend(version({SCALE: {AGENCY: CULTURE}}))
    assert not [line for line in await world.lines(world.hoa) if SCALE in line.indicator]
    line = await world.line(world.lan, SCALE)
    assert (line.id, line.agency, line.value, line.verdict) == (before.id, CULTURE, 16, "met")
    assert line.duty_id != before.duty_id
    async with world.database.transaction() as tx:
        assert await duties.line_of(tx, world.hoa, before.id) is None


async def test_another_deadline_makes_a_duty_of_its_own_or_joins_one(world: World) -> None:
    before, certified = await world.line(world.lan, HEALTH), await world.line(world.lan, CERTIFIED)
    amended = await world.amend(version({HEALTH: {DEADLINE: "Tháng 11/2026"}, COVERAGE: {DEADLINE: "Tháng 10/2026"}}))
    line = await world.line(world.lan, HEALTH)
    assert (line.id, line.due, line.duty_id) == (before.id, NOVEMBER, certified.duty_id)
    assert line.duty_id != before.duty_id
    early = await world.line(world.lan, COVERAGE)
    assert early.due == date(2026, 10, 31)
    duty = await world.duty(early.duty_id)
    assert datetime.fromisoformat(duty["next_reminder_at"]) == first_reminder(early.due, LATER, CALENDAR)
    assert duty["reminded_at"] is None
    assert len(amended.amendment.deadline_changed) == 2


async def test_what_is_dropped_is_kept_and_asked_for_no_more(world: World) -> None:
    before = await world.report(world.lan, ARTICLES, Decimal(11))
    amended = await world.amend(version(drop=[ARTICLES, HEALTH]))
    assert amended.dropped == 2
    assert {part.name: part.reported for part in amended.amendment.removed}[before.indicator] == 1
    names = [line.indicator for line in await world.lines(world.lan)]
    assert before.indicator not in names
    assert before.indicator[:20] not in await world.status()
    [kept] = await world.rows(
        "SELECT s.value, d.status, d.next_reminder_at, p.status AS plan FROM submissions s"
        " JOIN duty_lines l ON l.id = s.line_id JOIN duties d ON d.id = l.duty_id JOIN plans p ON p.id = d.plan_id"
    )
    assert kept == {"value": "11", "status": "complete", "next_reminder_at": None, "plan": "replaced"}


async def test_a_duty_nobody_owes_any_more_never_rings_again(world: World) -> None:
    gone = (await world.line(world.lan, CERTIFIED)).duty_id
    await world.amend(version(drop=[CERTIFIED, COACHED]))
    async with world.database.transaction() as tx:
        # As somebody does who looked just before: a person who joins, a digest taken back.
        duties.remind_next(tx, gone, MONDAY, None)
        duties.put_back(tx, gone, MONDAY, told=False)
    duty = await world.duty(gone)
    assert duty["next_reminder_at"] is None
    async with world.database.transaction() as tx:
        assert gone not in [found for found, _ in await duties.never_reminded(tx, duty["agency_id"])]
        due = await duties.claim_due(tx, MONDAY + timedelta(days=60))
    assert due is not None
    assert gone not in [duty.id for duty in due.duties]


async def test_reminders_go_on_where_nothing_changed(world: World) -> None:
    line = await world.line(world.lan, CERTIFIED)
    async with world.database.transaction() as tx:
        duties.remind_next(tx, line.duty_id, LATER + timedelta(days=1), MONDAY)
    before = await world.duty(line.duty_id)
    await world.amend(version({CERTIFIED: {TARGET: "$\\geq 35$"}}, drop=[COACHED]))
    after = await world.duty(line.duty_id)
    assert after["plan_id"] != before["plan_id"]
    assert {**after, "plan_id": before["plan_id"]} == before


async def test_a_closed_duty_that_lacks_a_figure_again_is_reminded_of_anew(world: World) -> None:
    for name in (CERTIFIED, COACHED):
        line = await world.report(world.lan, name, Decimal(100))
    assert (await world.duty(line.duty_id))["status"] == "complete"
    await world.amend(version({CERTIFIED: {TARGET: "Có", UNIT: ""}}))
    duty = await world.duty(line.duty_id)
    assert duty["status"] == "open"
    expected = first_reminder(NOVEMBER, LATER, CALENDAR)
    assert datetime.fromisoformat(duty["next_reminder_at"]) == expected


async def test_one_that_is_not_near_yet_waits_for_its_first_step(world: World) -> None:
    for line in await world.lines(world.hoa):
        await world.report(world.hoa, line.indicator, Decimal(12))
    assert (await world.duty(line.duty_id))["status"] == "complete"
    await world.amend(version({CASHLESS: {UNIT: "%"}}))
    duty = await world.duty(line.duty_id)
    assert datetime.fromisoformat(duty["next_reminder_at"]) == first_reminder(line.due, LATER, CALENDAR) > LATER


async def test_a_duty_whose_last_missing_line_goes_is_closed(world: World) -> None:
    line = await world.report(world.lan, CERTIFIED, Decimal(31))
    await world.amend(version(drop=[COACHED]))
    duty = await world.duty(line.duty_id)
    assert (duty["status"], duty["next_reminder_at"]) == ("complete", None)


async def test_a_new_row_is_owed(world: World) -> None:
    amended = await world.amend(version(add=[NEW_ROW]))
    line = await world.line(world.hoa, "Số hộ gia đình")
    assert (line.due, line.status, line.target.value) == (NOVEMBER, "missing", 500)
    assert [part.name for part in amended.amendment.added] == ["Số hộ gia đình có địa chỉ số"]
    assert amended.imported.indicators == 29
    assert (await world.status())["Số hộ gia đình có đị"].agency == ECONOMY


async def test_a_renamed_indicator_keeps_its_figure_once_a_person_says_so(world: World) -> None:
    before = await world.report(world.lan, COVERAGE, Decimal(71))
    new = version({COVERAGE: {NAME: "Tỷ lệ phủ sóng 6G trên dân số đạt"}})
    amended = await world.amend(new)
    line = await world.line(world.lan, "6G")
    assert (line.id, line.value) == (before.id, 71)
    assert amended.amendment.renamed == ((before.indicator, line.indicator),)


async def test_a_name_said_to_be_new_begins_without_a_figure(world: World) -> None:
    before = await world.report(world.lan, COVERAGE, Decimal(71))
    await world.amend(version({COVERAGE: {NAME: "Tỷ lệ phủ sóng 6G trên dân số đạt"}}), answer=NEW)
    line = await world.line(world.lan, "6G")
    assert (line.id == before.id, line.value) == (False, None)


async def test_the_same_table_in_another_file_changes_nothing_but_the_plan(world: World) -> None:
    for person_id, name, value in ((world.lan, CERTIFIED, Decimal(32)), (world.hoa, SCALE, None)):
        await world.report(person_id, name, value)
    lines = [*await world.lines(world.lan), *await world.lines(world.hoa)]
    status = [replace(row, indicator_id=0, plan_id=0, target_id=0) for row in (await world.status()).values()]
    rest = await world.rows(
        "SELECT id, agency_id, due_on, status, next_reminder_at, reminded_at FROM duties ORDER BY id"
    )
    figures = await world.rows("SELECT * FROM submissions ORDER BY id")
    amended = await world.amend(version(note="\n"))
    assert amended.amendment.unchanged == 28
    after = [*await world.lines(world.lan), *await world.lines(world.hoa)]
    assert [replace(line, target_id=0) for line in after] == [replace(line, target_id=0) for line in lines]
    assert [replace(row, indicator_id=0, plan_id=0, target_id=0) for row in (await world.status()).values()] == status
    assert figures == await world.rows("SELECT * FROM submissions ORDER BY id")
    assert rest == await world.rows(
        "SELECT id, agency_id, due_on, status, next_reminder_at, reminded_at FROM duties ORDER BY id"
    )
    assert [row["status"] for row in await world.rows("SELECT status FROM plans ORDER BY id")] == ["replaced", "active"]


async def test_versions_follow_one_another(world: World) -> None:
    before = await world.report(world.lan, CERTIFIED, Decimal(32))
    for target in ("$\\geq 35$", "$\\geq 31$", "$\\geq 33$"):
        await world.amend(version({CERTIFIED: {TARGET: target}}))
    line = await world.line(world.lan, CERTIFIED)
    assert (line.id, line.value, line.verdict) == (before.id, 32, "not_met")
    [kept] = await world.rows("SELECT verdict, target_id FROM submissions")
    assert kept == {"verdict": "met", "target_id": before.target_id}
    async with world.database.transaction() as tx:
        newest = await plans.in_force(tx, 1)
        assert newest.id == 4
        assert await reports.plan_years(tx, world.unit.id) == [2026]
        assert await plans.of_year(tx, world.unit.id, 2026) == [newest]
        assert len(await reports.status_rows(tx, world.unit.id, MONDAY.date())) == 28


async def test_who_owes_is_told_of_the_version_in_force(world: World) -> None:
    changes = {name: {AGENCY: CULTURE} for name in (SCALE, CASHLESS, "thương mại hóa", "(PII)", "(TFP)")}
    await world.amend(version(changes))
    async with world.database.transaction() as tx:
        assert ECONOMY not in await plans.reporters(tx, world.unit.id)
        assert await duties.lines_of(tx, world.hoa) == []


async def test_it_is_recorded_who_replaced_what(world: World) -> None:
    await world.report(world.lan, CERTIFIED, Decimal(32))
    new = version({CERTIFIED: {TARGET: "$\\geq 35$"}, SCALE: {AGENCY: CULTURE}}, drop=[ARTICLES], add=[NEW_ROW])
    await world.amend(new)
    [row] = await world.rows("SELECT subject, detail FROM audit WHERE action = 'plan.amended'")
    detail = json.loads(row["detail"])
    assert row["subject"] == "plan:2"
    assert (detail["replaces"], detail["lines"], detail["figures"], detail["again"]) == (1, 27, 1, 0)
    assert [detail[name] for name in ("added", "removed", "renamed", "targets", "agencies", "deadlines")] == [
        *(1, 1, 0),
        *(1, 1, 0),
    ]


async def test_a_line_left_behind_takes_no_figure(world: World) -> None:
    seen = await world.line(world.lan, ARTICLES)
    await world.amend(version(drop=[ARTICLES]))
    with pytest.raises(Outdated):
        async with world.database.transaction() as tx:
            submissions.record(tx, seen, world.lan, Decimal(11), "met", "11", {}, 99, LATER)
    assert await world.rows("SELECT id FROM submissions") == []


async def test_a_figure_judged_by_a_target_exchanged_meanwhile_is_judged_anew(world: World) -> None:
    seen = await world.line(world.lan, CERTIFIED)
    await world.amend(version({CERTIFIED: {TARGET: "$\\geq 35$"}}))
    with pytest.raises(Outdated):
        async with world.database.transaction() as tx:
            submissions.record(tx, seen, world.lan, Decimal(32), "met", "32", {}, 99, LATER)
    await world.report(world.lan, CERTIFIED, Decimal(32))
    assert (await world.line(world.lan, CERTIFIED)).verdict == "not_met"


async def test_the_plan_most_alike_is_the_one_replaced(world: World) -> None:
    other = version({name: {NAME: f"Chỉ tiêu khác {at}"} for at, name in enumerate((COVERAGE, HEALTH, SCALE))})
    async with world.database.transaction() as tx:
        await import_plan(tx, world.unit, draft(other), CALENDAR, MONDAY)
        alike = await find_alike(tx, world.unit, draft(version(note="\n")))
        assert alike is not None
        assert (alike.plan.id, alike.common, [plan.id for plan in alike.others]) == (1, 28, [2])
        alike = await find_alike(tx, world.unit, draft(other + b"\n"))
        assert alike is not None
        assert (alike.plan.id, [plan.id for plan in alike.others]) == (2, [1])


async def test_other_communes_are_left_alone(world: World) -> None:
    async with world.database.transaction() as tx:
        other = await take_in(tx, version(), "xã Yên Từ")
    before = await state_of(world.database, other)
    await world.amend(version({CERTIFIED: {TARGET: "$\\geq 35$"}}, drop=[HEALTH]))
    assert await state_of(world.database, other) == before


async def state_of(database: Database, unit: Unit) -> tuple[object, ...]:
    """Return what a commune's plans and duties are like."""

    async def rows(tx: Transaction, sql: str) -> list[dict[str, Any]]:
        return [dict(row) for row in await tx.all(sql, id=unit.id)]

    async with database.transaction() as tx:
        return (
            await rows(tx, "SELECT * FROM plans WHERE unit_id = :id ORDER BY id"),
            await rows(
                tx, "SELECT d.* FROM duties d JOIN plans p ON p.id = d.plan_id WHERE p.unit_id = :id ORDER BY d.id"
            ),
        )


def test_the_sample_has_the_rows_the_tests_change() -> None:
    names = [indicator.name for indicator in draft(version()).indicators]
    for row in (COVERAGE, CERTIFIED, COACHED, ARTICLES, HEALTH, CASHLESS, SCALE):
        assert len([name for name in names if row in name]) == 1


async def test_only_those_are_told_for_whom_something_changes(database: Database) -> None:
    world = await settled(database)
    amended = await world.amend(version({CERTIFIED: {TARGET: "$\\geq 35$"}}, drop=[ARTICLES]))
    told = await world.rows("SELECT recipient, payload FROM outbox WHERE payload LIKE '%có thay đổi%' ORDER BY id")
    assert amended.told == len(told)
    [lan] = [row["payload"] for row in told if row["recipient"] == LAN.id]
    assert "≥ 30 % → ≥ 35 %" in lan
    assert "Phòng Kinh tế" not in lan
    nothing = await world.amend(version({CERTIFIED: {TARGET: "$\\geq 35$"}}, drop=[ARTICLES], note="\n"), LATER)
    assert nothing.told == 0
