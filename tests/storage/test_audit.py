"""The record of who did what is a chain: whoever changes, removes or adds a line of it by hand is found out."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

from storage import audit, submissions
from storage.database import Database
from storage.verification import Fault, Verified, verify
from tests.cast import MONDAY, line_of, settle_in, store_duty

HERE, THERE = 1, 2


async def noted(database: Database, count: int = 5) -> None:
    """Write lines for two units, in turn."""
    for number in range(count):
        async with database.transaction() as tx:
            audit.note(
                tx, "agency.renamed", f"agency:{number}", MONDAY, unit_id=HERE, was="Phòng Kinh tế", now_is="PKT"
            )
            audit.note(tx, "reminder.nobody", f"duty:{number}", MONDAY, unit_id=THERE)


async def verified(database: Database) -> Verified:
    async with database.transaction() as tx:
        return await verify(tx)


async def tamper(database: Database, sql: str) -> list[Fault]:
    """Do something by hand, and return what is found."""
    async with database.transaction() as tx:
        assert await tx.run(sql) > 0
    return (await verified(database)).faults


async def test_a_record_nobody_touched_holds(database: Database) -> None:
    await noted(database)
    found = await verified(database)
    assert (found.faults, found.lines) == ([], 10)
    assert [(unit_id, length) for unit_id, length, _ in found.heads] == [(HERE, 5), (THERE, 5)]


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("UPDATE audit SET detail = '{}' WHERE unit_id = 1 AND position = 3", Fault(HERE, 3, "changed")),
        ("UPDATE audit SET at = '2026-01-01' WHERE unit_id = 1 AND position = 1", Fault(HERE, 1, "changed")),
        ("UPDATE audit SET hash = 'x' WHERE unit_id = 2 AND position = 2", Fault(THERE, 2, "changed")),
        ("DELETE FROM audit WHERE unit_id = 1 AND position = 1", Fault(HERE, 1, "missing")),
        ("DELETE FROM audit WHERE unit_id = 1 AND position = 4", Fault(HERE, 4, "missing")),
        ("DELETE FROM audit WHERE unit_id = 1 AND position = 5", Fault(HERE, 5, "missing")),
        ("DELETE FROM audit WHERE unit_id = 1", Fault(HERE, 1, "missing")),
        ("UPDATE audit SET position = -1 WHERE unit_id = 1 AND position = 5", Fault(HERE, 5, "missing")),
        (
            "INSERT INTO audit (at, unit_id, action, subject, detail) VALUES ('2026', 1, 'x', 'y', '{}')",
            Fault(HERE, None, "inserted"),
        ),
        (
            "INSERT INTO audit (at, unit_id, action, subject, detail, position, hash)"
            " VALUES ('2026', 1, 'x', 'y', '{}', 6, 'z')",
            Fault(HERE, 6, "inserted"),
        ),
        (
            "INSERT INTO audit (at, unit_id, action, subject, detail, position, hash)"
            " VALUES ('2026', 9, 'x', 'y', '{}', 1, 'z')",
            Fault(9, None, "inserted"),
        ),
        ("UPDATE audit_chains SET length = 4 WHERE unit_id = 1", Fault(HERE, 5, "inserted")),
    ],
)
async def test_a_line_changed_removed_or_added_by_hand_is_found(database: Database, sql: str, fault: Fault) -> None:
    await noted(database)
    assert fault in await tamper(database, sql)


async def test_a_line_removed_with_those_after_it_moved_up_is_found(database: Database) -> None:
    await noted(database)
    await tamper(database, "DELETE FROM audit WHERE unit_id = 1 AND position = 3")
    await tamper(database, "UPDATE audit SET position = 3 WHERE unit_id = 1 AND position = 4")
    faults = await tamper(database, "UPDATE audit SET position = 4 WHERE unit_id = 1 AND position = 5")
    assert Fault(HERE, 3, "changed") in faults


async def test_a_figure_is_in_the_record_and_one_changed_by_hand_is_found(database: Database) -> None:
    cast = await settle_in(database)
    stored = await store_duty(database, cast.commune.id, cast.economy)
    for inbox_id, value in enumerate(("32.5", "66.5"), 1):
        line = await line_of(database, cast.lan, stored.lines[0])
        async with database.transaction() as tx:
            submissions.record(tx, line, cast.lan, Decimal(value), "met", value, {}, inbox_id, MONDAY)
    async with database.transaction() as tx:
        newest, first = await audit.lines_of(tx, [cast.commune.id], 10)
    assert (first.person, first.detail) == ("Lan", {"was": None, "now_is": "32.5"})
    assert newest.detail == {"was": "32.5", "now_is": "66.5"}
    assert (await verified(database)).faults == []
    assert await tamper(database, "UPDATE submissions SET value = '99' WHERE inbox_id = 2") == [
        Fault(cast.commune.id, 2, "figure")
    ]
    await tamper(database, "UPDATE submissions SET value = '66.5' WHERE inbox_id = 2")
    forged = (
        "INSERT INTO submissions (line_id, person_id, value, verdict, typed, reading, recorded_at, inbox_id)"
        " SELECT line_id, person_id, '99', verdict, typed, reading, recorded_at, 3 FROM submissions WHERE inbox_id = 2"
    )
    assert await tamper(database, forged) == [Fault(0, None, "figures")]


async def test_a_spoilt_line_is_reported_and_hides_no_other(database: Database) -> None:
    await noted(database)
    for spoilt in ("subject = 'figure:x:y'", "detail = '{'", "detail = '[]'", "subject = 'figure'"):
        sql = f"UPDATE audit SET action = 'figure.recorded', {spoilt} WHERE unit_id = 1 AND position = 2"
        faults = await tamper(database, sql)
        assert {Fault(HERE, 2, "changed"), Fault(HERE, 2, "figure")} <= set(faults)


async def test_lines_written_at_once_stand_in_one_chain(database: Database) -> None:
    async def work(number: int) -> None:
        async with database.transaction() as tx:
            await tx.all("SELECT 1")
            for unit_id in (HERE, THERE) if number % 2 else (THERE, HERE):
                audit.note(tx, "reminder.nobody", f"duty:{number}", MONDAY, unit_id=unit_id)

    await asyncio.gather(*(work(number) for number in range(16)))
    found = await verified(database)
    assert (found.faults, found.lines) == ([], 32)


async def test_what_was_undone_is_not_in_the_record(database: Database) -> None:
    await noted(database, 1)
    with pytest.raises(RuntimeError):
        async with database.transaction() as tx:
            audit.note(tx, "agency.renamed", "agency:9", MONDAY, unit_id=HERE)
            raise RuntimeError
    found = await verified(database)
    assert (found.faults, found.lines) == ([], 2)


async def test_lines_from_before_there_was_a_chain_are_let_be(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.run("INSERT INTO audit (at, action, subject, detail) VALUES ('2026-01-01', 'x', 'y', '{}')")
    await noted(database, 1)
    found = await verified(database)
    assert (found.faults, found.lines, found.unchained) == ([], 2, 1)


async def test_the_newest_lines_of_some_units_are_read_page_by_page(database: Database) -> None:
    await noted(database)
    async with database.transaction() as tx:
        first = await audit.lines_of(tx, [HERE], 3)
        rest = await audit.lines_of(tx, [HERE], 3, before=first[-1].id)
        assert [line.subject for line in (*first, *rest)] == [f"agency:{number}" for number in (4, 3, 2, 1, 0)]
        assert len(await audit.lines_of(tx, [HERE, THERE], 99)) == 10
