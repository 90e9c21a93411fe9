"""Who is to confirm: heads are asked when the last figure is there, once, and again only for what changed since."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

from storage import amendments, confirmations, duties, oversight, reports, reviews, rules, submissions
from storage.confirmations import Complete
from storage.database import Database
from storage.errors import Outdated
from tests.cast import MONDAY, THU, Cast, StoredDuty, indicator, join, line_of, plan, store_duty
from tests.storage.test_reviews import confirm, reported, send_back, unconfirmed
from tests.storage.test_submissions import record, settled


async def plan_of(database: Database, duty_id: int) -> int:
    """Return the plan of a duty."""
    async with database.transaction() as tx:
        row = await tx.one("SELECT plan_id FROM duties WHERE id = :id", id=duty_id)
    assert row is not None
    return int(row["plan_id"])


async def confirmed(database: Database, *names: str) -> tuple[Cast, StoredDuty, int]:
    """Return the cast, a duty with every line reported whose plan asks for confirmation, and the agency's head."""
    cast, duty = await reported(database, *names)
    plan_id = await plan_of(database, duty.duty_id)
    async with database.transaction() as tx:
        rules.confirm(tx, plan_id, "head")
    head = await join(database, "Tâm", THU.__class__("telegram", "5001"), "head", cast.commune.id, cast.economy)
    return cast, duty, head


async def ask(database: Database, duty_id: int) -> Complete | None:
    """Ask the heads of a duty's agency, if they are to be asked."""
    async with database.transaction() as tx:
        duties.hold(tx, duty_id)
        found = await confirmations.to_be_asked(tx, duty_id)
        if found is not None:
            confirmations.asked(tx, duty_id)
    return found


async def test_only_the_plan_says_whether_anybody_is_asked(database: Database) -> None:
    cast, duty = await reported(database, "a")
    assert await ask(database, duty.duty_id) is None
    async with database.transaction() as tx:
        [row] = await reports.status_rows(tx, cast.commune.id, MONDAY.date())
    assert not row.preliminary


async def test_heads_are_asked_once_and_anew_when_something_was_decided_since(database: Database) -> None:
    cast, duty, head = await confirmed(database, "a", "b")
    found = await ask(database, duty.duty_id)
    assert found is not None
    assert (found.lines, found.waiting, found.headed, found.head_wanted) == (2, 2, True, False)
    assert await record(database, await line_of(database, cast.lan, duty.lines[0]), cast.lan, Decimal(61), 50)
    assert await ask(database, duty.duty_id) is None  # what they were sent leads to the new figure
    assert await confirm(database, head, await unconfirmed(database, head))
    assert await ask(database, duty.duty_id) is None
    assert await record(database, await line_of(database, cast.lan, duty.lines[0]), cast.lan, Decimal(62), 51)
    found = await ask(database, duty.duty_id)
    assert found is not None
    assert found.waiting == 1
    assert await send_back(database, cast.minh, duty.lines[1])
    assert await ask(database, duty.duty_id) is None  # not complete
    assert await record(database, await line_of(database, cast.lan, duty.lines[1]), cast.lan, Decimal(63), 52)
    assert await ask(database, duty.duty_id) is not None
    assert await ask(database, duty.duty_id) is None


async def test_of_two_officers_who_give_the_last_two_figures_at_once_one_has_the_heads_asked(
    database: Database,
) -> None:
    cast, duty = await settled(database, "a", "b")
    plan_id = await plan_of(database, duty.duty_id)
    async with database.transaction() as tx:
        rules.confirm(tx, plan_id, "head")
    lines = [await line_of(database, cast.lan, line_id) for line_id in duty.lines]

    async def give(person_id: int, at: int) -> bool:
        async with database.transaction() as tx:
            submissions.record(tx, lines[at], person_id, Decimal(9), "met", "9", {"action": "accept"}, at + 1, MONDAY)
            found = await confirmations.to_be_asked(tx, duty.duty_id)
            if found is not None:
                confirmations.asked(tx, duty.duty_id)
        return found is not None

    assert sorted(await asyncio.gather(give(cast.lan, 0), give(cast.hoa, 1))) == [False, True]


async def test_an_admin_is_told_once_that_nobody_heads_an_agency(database: Database) -> None:
    cast, duty = await reported(database, "a")
    plan_id = await plan_of(database, duty.duty_id)
    async with database.transaction() as tx:
        rules.confirm(tx, plan_id, "head")
    async with database.transaction() as tx:
        found = await confirmations.to_be_asked(tx, duty.duty_id)
        assert found is not None
        assert (found.headed, found.head_wanted) == (False, False)
        assert await confirmations.complete_in(tx, plan_id) == [duty.duty_id]
        confirmations.wanted(tx, cast.economy, MONDAY)
    async with database.transaction() as tx:
        found = await confirmations.to_be_asked(tx, duty.duty_id)
        assert found is not None
        assert found.head_wanted
    with pytest.raises(Outdated):
        async with database.transaction() as tx:
            confirmations.wanted(tx, cast.economy, MONDAY)


async def test_figures_of_such_a_plan_are_preliminary_until_confirmed(database: Database) -> None:
    cast, duty, head = await confirmed(database, "a", "b")
    first = await line_of(database, cast.lan, duty.lines[0])
    async with database.transaction() as tx:
        reviews.confirm(tx, [first], head, MONDAY)
    async with database.transaction() as tx:
        rows = await reports.status_rows(tx, cast.commune.id, MONDAY.date())
    assert [(row.confirmed, row.preliminary) for row in rows] == [(True, False), (False, True)]
    assert await send_back(database, cast.minh, duty.lines[1])
    async with database.transaction() as tx:
        rows = await reports.status_rows(tx, cast.commune.id, MONDAY.date())
    assert [row.preliminary for row in rows] == [False, False]  # what is missing is not preliminary


async def test_a_new_version_has_the_rules_of_the_old_one(database: Database) -> None:
    cast, duty, _ = await confirmed(database, "a")
    old = await plan_of(database, duty.duty_id)
    later = await store_duty(database, cast.commune.id, cast.economy, plan(indicator(1, "b"), sha256="2" * 64))
    new = await plan_of(database, later.duty_id)
    async with database.transaction() as tx:
        rules.close(tx, old, 5)
        amendments.replace(tx, old, new)
    async with database.transaction() as tx:
        [found] = await rules.of_unit(tx, cast.commune.id)
    assert (found.plan_id, found.confirmed_by, found.closes_after) == (new, "head", 5)
    with pytest.raises(Outdated):
        async with database.transaction() as tx:
            rules.close(tx, old, 20)  # in force no longer


async def test_whoever_sent_a_figure_back_waits_for_the_next_one_that_is_a_figure(database: Database) -> None:
    cast, duty = await reported(database, "a")
    [line_id] = duty.lines

    async def waiting() -> list[str]:
        async with database.transaction() as tx:
            return [each.name for each in await oversight.who_sent_back(tx, line_id)]

    assert await waiting() == []
    assert await send_back(database, cast.minh, line_id)
    assert await record(database, await line_of(database, cast.lan, line_id), cast.lan, None, 50)
    assert await record(database, await line_of(database, cast.lan, line_id), cast.lan, Decimal(70), 51)
    assert await waiting() == ["Minh"]
    assert await record(database, await line_of(database, cast.lan, line_id), cast.lan, Decimal(71), 52)
    assert await waiting() == []
