"""What is to be reminded of now: a commune at a time, by one ringer, to the people who can be reached."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from domain.messages import Address
from storage import duties, notices, people, submissions, units
from storage.database import Database, Row, Transaction, connect
from tests.cast import (
    DUE,
    ECONOMY,
    HOA,
    LAN,
    MONDAY,
    POLICE,
    Cast,
    indicator,
    join,
    line_of,
    plan,
    settle_in,
    store_duty,
)
from tests.transactions import Passing

TOMORROW = MONDAY + timedelta(days=1)
MOMENT = timedelta(microseconds=1)


async def claim(database: Database, now: datetime = MONDAY) -> duties.DueUnit | None:
    """Claim a commune and move its bells to tomorrow, as the ringer does."""
    async with database.transaction() as tx:
        due = await duties.claim_due(tx, now)
        for duty in due.duties if due else ():
            duties.remind_next(tx, duty.id, TOMORROW, MONDAY)
    return due


async def more_communes(database: Database, cast: Cast, number: int) -> list[int]:
    """Store communes, each with a duty that is due."""
    found = []
    for each in range(number):
        async with database.transaction() as tx:
            commune = await units.ensure_unit(tx, "commune", f"xã {each}", cast.province, MONDAY)
            agency = await units.ensure_agency(tx, commune.id, ECONOMY, "agency", MONDAY)
        await store_duty(database, commune.id, agency)
        found.append(commune.id)
    return found


async def told(database: Database, unit_id: int, agency_id: int) -> list[tuple[int, Address]]:
    """The officers of an agency who can be told, and where."""
    async with database.transaction() as tx:
        found = await notices.people_of(tx, unit_id, MONDAY.date())
    officers = [contact for contact in found.contacts.get(agency_id, ()) if contact.rung == "officer"]
    return [(each.person_id, found.addresses[each.person_id]) for each in officers if each.reachable]


async def test_all_that_is_due_in_a_commune_is_claimed_together(database: Database) -> None:
    cast = await settle_in(database)
    first = await store_duty(database, cast.commune.id, cast.economy)
    second = await store_duty(
        database, cast.commune.id, cast.police, plan(indicator(1, "An ninh"), sha256="1" * 64), due=date(2026, 11, 27)
    )
    later = plan(indicator(1, "Chưa đến hạn nhắc"), sha256="2" * 64)
    await store_duty(database, cast.commune.id, cast.economy, later, first_reminder_at=TOMORROW)
    due = await claim(database)
    assert due is not None
    assert (due.unit_id, due.unit_name) == (cast.commune.id, "xã Vũ Dương")
    assert [(found.id, found.agency, found.due) for found in due.duties] == [
        (second.duty_id, POLICE, date(2026, 11, 27)),
        (first.duty_id, ECONOMY, DUE),
    ]
    assert [line.indicator for line in due.duties[1].lines] == ["Hồ sơ trực tuyến", "Chữ ký số"]
    assert await told(database, cast.commune.id, cast.police) == []
    assert await told(database, cast.commune.id, cast.economy) == [(cast.lan, LAN), (cast.hoa, HOA)]
    assert await claim(database) is None


async def test_a_bell_rings_at_its_instant_and_not_before(database: Database) -> None:
    cast = await settle_in(database)
    await store_duty(database, cast.commune.id, cast.economy)
    assert await claim(database, MONDAY - MOMENT) is None
    assert await claim(database, MONDAY + timedelta(days=30)) is not None
    async with database.transaction() as tx:
        assert await duties.next_bell(tx) == TOMORROW


async def test_only_lines_without_a_figure_are_asked_for(database: Database) -> None:
    cast = await settle_in(database)
    draft = plan(*(indicator(seq, name) for seq, name in enumerate("abc", 1)))
    duty = await store_duty(database, cast.commune.id, cast.economy, draft)
    for line_id, value in ((duty.lines[0], Decimal(60)), (duty.lines[1], None)):
        line = await line_of(database, cast.lan, line_id)
        async with database.transaction() as tx:
            submissions.record(tx, line, cast.lan, value, "met", "", {}, line_id, MONDAY)
    due = await claim(database)
    assert due is not None
    assert [(line.indicator, line.status) for line in due.duties[0].lines] == [("b", "no_data"), ("c", "missing")]


async def test_a_person_is_told_once_at_the_first_address_that_is_reachable(database: Database) -> None:
    cast = await settle_in(database)
    await store_duty(database, cast.commune.id, cast.economy)
    second = Address("zalo", "lan")
    async with database.transaction() as tx:
        tx.later(
            "INSERT INTO addresses (channel, external_id, person_id, created_at) VALUES ('zalo', 'lan', :lan, '')",
            lan=cast.lan,
        )
        people.mark_address(tx, HOA, "unreachable")
    assert await told(database, cast.commune.id, cast.economy) == [(cast.lan, LAN)]
    async with database.transaction() as tx:
        people.mark_address(tx, LAN, "unreachable")
    assert await told(database, cast.commune.id, cast.economy) == [(cast.lan, second)]


async def test_two_ringers_never_hold_the_same_commune(postgres_url: str) -> None:
    database = await connect(postgres_url)
    cast = await settle_in(database)
    await store_duty(database, cast.commune.id, cast.economy)
    (other,) = await more_communes(database, cast, 1)
    async with database.transaction() as one, database.transaction() as two, database.transaction() as three:
        claimed = [await duties.claim_due(tx, MONDAY) for tx in (one, two, three)]
    assert [due.unit_id if due else None for due in claimed] == [cast.commune.id, other, None]
    await database.close()


async def test_four_ringers_claim_each_commune_once(database: Database) -> None:
    cast = await settle_in(database)
    expected = await more_communes(database, cast, 8)
    rung: Counter[int] = Counter()
    together = asyncio.Barrier(4)

    async def ring() -> None:
        await together.wait()
        while due := await claim(database):
            assert due.duties
            rung[due.unit_id] += 1

    await asyncio.gather(*(ring() for _ in range(4)))
    assert rung == Counter(expected)


class _Overtaken(Passing):
    """Lets something else happen right after the first statement."""

    def __init__(self, tx: Transaction, meanwhile: Awaitable[None]) -> None:
        super().__init__(tx)
        self._meanwhile: Awaitable[None] | None = meanwhile

    async def all(self, sql: str, /, **parameters: Any) -> Sequence[Row]:
        rows = await super().all(sql, **parameters)
        meanwhile, self._meanwhile = self._meanwhile, None
        if meanwhile:
            await meanwhile
        return rows


async def test_a_commune_rung_for_just_before_its_lock_is_passed_over_for_the_next(postgres_url: str) -> None:
    database = await connect(postgres_url)
    cast = await settle_in(database)
    duty = await store_duty(database, cast.commune.id, cast.economy)
    (other,) = await more_communes(database, cast, 1)

    async def ring_elsewhere() -> None:
        async with database.transaction() as tx:
            duties.remind_next(tx, duty.duty_id, TOMORROW, MONDAY)

    async with database.transaction() as tx:
        due = await duties.claim_due(_Overtaken(tx, ring_elsewhere()), MONDAY)
    assert due is not None
    assert due.unit_id == other
    await database.close()


async def test_an_import_into_a_commune_does_not_hold_its_reminders_back(postgres_url: str) -> None:
    database = await connect(postgres_url)
    cast = await settle_in(database)
    await store_duty(database, cast.commune.id, cast.economy)
    async with database.transaction() as importing:
        await units.ensure_agency(importing, cast.commune.id, "Trạm Y tế", "agency", MONDAY)
        assert await claim(database) is not None
    await database.close()


async def test_a_duty_that_was_completed_meanwhile_gets_no_new_bell(database: Database) -> None:
    cast = await settle_in(database)
    duty = await store_duty(database, cast.commune.id, cast.economy, plan(indicator(1, "a")))
    line = await line_of(database, cast.lan, duty.lines[0])
    async with database.transaction() as tx:
        submissions.record(tx, line, cast.lan, Decimal(60), "met", "", {}, 1, MONDAY)
        duties.remind_next(tx, duty.duty_id, TOMORROW, MONDAY)
    async with database.transaction() as tx:
        assert await duties.next_bell(tx) is None


async def test_a_duty_counts_as_reminded_only_when_somebody_was_told(database: Database) -> None:
    cast = await settle_in(database)
    duty = await store_duty(database, cast.commune.id, cast.economy)
    for reminded_at, expected in ((None, [(duty.duty_id, DUE)]), (MONDAY, []), (None, [])):
        async with database.transaction() as tx:
            duties.remind_next(tx, duty.duty_id, TOMORROW, reminded_at)
            assert await duties.never_reminded(tx, cast.economy) == expected


async def test_lines_are_listed_by_due_day_up_to_the_one_asked_for(database: Database) -> None:
    cast = await settle_in(database)
    await store_duty(database, cast.commune.id, cast.economy, plan(indicator(1, "sau"), sha256="1" * 64))
    early = plan(indicator(1, "trước"), sha256="2" * 64)
    await store_duty(database, cast.commune.id, cast.economy, early, due=date(2026, 11, 27))
    async with database.transaction() as tx:
        assert [line.indicator for line in await duties.lines_of(tx, cast.lan)] == ["trước", "sau"]
        near = await duties.lines_of(tx, cast.lan, date(2026, 11, 27))
    assert [(line.indicator, line.section, line.unit_name) for line in near] == [
        ("trước", "Chính quyền số", "xã Vũ Dương")
    ]


async def test_who_joins_a_second_agency_sees_the_duties_of_both(database: Database) -> None:
    cast = await settle_in(database)
    await store_duty(database, cast.commune.id, cast.economy)
    await store_duty(database, cast.commune.id, cast.police, plan(indicator(1, "c"), sha256="1" * 64))
    son = await join(database, "Sơn", Address("telegram", "9001"), "officer", cast.commune.id, cast.police)
    async with database.transaction() as tx:
        assert [line.agency for line in await duties.lines_of(tx, son)] == [POLICE]
        assert {line.agency for line in await duties.lines_of(tx, cast.lan)} == {ECONOMY}
