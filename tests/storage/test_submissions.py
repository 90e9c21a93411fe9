"""Figures: the newest counts and the old are kept; two officers cannot overwrite each other unseen."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.model import DutyLine, FigureValue
from storage import duties, reports, submissions
from storage.database import Database, connect
from storage.errors import Outdated
from tests.cast import MONDAY, Cast, StoredDuty, indicator, line_of, plan, settle_in, store_duty

LATER = MONDAY + timedelta(hours=1)
NEXT = MONDAY + timedelta(days=2)


async def record(
    database: Database,
    line: DutyLine,
    person_id: int,
    value: FigureValue,
    inbox_id: int,
    now: datetime = MONDAY,
    **more: Any,
) -> bool:
    """Record a figure in a transaction of its own; False when the line had changed."""
    try:
        async with database.transaction() as tx:
            submissions.record(
                tx, line, person_id, value, "met", str(value), {"action": "accept"}, inbox_id, now, **more
            )
    except Outdated:
        return False
    return True


async def duty_row(database: Database, duty_id: int) -> dict[str, Any]:
    """Return what is kept of a duty's state."""
    async with database.transaction() as tx:
        row = await tx.one("SELECT status, next_reminder_at FROM duties WHERE id = :id", id=duty_id)
        bell = await duties.next_bell(tx)
    assert row is not None
    return {"status": row["status"], "bell": bell}


async def stored(database: Database) -> list[tuple[str | None, int | None]]:
    """Return every figure ever given, with the one it replaced."""
    async with database.transaction() as tx:
        rows = await tx.all("SELECT value, replaces_id FROM submissions ORDER BY id")
    return [(row["value"], row["replaces_id"]) for row in rows]


async def settled(database: Database, *names: str) -> tuple[Cast, StoredDuty]:
    """Return the cast and a duty with a line for each name."""
    cast = await settle_in(database)
    draft = plan(*(indicator(seq, name) for seq, name in enumerate(names or ("a", "b"), 1)))
    return cast, await store_duty(database, cast.commune.id, cast.economy, draft)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (Decimal("66.50"), "66.50"),
        (Decimal("1E+3"), "1000"),
        (Decimal("12345678901234567890.123456789"), "12345678901234567890.123456789"),
        (Decimal("-0.5"), "-0.5"),
        (Decimal(0), "0"),
        (True, "yes"),
        (False, "no"),
        ("in_progress", "in_progress"),
        (None, None),
    ],
)
async def test_a_figure_comes_back_as_it_was_given(database: Database, value: FigureValue, kept: str | None) -> None:
    cast, duty = await settled(database)
    assert await record(database, await line_of(database, cast.lan, duty.lines[0]), cast.lan, value, 1)
    line = await line_of(database, cast.hoa, duty.lines[0])
    assert line.value == value
    assert type(line.value) is type(value)
    assert (line.status, line.verdict, line.reported_at) == ("no_data" if value is None else "reported", "met", MONDAY)
    assert await stored(database) == [(kept, None)]
    async with database.transaction() as tx:
        rows = await reports.status_rows(tx, cast.commune.id, MONDAY.date())
    assert rows[0].value == value
    assert [row.status for row in rows] == [line.status, "missing"]


async def test_no_figure_yet_is_never_zero(database: Database) -> None:
    cast, duty = await settled(database, "a")
    await record(database, await line_of(database, cast.lan, duty.lines[0]), cast.lan, None, 1)
    line = await line_of(database, cast.lan, duty.lines[0])
    assert line.value is None
    assert line.value != 0
    assert (await duty_row(database, duty.duty_id))["status"] == "open"


async def test_a_figure_replaced_is_kept(database: Database) -> None:
    cast, duty = await settled(database)
    for inbox_id, value in enumerate(("60", "61", "62"), 1):
        line = await line_of(database, cast.lan, duty.lines[0])
        assert await record(database, line, cast.lan, Decimal(value), inbox_id)
    assert await stored(database) == [("60", None), ("61", 1), ("62", 2)]
    assert (await line_of(database, cast.lan, duty.lines[0])).value == 62


async def test_of_two_officers_who_saw_the_same_line_one_wins(database: Database) -> None:
    cast, duty = await settled(database)
    line = await line_of(database, cast.lan, duty.lines[0])
    won = await asyncio.gather(
        record(database, line, cast.lan, Decimal(60), 1), record(database, line, cast.hoa, Decimal(70), 2)
    )
    assert sorted(won) == [False, True]
    assert await stored(database) == [("60" if won[0] else "70", None)]
    again = await line_of(database, cast.lan, duty.lines[0])
    assert again.value == (60 if won[0] else 70)
    assert not await record(database, line, cast.hoa, Decimal(80), 3)  # still from what was seen at first
    assert await record(database, again, cast.hoa, Decimal(80), 4)


async def test_the_same_message_handled_twice_stores_one_figure(database: Database) -> None:
    cast, duty = await settled(database)
    line = await line_of(database, cast.lan, duty.lines[0])
    assert await record(database, line, cast.lan, Decimal(60), 7)
    assert not await record(database, line, cast.lan, Decimal(60), 7)
    with pytest.raises(Exception, match=r"(?i)unique"):
        await record(database, await line_of(database, cast.lan, line.id), cast.lan, None, 7)
    assert await stored(database) == [("60", None)]
    assert (await line_of(database, cast.lan, line.id)).status == "reported"
    other = await line_of(database, cast.lan, duty.lines[1])
    assert await record(database, other, cast.lan, Decimal(61), 7)  # one message may hold figures for several lines


async def test_a_duty_closes_with_its_last_line_and_no_bell_rings_for_it(database: Database) -> None:
    cast, duty = await settled(database)
    for inbox_id, line_id in enumerate(duty.lines, 1):
        assert await duty_row(database, duty.duty_id) == {"status": "open", "bell": MONDAY}
        await record(database, await line_of(database, cast.lan, line_id), cast.lan, Decimal(60), inbox_id)
    assert await duty_row(database, duty.duty_id) == {"status": "complete", "bell": None}
    async with database.transaction() as tx:
        assert await duties.claim_due(tx, LATER) is None
        assert await duties.never_reminded(tx, cast.economy) == []


async def test_a_closed_duty_opens_again_when_a_figure_is_taken_back(database: Database) -> None:
    cast, duty = await settled(database, "a")
    await record(database, await line_of(database, cast.lan, duty.lines[0]), cast.lan, Decimal(60), 1)
    line = await line_of(database, cast.lan, duty.lines[0])
    assert await record(database, line, cast.lan, None, 2, LATER, remind_at=NEXT)
    assert await duty_row(database, duty.duty_id) == {"status": "open", "bell": NEXT}
    async with database.transaction() as tx:
        assert await duties.claim_due(tx, LATER) is None
        due = await duties.claim_due(tx, NEXT)
    assert due is not None
    assert [found.id for found in due.duties[0].lines] == [line.id]
    line = await line_of(database, cast.lan, duty.lines[0])
    assert await record(database, line, cast.lan, Decimal(61), 3, LATER)
    assert await duty_row(database, duty.duty_id) == {"status": "complete", "bell": None}


async def test_a_duty_opened_again_without_a_day_is_due_at_once(database: Database) -> None:
    cast, duty = await settled(database, "a")
    await record(database, await line_of(database, cast.lan, duty.lines[0]), cast.lan, Decimal(60), 1)
    await record(database, await line_of(database, cast.lan, duty.lines[0]), cast.lan, None, 2, LATER)
    assert await duty_row(database, duty.duty_id) == {"status": "open", "bell": LATER}


async def test_a_correction_leaves_a_closed_duty_closed_and_an_open_one_its_bell(database: Database) -> None:
    cast, duty = await settled(database)
    await record(database, await line_of(database, cast.lan, duty.lines[0]), cast.lan, None, 1, LATER, remind_at=NEXT)
    assert await duty_row(database, duty.duty_id) == {"status": "open", "bell": MONDAY}
    for inbox_id, line_id in enumerate(duty.lines, 2):
        await record(database, await line_of(database, cast.lan, line_id), cast.lan, Decimal(60), inbox_id)
    line = await line_of(database, cast.lan, duty.lines[0])
    assert await record(database, line, cast.lan, Decimal(61), 4, LATER, remind_at=NEXT)
    assert await duty_row(database, duty.duty_id) == {"status": "complete", "bell": None}


async def test_the_last_two_lines_reported_at_once_close_the_duty(database: Database) -> None:
    cast, duty = await settled(database, *"abcdef")
    lines = [await line_of(database, cast.lan, line_id) for line_id in duty.lines]
    together = asyncio.Barrier(len(lines))

    async def report(line: DutyLine) -> bool:
        await together.wait()
        return await record(database, line, cast.hoa, Decimal(60), line.id)

    assert all(await asyncio.gather(*(report(line) for line in lines)))
    assert await duty_row(database, duty.duty_id) == {"status": "complete", "bell": None}


async def test_a_second_officer_waits_for_the_first_before_the_duty_is_settled(postgres_url: str) -> None:
    database = await connect(postgres_url)
    cast, duty = await settled(database)
    lan, hoa = [await line_of(database, cast.lan, line_id) for line_id in duty.lines]
    async with database.transaction() as tx:
        submissions.record(tx, lan, cast.lan, Decimal(60), "met", "60", {}, 1, MONDAY)
        await tx.all("SELECT 1")  # all that was queued has run, nothing is committed
        second = asyncio.create_task(record(database, hoa, cast.hoa, Decimal(70), 2))
        async with database.transaction() as watch:
            while not await watch.all("SELECT 1 FROM pg_locks WHERE NOT granted"):
                assert not second.done(), "the second officer was not held back"
    assert await second
    assert await duty_row(database, duty.duty_id) == {"status": "complete", "bell": None}
    await database.close()


async def test_only_who_answers_for_a_line_sees_it(database: Database) -> None:
    cast, duty = await settled(database)
    async with database.transaction() as tx:
        assert await duties.line_of(tx, cast.minh, duty.lines[0]) is None
        assert [line.id for line in await duties.lines_of(tx, cast.hoa)] == list(duty.lines)
        assert await duties.lines_of(tx, cast.minh) == []
