"""Figures sent back: the line is missing again, the figure stays, and nobody decides of a figure they have not seen."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from decimal import Decimal

from storage import duties, history, oversight, reports, reviews
from storage.database import Database
from storage.errors import Outdated
from tests.cast import HOA, LAN, MINH, MONDAY, THU, Cast, StoredDuty, join, line_of
from tests.storage.test_submissions import duty_row, record, settled

NEXT = MONDAY + timedelta(days=2)
WHY = "chưa khớp với báo cáo quý III"


async def reported(database: Database, *names: str) -> tuple[Cast, StoredDuty]:
    """Return the cast and a duty of which Lan has reported every line."""
    cast, duty = await settled(database, *names)
    for inbox_id, line_id in enumerate(duty.lines, 1):
        assert await record(database, await line_of(database, cast.lan, line_id), cast.lan, Decimal(60), inbox_id)
    return cast, duty


async def send_back(database: Database, person_id: int, line_id: int, seen: int | None = None) -> bool:
    """Send a line's figure back as somebody who looks after its unit; False when it had changed."""
    try:
        async with database.transaction() as tx:
            line = await oversight.line_of(tx, person_id, "send_back", line_id)
            assert line is not None
            assert seen is None or line.submission_id == seen
            reviews.send_back(tx, line, person_id, WHY, MONDAY, remind_at=NEXT)
    except Outdated:
        return False
    return True


async def test_a_figure_sent_back_is_missing_again_and_kept(database: Database) -> None:
    cast, duty = await reported(database, "a", "b")
    assert (await duty_row(database, duty.duty_id))["status"] == "complete"
    assert await send_back(database, cast.minh, duty.lines[0])
    line = await line_of(database, cast.lan, duty.lines[0])
    assert (line.status, line.returned, line.value) == ("missing", WHY, 60)
    assert (await line_of(database, cast.lan, duty.lines[1])).returned == ""
    assert await duty_row(database, duty.duty_id) == {"status": "open", "bell": NEXT}
    async with database.transaction() as tx:
        rows = await reports.status_rows(tx, cast.commune.id, MONDAY.date())
        assert [(row.status, row.returned) for row in rows] == [("missing", WHY), ("reported", "")]
        [returned, given] = await history.of_line(tx, duty.lines[0])
    assert (returned.kind, returned.who, returned.value, returned.words) == ("returned", "Minh", 60, WHY)
    assert (given.kind, given.who, given.words) == ("figure", "Lan", "")


async def test_a_new_figure_ends_it(database: Database) -> None:
    cast, duty = await reported(database, "a")
    await send_back(database, cast.minh, duty.lines[0])
    assert await record(database, await line_of(database, cast.hoa, duty.lines[0]), cast.hoa, Decimal(60), 9)
    line = await line_of(database, cast.lan, duty.lines[0])
    assert (line.status, line.returned) == ("reported", "")
    assert (await duty_row(database, duty.duty_id))["status"] == "complete"
    assert await send_back(database, cast.thu, duty.lines[0])  # the same number once more is another figure
    async with database.transaction() as tx:
        kinds = [event.kind for event in await history.of_line(tx, duty.lines[0])]
    assert sorted(kinds) == ["figure", "figure", "returned", "returned"]


async def test_a_figure_is_sent_back_once(database: Database) -> None:
    cast, duty = await reported(database, "a")
    assert await send_back(database, cast.minh, duty.lines[0])
    assert not await send_back(database, cast.minh, duty.lines[0])
    assert not await send_back(database, cast.thu, duty.lines[0])


async def test_of_two_leaders_at_once_one_sends_it_back(database: Database) -> None:
    cast, duty = await reported(database, "a")
    won = await asyncio.gather(*(send_back(database, who, duty.lines[0]) for who in (cast.minh, cast.thu) * 3))
    assert sorted(won) == [False] * 5 + [True]


async def test_of_a_correction_and_a_return_at_once_the_one_that_came_second_sees_the_other(database: Database) -> None:
    cast, duty = await reported(database, "a")
    for attempt in range(5):
        seen = await line_of(database, cast.lan, duty.lines[0])
        corrected, returned = await asyncio.gather(
            record(database, seen, cast.lan, Decimal(70 + attempt), 100 + attempt),
            _return_seen(database, cast.minh, seen),
        )
        line = await line_of(database, cast.lan, duty.lines[0])
        # A figure sent back may still be replaced by the one that was on its way; one never seen is not sent back.
        assert corrected
        assert line.value == 70 + attempt
        assert (line.status, line.returned) == ("reported", "")
        async with database.transaction() as tx:
            returns = [event for event in await history.of_line(tx, duty.lines[0]) if event.kind == "returned"]
        assert [event.value for event in returns if event.value == 70 + attempt] == []
        assert returned == any(event.value == seen.value for event in returns)


async def _return_seen(database: Database, person_id: int, seen: duties.DutyLine) -> bool:
    try:
        async with database.transaction() as tx:
            reviews.send_back(tx, seen, person_id, WHY, MONDAY, remind_at=NEXT)
    except Outdated:
        return False
    return True


async def test_only_who_looks_after_the_unit_or_its_province_sees_a_line_to_decide_of(database: Database) -> None:
    cast, duty = await reported(database, "a")
    async with database.transaction() as tx:
        other = await tx.key(
            "INSERT INTO units (kind, name, fold, parent_id, created_at)"
            " VALUES ('commune', 'xã Hoa Lư', 'xa hoa lu', :parent, '') RETURNING id",
            parent=cast.province.id,
        )
    elsewhere = await join(database, "Bình", THU.__class__("telegram", "4001"), "leader", other)
    async with database.transaction() as tx:
        for who, sees in (
            (cast.minh, True),
            (cast.thu, True),
            (cast.lan, False),
            (cast.hoa, False),
            (elsewhere, False),
        ):
            assert (await oversight.line_of(tx, who, "send_back", duty.lines[0]) is not None) is sees
            assert (len(await oversight.newest(tx, who, "send_back", 5)) == 1) is sees


async def test_officers_are_told_where_they_joined_and_overseers_at_the_nearest_level(database: Database) -> None:
    cast, duty = await reported(database, "a")
    async with database.transaction() as tx:
        officers = await oversight.officers_of(tx, duty.duty_id)
        leaders = await oversight.overseers_of(tx, cast.commune.id, "leader")
        admins = await oversight.overseers_of(tx, cast.commune.id, "admin")
    assert [each.address for each in officers] == [LAN, HOA]
    assert [each.address for each in leaders] == [MINH]
    assert [each.address for each in admins] == [THU]  # the commune has none of its own


async def confirm(database: Database, person_id: int, lines: list[duties.DutyLine]) -> bool:
    """Confirm figures as they were read; False when one had changed."""
    try:
        async with database.transaction() as tx:
            reviews.confirm(tx, lines, person_id, MONDAY)
    except Outdated:
        return False
    return True


async def unconfirmed(database: Database, person_id: int) -> list[duties.DutyLine]:
    """Return what waits for somebody's confirmation."""
    async with database.transaction() as tx:
        return await reviews.unconfirmed(tx, person_id)


async def test_a_head_confirms_figures_once_and_a_correction_is_confirmed_anew(database: Database) -> None:
    cast, duty = await reported(database, "a", "b")
    head = await join(database, "Tâm", THU.__class__("telegram", "5001"), "head", cast.commune.id, cast.economy)
    waiting = await unconfirmed(database, head)
    assert [line.id for line in waiting] == list(duty.lines)
    for who in (cast.lan, cast.minh, cast.thu):
        assert await unconfirmed(database, who) == []
    won = await asyncio.gather(*(confirm(database, head, waiting) for _ in range(3)))
    assert sorted(won) == [False, False, True]
    assert await unconfirmed(database, head) == []
    async with database.transaction() as tx:
        assert [row.confirmed for row in await reports.status_rows(tx, cast.commune.id, MONDAY.date())] == [True, True]
    assert await record(database, await line_of(database, cast.lan, duty.lines[0]), cast.lan, Decimal(70), 50)
    assert not await confirm(database, head, waiting)  # what was shown is not what stands
    assert [line.value for line in await unconfirmed(database, head)] == [70]
    async with database.transaction() as tx:
        assert [row.confirmed for row in await reports.status_rows(tx, cast.commune.id, MONDAY.date())] == [False, True]


async def test_what_was_sent_back_cannot_be_confirmed(database: Database) -> None:
    cast, duty = await reported(database, "a")
    head = await join(database, "Tâm", THU.__class__("telegram", "5001"), "head", cast.commune.id, cast.economy)
    waiting = await unconfirmed(database, head)
    assert await send_back(database, cast.minh, duty.lines[0])
    assert await unconfirmed(database, head) == []
    assert not await confirm(database, head, waiting)
