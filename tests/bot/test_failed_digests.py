"""A digest that was not sent is no reminder: its duties are due again, and another address is used at once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot import scheduler
from bot.app import App
from bot.channels.base import SendError
from bot.channels.simulator import Simulator
from bot.rehearsal import drain, travel
from domain.delivery import SendOutcome
from domain.messages import WEAKEST, Address, Outgoing
from storage import people
from storage.database import Database
from tests.bot.stage import clock, heard, phones, program, rows
from tests.cast import MONDAY

OPENING = MONDAY.replace(hour=8)
NEXT_OPENING = OPENING + timedelta(days=1)


class Plain(Simulator):
    """Another messenger, without buttons."""

    name = "plain"


def fail_for(app: App, who: str, outcome: SendOutcome) -> None:
    """Let every send to somebody fail."""

    def failure(address: Address, _: Outgoing) -> None:
        if address.id == who:
            raise SendError(outcome, "tried")

    phones(app).failure = failure


async def join(app: App, who: str, address: Address) -> None:
    """Let somebody into the agency that Lan answers for."""
    async with app.database.transaction() as tx:
        found = await tx.one(
            "SELECT m.agency_id, a.unit_id FROM memberships m JOIN agencies a ON a.id = m.agency_id ORDER BY 1"
        )
        assert found is not None
        end = MONDAY + timedelta(days=9)
        await people.invite(tx, who, "officer", who, found["unit_id"], found["agency_id"], end, MONDAY)
        invited = await people.find_invitation(tx, who, MONDAY)
        assert invited is not None
        await people.accept(tx, invited, address, None, MONDAY)


async def near_duties(app: App) -> list[tuple[str, bool]]:
    found = await rows(
        app.database,
        "SELECT d.next_reminder_at, d.reminded_at FROM duties d JOIN memberships m ON m.agency_id = d.agency_id"
        " WHERE d.due_on = '2026-11-30'",
    )
    return [(row["next_reminder_at"], row["reminded_at"] is not None) for row in found]


async def bells(app: App) -> set[datetime]:
    return {datetime.fromisoformat(at) for at, _ in await near_duties(app)}


async def test_a_network_down_for_ten_minutes_costs_no_reminder(database: Database) -> None:
    app = await program(database)
    fail_for(app, "lan", "not_sent")
    await scheduler.ring(app)
    until = app.clock.now() + timedelta(minutes=10)
    while app.clock.now() < until:
        await drain(app)
        clock(app).move(timedelta(seconds=10))
    phones(app).failure = None
    clock(app).move(timedelta(minutes=10))
    await drain(app)
    assert len(heard(app, "lan")) == 1


async def test_a_network_down_all_day_is_made_up_for_the_next_morning(database: Database) -> None:
    app = await program(database)
    fail_for(app, "lan", "not_sent")
    await scheduler.ring(app)
    while app.clock.now() < MONDAY.replace(hour=18):
        await drain(app)
        clock(app).move(timedelta(minutes=5))
    assert heard(app, "lan") == []
    assert await bells(app) == {NEXT_OPENING}
    assert {told for _, told in await near_duties(app)} == {False}
    phones(app).failure = None
    await travel(app, clock(app), NEXT_OPENING)
    assert len(heard(app, "lan")) == 1


@pytest.mark.parametrize("outcome", ["refused", "ambiguous", "blocked"])
async def test_what_a_digest_that_was_not_taken_is_about_is_due_the_next_morning(
    database: Database, outcome: SendOutcome
) -> None:
    app = await program(database)
    fail_for(app, "lan", outcome)
    await scheduler.ring(app)
    await drain(app)
    clock(app).move(timedelta(minutes=1))  # what may have arrived is tried once more
    await drain(app)
    assert await bells(app) == {NEXT_OPENING}
    assert {told for _, told in await near_duties(app)} == {False}


async def test_an_agency_whose_other_officer_was_told_is_not_told_again_the_next_morning(database: Database) -> None:
    app = await program(database)
    await join(app, "hoa", Address("simulator", "hoa"))
    fail_for(app, "lan", "refused")
    await scheduler.ring(app)
    await drain(app)
    assert len(heard(app, "hoa")) == 1
    assert NEXT_OPENING not in await bells(app)


async def test_an_agency_of_which_nobody_was_told_is_due_again(database: Database) -> None:
    app = await program(database)
    await join(app, "hoa", Address("simulator", "hoa"))

    def failure(*_: object) -> None:
        raise SendError("refused", "tried")

    phones(app).failure = failure
    await scheduler.ring(app)
    await drain(app)
    assert await bells(app) == {NEXT_OPENING}


async def with_another_address(database: Database) -> tuple[App, Simulator]:
    app = await program(database)
    plain = Plain(WEAKEST)
    app.channels = [*app.channels, plain]
    async with database.transaction() as tx:
        await tx.run(
            "INSERT INTO addresses (channel, external_id, person_id, created_at)"
            " SELECT 'plain', 'lan-2', person_id, created_at FROM addresses WHERE external_id = 'lan'"
        )
    return app, plain


async def test_somebody_who_blocked_one_address_is_reminded_at_the_next_at_once(database: Database) -> None:
    app, plain = await with_another_address(database)
    fail_for(app, "lan", "blocked")
    await scheduler.ring(app)
    await drain(app)
    assert await bells(app) == {app.clock.now()}
    await scheduler.ring(app)
    await drain(app)
    [message] = plain.heard
    assert message.who == "lan-2"
    assert "Có thể gõ" in message.outgoing.text, "worded for the channel it goes out over"
    await scheduler.ring(app)
    await drain(app)
    assert len(plain.heard) == 1


async def test_a_colleague_already_told_is_not_told_twice_then(database: Database) -> None:
    app, plain = await with_another_address(database)
    await join(app, "hoa", Address("simulator", "hoa"))
    fail_for(app, "lan", "blocked")
    for _ in range(3):
        await scheduler.ring(app)
        await drain(app)
    assert len(plain.heard) == len(heard(app, "hoa")) == 1


async def test_out_of_hours_the_other_address_waits_for_the_morning(database: Database) -> None:
    app, plain = await with_another_address(database)
    await scheduler.ring(app)
    fail_for(app, "lan", "blocked")
    clock(app).move_to(MONDAY.replace(hour=20))
    await drain(app)
    assert await bells(app) == {NEXT_OPENING}
    await travel(app, clock(app), NEXT_OPENING)
    assert len(plain.heard) == 1


async def test_what_waits_behind_a_blocked_answer_is_no_reminder_either(database: Database) -> None:
    app = await program(database)
    fail_for(app, "lan", "blocked")
    phones(app).say("lan", "/help", app.clock.now())
    await scheduler.ring(app)
    await drain(app)
    assert [row["status"] for row in await rows(database, "SELECT status FROM outbox WHERE recipient = 'lan'")] == [
        "failed",
        "failed",
    ]
    assert await bells(app) == {NEXT_OPENING}
