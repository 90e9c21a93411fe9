"""Who may come in, once, with which code; what they may do, and where they are reached."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from domain.messages import Address
from storage import duties, inbox, notices, people, units
from storage.database import Database
from tests.cast import HOA, LAN, MINH, MONDAY, THU, Cast, join, message, settle_in, store_duty

CODE = "7KQ2-MX9P"
ENDS = MONDAY + timedelta(days=7)
NEW = Address("telegram", "9001")


@pytest.fixture
async def cast(database: Database) -> Cast:
    """The cast, settled in."""
    return await settle_in(database)


async def invite(database: Database, cast: Cast) -> people.Invitation:
    """Invite a new officer of the police and return what the code opens."""
    async with database.transaction() as tx:
        await people.invite(tx, CODE, "officer", "Sơn", cast.commune.id, cast.police, ENDS, MONDAY)
        invited = await people.find_invitation(tx, CODE, MONDAY)
    assert invited is not None
    return invited


async def test_a_code_opens_the_agency_it_was_made_for(database: Database, cast: Cast) -> None:
    invited = await invite(database, cast)
    assert (invited.role, invited.name) == ("officer", "Sơn")
    assert (invited.unit_name, invited.agency_name, invited.expires_at) == ("xã Vũ Dương", "Công an xã", ENDS)
    async with database.transaction() as tx:
        person_id = await people.accept(tx, invited, NEW, None, MONDAY)
    assert person_id is not None
    async with database.transaction() as tx:
        assert [found.agency_name for found in await people.memberships(tx, person_id)] == ["Công an xã"]
        assert await people.addresses_of(tx, person_id) == [NEW]
        assert await people.find_invitation(tx, CODE, MONDAY) is None
        assert await people.invitation(tx, invited.id, MONDAY) is None


async def test_a_code_used_by_ten_at_once_lets_one_in(database: Database, cast: Cast) -> None:
    invited = await invite(database, cast)

    async def use(number: int) -> int | None:
        async with database.transaction() as tx:
            return await people.accept(tx, invited, Address("telegram", f"95{number}"), None, MONDAY)

    came_in = [found for found in await asyncio.gather(*(use(number) for number in range(10))) if found]
    assert len(came_in) == 1
    async with database.transaction() as tx:
        rows = await tx.all("SELECT name FROM people WHERE name = 'Sơn'")
        used = await tx.one("SELECT status, used_by FROM invitations WHERE id = :id", id=invited.id)
    assert len(rows) == 1
    assert used is not None
    assert dict(used) == {"status": "used", "used_by": came_in[0]}


async def test_a_code_past_its_day_opens_nothing(database: Database, cast: Cast) -> None:
    invited = await invite(database, cast)
    async with database.transaction() as tx:
        assert await people.find_invitation(tx, CODE, ENDS - timedelta(seconds=1)) is not None
        assert await people.find_invitation(tx, CODE, ENDS) is None
        assert await people.invitation(tx, invited.id, ENDS) is None
        assert await people.accept(tx, invited, NEW, None, ENDS) is None


async def test_a_code_is_nowhere_in_the_database(database: Database, cast: Cast) -> None:
    await invite(database, cast)
    async with database.transaction() as tx:
        rows = await tx.all("SELECT * FROM invitations")
        noted = await tx.all("SELECT * FROM audit")
    kept = " ".join(str(value) for row in [*rows, *noted] for value in dict(row).values())
    assert people.code_hash(CODE) in kept
    assert CODE not in kept


async def test_the_same_code_cannot_be_made_twice(database: Database, cast: Cast) -> None:
    await invite(database, cast)
    with pytest.raises(Exception, match=r"(?i)unique"):
        await invite(database, cast)


async def test_wrong_codes_lock_an_address_and_a_right_one_frees_it(database: Database, cast: Cast) -> None:
    until = MONDAY + timedelta(hours=1)

    async def count() -> bool:
        async with database.transaction() as tx:
            return await people.count_wrong_code(tx, NEW, until, MONDAY)

    allowed = people.WRONG_CODES_ALLOWED
    assert [await count() for _ in range(allowed)] == [False] * (allowed - 1) + [True]
    async with database.transaction() as tx:
        inbox.record(tx, [message(NEW, "1", CODE)], MONDAY)
    async with database.transaction() as tx:
        claimed = await inbox.claim(tx, MONDAY, ["telegram"])
    assert claimed is not None
    assert claimed.locked_until == until
    assert not await count()  # counted afresh once locked
    invited = await invite(database, cast)
    async with database.transaction() as tx:
        await people.accept(tx, invited, NEW, None, MONDAY)
        row = await tx.one("SELECT wrong_codes, locked_until FROM addresses WHERE external_id = :id", id=NEW.id)
    assert row is not None
    assert dict(row) == {"wrong_codes": 0, "locked_until": None}


async def test_wrong_codes_at_once_are_all_counted(database: Database, cast: Cast) -> None:
    async def count() -> bool:
        async with database.transaction() as tx:
            return await people.count_wrong_code(tx, NEW, ENDS, MONDAY)

    assert sum(await asyncio.gather(*(count() for _ in range(10)))) == 2


async def test_somebody_known_keeps_their_name_and_gains_a_role(database: Database, cast: Cast) -> None:
    async with database.transaction() as tx:
        await people.invite(tx, CODE, "leader", "Lan (phó chủ tịch)", cast.commune.id, None, ENDS, MONDAY)
        invited = await people.find_invitation(tx, CODE, MONDAY)
        assert invited is not None
        assert await people.accept(tx, invited, LAN, cast.lan, MONDAY) == cast.lan
    async with database.transaction() as tx:
        assert [(grant.role, grant.unit_name) for grant in await people.grants(tx, cast.lan)] == [
            ("leader", "xã Vũ Dương")
        ]
        assert len(await people.memberships(tx, cast.lan)) == 1
        assert await people.by_name(tx, "Lan", "telegram") == [LAN]


async def test_a_leader_sees_the_commune_and_a_province_sees_all_its_communes(database: Database, cast: Cast) -> None:
    async with database.transaction() as tx:
        other = await units.ensure_unit(tx, "commune", "xã Yên Từ", cast.province, MONDAY)
        assert await units.within_reach(tx, cast.minh) == [cast.commune]
        assert await units.within_reach(tx, cast.thu) == [cast.commune, other]
        assert await units.within_reach(tx, cast.lan) == []
        assert await units.communes(tx) == [cast.commune, other]


async def test_admins_of_the_commune_and_of_its_province_are_told(database: Database, cast: Cast) -> None:
    await join(database, "Bình", NEW, "admin", cast.commune.id)
    async with database.transaction() as tx:
        assert set(await people.admins_of(tx, cast.commune.id)) == {THU, NEW}
        assert await people.admins_of(tx, cast.province.id) == [THU]
        people.mark_address(tx, NEW, "unreachable")
        assert await people.admins_of(tx, cast.commune.id) == [THU]


async def test_an_address_lost_is_passed_over_until_it_is_back(database: Database, cast: Cast) -> None:
    async with database.transaction() as tx:
        people.mark_address(tx, MINH, "unreachable")
        assert await people.addresses_of(tx, cast.minh) == []
        people.mark_address(tx, MINH, "reachable")
        assert await people.addresses_of(tx, cast.minh) == [MINH]
        assert await people.other_channels(tx, "telegram") == 1


async def test_the_same_name_is_the_same_unit_and_agency(database: Database, cast: Cast) -> None:
    async def ensure() -> tuple[int, int]:
        async with database.transaction() as tx:
            unit = await units.ensure_unit(tx, "commune", "xã Yên Từ", cast.province, MONDAY)
            return unit.id, await units.ensure_agency(tx, unit.id, "Trạm Y tế", "agency", MONDAY)

    assert len(set(await asyncio.gather(*(ensure() for _ in range(6))))) == 1
    async with database.transaction() as tx:
        assert await units.find(tx, cast.commune.id) == cast.commune
        assert await units.find(tx, 99) is None
        assert [name for _, name in await units.agencies(tx, cast.commune.id)] == ["Công an xã", "Phòng Kinh tế"]


async def test_a_head_may_be_a_contact_too_and_an_alternate_becomes_primary(database: Database, cast: Cast) -> None:
    async with database.transaction() as tx:
        for role in ("head", "alternate", "primary"):
            people.add_member(tx, cast.hoa, cast.police, role, MONDAY)
        found = {each.agency_name: each.roles for each in await people.memberships(tx, cast.hoa)}
        assert found == {"Công an xã": ("head", "primary"), "Phòng Kinh tế": ("primary",)}
        assert await people.heads_of(tx, cast.police) == [(cast.hoa, HOA)]
        people.mark_address(tx, HOA, "unreachable")
        assert await people.heads_of(tx, cast.police) == []


async def test_a_head_owes_each_figure_once_and_is_not_reminded_of_it(database: Database, cast: Cast) -> None:
    stored = await store_duty(database, cast.commune.id, cast.economy)
    async with database.transaction() as tx:
        people.add_member(tx, cast.lan, cast.economy, "head", MONDAY)  # primary contact as well
        people.add_member(tx, cast.minh, cast.economy, "head", MONDAY)
        for person in (cast.lan, cast.minh):
            assert [line.id for line in await duties.lines_of(tx, person)] == list(stored.lines)
        found = await notices.people_of(tx, cast.commune.id, MONDAY.date())
    officers = [each.person_id for each in found.contacts[cast.economy] if each.rung == "officer"]
    assert officers == [cast.lan, cast.hoa]
