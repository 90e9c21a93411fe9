"""The door to either engine: what is committed, what leaves no trace, and what is done with parameters."""

from __future__ import annotations

import asyncio

import pytest

from storage.database import Database, Transaction, connect
from storage.errors import SpoiltTransaction
from tests.storage.counters import add_counter, count, names_of


class Refused(Exception):
    """What a block under test raises."""


async def test_what_a_block_did_is_there_after_it(database: Database) -> None:
    async with database.transaction() as tx:
        await add_counter(tx, "a")
    assert await names_of(database) == ["a"]


async def test_a_block_that_raises_leaves_no_trace(database: Database) -> None:
    with pytest.raises(Refused):
        async with database.transaction() as tx:
            await add_counter(tx, "a")
            tx.later("INSERT INTO units (kind, name, fold, created_at) VALUES ('commune', 'b', '0', '')")
            raise Refused
    assert await names_of(database) == []


async def test_a_block_sees_what_it_wrote_and_others_do_not(database_url: str, database: Database) -> None:
    other = await connect(database_url)
    async with database.transaction() as tx:
        await add_counter(tx, "a")
        assert [row["name"] for row in await tx.all("SELECT name FROM units")] == ["a"]
        if other.engine == "postgres":  # SQLite would have the other wait for the one writer
            assert await names_of(other) == []
    assert await names_of(other) == ["a"]
    await other.close()


async def test_later_runs_in_order_and_before_the_next_read(database: Database) -> None:
    async with database.transaction() as tx:
        tx.later("INSERT INTO units (kind, name, fold, created_at) VALUES ('commune', 'a', '0', '')")
        tx.later("UPDATE units SET name = 'b' WHERE name = 'a'")
        tx.later("UPDATE units SET name = 'c' WHERE name = 'b'")
        row = await tx.one("SELECT name FROM units")
        tx.later("UPDATE units SET name = 'd' WHERE name = 'c'")
        changed = await tx.run("UPDATE units SET name = 'e' WHERE name = 'd'")
    assert row is not None
    assert row["name"] == "c"
    assert changed == 1
    assert await names_of(database) == ["e"]


async def test_a_later_statement_that_fails_undoes_the_whole_block(database: Database) -> None:
    with pytest.raises(Exception, match=r"(?i)constraint"):
        async with database.transaction() as tx:
            await add_counter(tx, "a")
            tx.later("INSERT INTO units (kind, name, fold, created_at) VALUES ('hamlet', 'b', '0', '')")
            tx.later("INSERT INTO units (kind, name, fold, created_at) VALUES ('commune', 'c', '0', '')")
    assert await names_of(database) == []
    async with database.transaction() as tx:
        await add_counter(tx, "d")
    assert await names_of(database) == ["d"]


async def test_a_block_that_hides_a_failed_statement_does_not_commit(database: Database) -> None:
    with pytest.raises(SpoiltTransaction):
        async with database.transaction() as tx:
            await add_counter(tx, "a")
            with pytest.raises(Exception, match=r"(?i)constraint"):
                await tx.run("INSERT INTO units (kind, name, fold, created_at) VALUES ('hamlet', 'b', '0', '')")
    assert await names_of(database) == []


async def test_returning_hands_out_every_row_and_still_commits(database: Database) -> None:
    async with database.transaction() as tx:
        for name in "abc":
            await add_counter(tx, name)
        rows = await tx.all("UPDATE units SET fold = '1' RETURNING name")
        first = await tx.one("UPDATE units SET fold = '2' RETURNING name")
        changed = await tx.run("UPDATE units SET fold = '3' WHERE name <> 'c' RETURNING name")
        tx.later("UPDATE units SET fold = '4' WHERE name = 'c' RETURNING name")
    assert sorted(row["name"] for row in rows) == ["a", "b", "c"]
    assert first is not None
    assert changed == 2
    assert [await count(database, name) for name in "abc"] == [3, 3, 4]


async def test_key_says_so_when_nothing_was_inserted(database: Database) -> None:
    insert = (
        "INSERT INTO units (kind, name, fold, created_at) VALUES ('commune', 'a', '0', '')"
        " ON CONFLICT DO NOTHING RETURNING id"
    )
    async with database.transaction() as tx:
        assert await tx.key(insert) == 1
        with pytest.raises(LookupError):
            await tx.key(insert)


async def test_a_broken_reference_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        async with database.transaction() as tx:
            tx.later("INSERT INTO agencies (unit_id, name, fold, kind, created_at) VALUES (99, 'a', 'a', 'agency', '')")


async def test_forty_increments_by_compare_and_set_make_forty(database: Database) -> None:
    async with database.transaction() as tx:
        await add_counter(tx, "a")

    async def increment() -> None:
        while True:
            async with database.transaction() as tx:
                seen = await _seen(tx)
                new = str(int(seen) + 1)
                if await tx.run("UPDATE units SET fold = :new WHERE name = 'a' AND fold = :seen", new=new, seen=seen):
                    return

    await asyncio.gather(*(increment() for _ in range(40)))
    assert await count(database, "a") == 40


async def _seen(tx: Transaction) -> str:
    row = await tx.one("SELECT fold FROM units WHERE name = 'a'")
    assert row is not None
    return str(row["fold"])


async def test_blocks_that_fail_do_not_disturb_their_neighbours(database: Database) -> None:
    async def add(number: int) -> None:
        async with database.transaction() as tx:
            await add_counter(tx, f"{number:02}")
            if number % 3 == 0:
                raise Refused

    outcomes = await asyncio.gather(*(add(number) for number in range(30)), return_exceptions=True)
    assert [isinstance(outcome, Refused) for outcome in outcomes] == [number % 3 == 0 for number in range(30)]
    assert await names_of(database) == [f"{number:02}" for number in range(30) if number % 3]


@pytest.mark.parametrize(
    "text",
    [
        "'; DROP TABLE units; --",
        "x' OR '1'='1",
        ":name",
        "$1 $LOCK $ID",
        "12:30 :: text",
        'quote " and \\ backslash',
        "xã Vũ Dương 🌾\nhai dòng",
        "",
    ],
)
async def test_a_parameter_is_a_value_whatever_it_looks_like(database: Database, text: str) -> None:
    async with database.transaction() as tx:
        await add_counter(tx, text)
        row = await tx.one("SELECT name FROM units WHERE name = :name", name=text)
    assert row is not None
    assert row["name"] == text


async def test_what_stands_in_quotes_or_a_comment_is_no_parameter(database: Database) -> None:
    async with database.transaction() as tx:
        row = await tx.one(
            "SELECT 'lúc :gio, mã $ID' AS \"cột :x\", 'it''s :y' AS quoted, -- chú thích :z, it's $LOCK\n"
            " CAST(:value AS TEXT) AS value, CAST(:value AS TEXT) AS again, '12:30' AS clock",
            value="v",
        )
    assert row is not None
    assert dict(row) == {
        "cột :x": "lúc :gio, mã $ID",
        "quoted": "it's :y",
        "value": "v",
        "again": "v",
        "clock": "12:30",
    }


async def test_a_cast_of_postgresql_is_no_parameter(postgres_url: str) -> None:
    database = await connect(postgres_url)
    async with database.transaction() as tx:
        row = await tx.one("SELECT :a::text || '1'::text AS a, (:b)::bigint AS b", a="x", b=2)
    assert row is not None
    assert dict(row) == {"a": "x1", "b": 2}
    await database.close()


async def test_a_parameter_left_out_is_an_error_and_undoes_the_block(database: Database) -> None:
    with pytest.raises(Exception, match="name"):
        async with database.transaction() as tx:
            await add_counter(tx, "a")
            await tx.all("SELECT id FROM units WHERE name = :name")
    assert await names_of(database) == []
