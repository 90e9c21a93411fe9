"""Requests: one of a kind open for a duty, decided once by whoever may; an extension keeps the plan's own day."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

from storage import amendments, duties, history, requests
from storage.database import Database
from storage.errors import Outdated
from storage.requests import Request
from tests.cast import DUE, MONDAY, Cast, StoredDuty, line_of, settle_in, store_duty
from tests.storage.test_submissions import duty_row

LATER = date(2026, 12, 5)
WANTED = {"day": LATER.isoformat(), "due": DUE.isoformat(), "missing": 2}


async def asked(database: Database) -> tuple[Cast, StoredDuty, Request]:
    """Return the cast, a duty, and Lan's request for more time."""
    cast = await settle_in(database)
    duty = await store_duty(database, cast.commune.id, cast.economy)
    return cast, duty, await ask(database, cast, duty)


async def ask(database: Database, cast: Cast, duty: StoredDuty) -> Request:
    async with database.transaction() as tx:
        number = await requests.add(tx, "extension", duty.duty_id, cast.lan, "chờ số liệu", WANTED, MONDAY)
        request = await requests.find(tx, number)
    assert request is not None
    return request


async def decide(database: Database, request: Request, person_id: int, status: str = "granted") -> bool:
    try:
        async with database.transaction() as tx:
            requests.decide(tx, request, status, person_id, MONDAY)  # type: ignore[arg-type]
            if status == "granted":
                duties.extend(tx, request.duty_id, request.day, MONDAY + timedelta(days=5))
    except Outdated:
        return False
    return True


async def test_a_request_says_what_is_asked_and_by_whom(database: Database) -> None:
    _, duty, request = await asked(database)
    assert (request.who, request.words, request.day, request.was_due, request.due) == (
        "Lan",
        "chờ số liệu",
        LATER,
        DUE,
        DUE,
    )
    assert (request.agency, request.unit_name, request.status, request.decided_at) == (
        "Phòng Kinh tế",
        "xã Vũ Dương",
        "open",
        None,
    )
    assert request.duty_id == duty.duty_id
    async with database.transaction() as tx:
        assert await requests.find(tx, 999) is None


async def test_only_who_may_decide_finds_it_waiting(database: Database) -> None:
    cast, _, request = await asked(database)
    async with database.transaction() as tx:
        for who, expected in ((cast.minh, [request]), (cast.thu, [request]), (cast.lan, []), (cast.hoa, [])):
            assert await requests.open_for(tx, who) == expected


async def test_of_those_who_decide_at_once_one_does(database: Database) -> None:
    cast, duty, request = await asked(database)
    won = await asyncio.gather(
        *(decide(database, request, who, what) for who in (cast.minh, cast.thu) for what in ("granted", "refused"))
    )
    assert sum(won) == 1
    async with database.transaction() as tx:
        found = await requests.find(tx, request.id)
        assert await requests.open_for(tx, cast.minh) == []
    assert found is not None
    line = await line_of(database, cast.lan, duty.lines[0])
    assert line.due == (LATER if found.status == "granted" else DUE)


async def test_asking_anew_withdraws_what_was_asked_before(database: Database) -> None:
    cast, duty, request = await asked(database)
    again = await ask(database, cast, duty)
    async with database.transaction() as tx:
        assert [each.id for each in await requests.open_for(tx, cast.minh)] == [again.id]
        before = await requests.find(tx, request.id)
    assert before is not None
    assert before.status == "withdrawn"
    assert not await decide(database, request, cast.minh)


async def test_two_officers_who_ask_at_once_leave_one_request_open(database: Database) -> None:
    cast, duty, _ = await asked(database)
    await asyncio.gather(*(ask(database, cast, duty) for _ in range(5)))
    async with database.transaction() as tx:
        assert len(await requests.open_for(tx, cast.minh)) == 1


async def test_an_extension_counts_and_the_plans_own_day_is_kept(database: Database) -> None:
    cast, duty, request = await asked(database)
    assert await decide(database, request, cast.minh)
    assert (await line_of(database, cast.lan, duty.lines[0])).due == LATER
    assert (await duty_row(database, duty.duty_id))["bell"] == MONDAY + timedelta(days=5)
    async with database.transaction() as tx:
        row = await tx.one("SELECT extended_from FROM duties WHERE id = :id", id=duty.duty_id)
        [held] = await amendments.hold(tx, duty.plan_id)  # a new version of the plan knows the duty by its own day
        told = [(event.kind, event.who, event.day) for event in await history.of_line(tx, duty.lines[0])]
    assert row is not None
    assert row["extended_from"] == DUE.isoformat()
    assert held.owing.due == DUE
    assert sorted(told) == [("extension_granted", "Minh", LATER), ("extension_open", "Lan", LATER)]


async def test_why_a_request_was_refused_is_said_once(database: Database) -> None:
    cast, _, request = await asked(database)

    async def explain(words: str) -> bool:
        try:
            async with database.transaction() as tx:
                requests.explain(tx, request, words)
        except Outdated:
            return False
        return True

    assert not await explain("chưa quyết")
    assert await decide(database, request, cast.minh, "refused")
    assert sorted(await asyncio.gather(explain("quá gấp"), explain("quá gấp"))) == [False, True]
    async with database.transaction() as tx:
        found = await requests.find(tx, request.id)
    assert found is not None
    assert (found.answer, found.decided_by) == ("quá gấp", cast.minh)
