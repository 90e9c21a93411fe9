"""Bringing a database to the newest shape: once, whoever else starts at the same moment, all or nothing."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage import migrate
from storage.database import Database, connect
from storage.errors import DatabaseTooNew, MigrationChanged, MigrationTwice
from storage.migrate import Migration

FIRST = Migration(1, "first", "CREATE TABLE first (id $ID, word TEXT);", "sum of first")
SECOND = Migration(2, "second", "CREATE TABLE second (id $ID);\nINSERT INTO first (word) VALUES ('x');", "sum 2")
BROKEN = Migration(2, "broken", "CREATE TABLE second (id $ID);\nINSERT INTO nowhere (word) VALUES ('x');", "sum 2")


@pytest.fixture
async def bare(bare_url: str) -> AsyncIterator[Database]:
    """An open database on each engine in which nothing was ever made."""
    database = await connect(bare_url)
    yield database
    await database.close()


def ship(monkeypatch: pytest.MonkeyPatch, *migrations: Migration) -> None:
    """Have the program come with these migrations."""
    monkeypatch.setattr(migrate, "shipped", lambda: list(migrations))


async def tables(database: Database) -> set[str]:
    """Return the names of the tables there are."""
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        "postgres": "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
    }
    async with database.transaction() as tx:
        return {row["name"] for row in await tx.all(catalogue[database.engine])}


async def test_what_is_shipped_is_applied_in_order_and_once(bare: Database) -> None:
    shipped = migrate.shipped()
    assert [migration.number for migration in shipped] == list(range(1, len(shipped) + 1))
    assert await migrate.missing(bare) == shipped
    assert await migrate.migrate(bare) == shipped
    assert await migrate.missing(bare) == []
    assert await migrate.migrate(bare) == []
    assert {"units", "duties", "inbox", "outbox", "migrations"} <= await tables(bare)


async def test_asking_what_is_missing_makes_nothing(bare: Database) -> None:
    await migrate.missing(bare)
    assert await tables(bare) == set()


async def test_a_second_migration_is_added_to_the_first(bare: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    ship(monkeypatch, FIRST)
    await migrate.migrate(bare)
    ship(monkeypatch, FIRST, SECOND)
    assert await migrate.migrate(bare) == [SECOND]
    async with bare.transaction() as tx:
        assert [row["word"] for row in await tx.all("SELECT word FROM first")] == ["x"]


async def test_many_at_once_in_one_process_apply_it_once(bare_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ship(monkeypatch, FIRST, SECOND)
    opened = await asyncio.gather(*(connect(bare_url) for _ in range(4)))
    applied = await asyncio.gather(*(migrate.migrate(database) for database in opened))
    assert sorted(migration.number for each in applied for migration in each) == [1, 2]
    async with opened[0].transaction() as tx:
        assert len(await tx.all("SELECT word FROM first")) == 1
    await asyncio.gather(*(database.close() for database in opened))


_PROCESS = """
import asyncio, sys
from storage.database import connect
from storage.migrate import migrate

async def main():
    sys.stdin.readline()
    database = await connect(sys.argv[1])
    print(len(await migrate(database)))
    await database.close()

asyncio.run(main())
"""


async def test_processes_that_start_at_once_apply_it_once(bare_url: str) -> None:
    pipe = asyncio.subprocess.PIPE
    started = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", _PROCESS, bare_url, stdin=pipe, stdout=pipe)
        for _ in range(3)
    ]
    printed = await asyncio.gather(*(process.communicate(b"go\n") for process in started))
    assert [process.returncode for process in started] == [0, 0, 0]
    assert sum(int(out) for out, _ in printed) == len(migrate.shipped())  # each by one of them


async def test_a_migration_that_fails_half_way_leaves_nothing_of_itself(
    bare: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ship(monkeypatch, FIRST, BROKEN)
    with pytest.raises(Exception, match="nowhere"):
        await migrate.migrate(bare)
    assert await tables(bare) == {"migrations", "first"}
    assert await migrate.missing(bare) == [BROKEN]
    ship(monkeypatch, FIRST, SECOND)
    assert await migrate.migrate(bare) == [SECOND]


async def test_a_migration_that_reads_otherwise_than_it_did_is_refused(
    bare: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ship(monkeypatch, FIRST)
    await migrate.migrate(bare)
    ship(monkeypatch, Migration(1, "first", FIRST.sql, "another sum"), SECOND)
    with pytest.raises(MigrationChanged, match="0001_first"):
        await migrate.missing(bare)
    with pytest.raises(MigrationChanged, match="0001_first"):
        await migrate.migrate(bare)
    assert "second" not in await tables(bare)


async def test_a_database_of_a_newer_program_is_refused(bare: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    ship(monkeypatch, FIRST, SECOND)
    await migrate.migrate(bare)
    ship(monkeypatch, FIRST)
    with pytest.raises(DatabaseTooNew, match="0002_second"):
        await migrate.missing(bare)
    with pytest.raises(DatabaseTooNew, match="0002_second"):
        await migrate.migrate(bare)


async def test_semicolons_in_words_and_comments_end_no_statement(
    bare: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = Migration(
        1,
        "words",
        "-- It's a comment; with a quote.\nCREATE TABLE first ( -- a word; it's here\n  word TEXT\n);\n"
        "INSERT INTO first (word) VALUES ('một; hai -- ba; it''s');  -- the end; really\n",
        "sum",
    )
    ship(monkeypatch, words)
    await migrate.migrate(bare)
    async with bare.transaction() as tx:
        assert [row["word"] for row in await tx.all("SELECT word FROM first")] == ["một; hai -- ba; it's"]


async def test_who_may_not_make_tables_may_still_ask_what_is_missing(postgres_url: str) -> None:
    owner = await connect(postgres_url)
    async with owner.transaction() as tx:
        await tx.run("DROP ROLE IF EXISTS clerk")
        await tx.run("CREATE ROLE clerk LOGIN")
        await tx.run("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO clerk")
    clerk = await connect(postgres_url.replace("postgres:@", "clerk:@"))
    assert await migrate.missing(clerk) == []
    assert await migrate.migrate(clerk) == []
    await clerk.close()
    async with owner.transaction() as tx:
        await tx.run("DROP OWNED BY clerk")
        await tx.run("DROP ROLE clerk")
    await owner.close()


OLD_ROLES = """
INSERT INTO units (kind, name, fold, created_at) VALUES ('commune', 'xã Vũ Dương', 'xa vu duong', 'then');
INSERT INTO agencies (unit_id, name, fold, kind, created_at)
    SELECT id, 'Phòng Kinh tế', 'phong kinh te', 'agency', 'then' FROM units;
INSERT INTO people (name, created_at, consented_at) VALUES ('Lan', 'then', 'then');
INSERT INTO memberships (person_id, agency_id, role, created_at)
    SELECT p.id, a.id, 'alternate', 'then' FROM people p, agencies a;
INSERT INTO grants (person_id, unit_id, role, created_at) SELECT p.id, u.id, 'admin', 'then' FROM people p, units u;
"""


async def test_those_who_joined_before_there_were_heads_and_auditors_are_what_they_were(
    bare: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_of_them = migrate.shipped()
    ship(monkeypatch, *[migration for migration in all_of_them if migration.number < 4])
    await migrate.migrate(bare)
    async with bare.transaction() as tx:
        for statement in OLD_ROLES.strip().split(";\n"):
            await tx.run(statement)
        for number in range(1, 6):
            await tx.run(
                "INSERT INTO invitations (code_hash, unit_id, agency_id, role, name, created_at, expires_at)"
                " SELECT :hash, a.unit_id, CASE WHEN :number < 4 THEN a.id END,"
                " CASE WHEN :number < 4 THEN 'officer' ELSE 'leader' END, 'Hoa', 'then', 'later' FROM agencies a",
                hash=f"hash {number}",
                number=number,
            )
        await tx.run("DELETE FROM invitations WHERE code_hash IN ('hash 1', 'hash 3')")
        ids = {row["code_hash"]: row["id"] for row in await tx.all("SELECT id, code_hash FROM invitations")}
    ship(monkeypatch, *all_of_them)
    await migrate.migrate(bare)
    async with bare.transaction() as tx:
        kept = await tx.all("SELECT * FROM invitations ORDER BY id")
        assert {row["code_hash"]: row["id"] for row in kept} == ids
        assert [row["role"] for row in kept] == ["officer", "leader", "leader"]
        assert [row["role"] for row in await tx.all("SELECT role FROM memberships")] == ["alternate"]
        assert [row["role"] for row in await tx.all("SELECT role FROM grants")] == ["admin"]
        added = await tx.key(
            "INSERT INTO invitations (code_hash, unit_id, role, name, created_at, expires_at)"
            " SELECT 'new', id, 'auditor', 'Bình', 'now', 'later' FROM units RETURNING id"
        )
        assert added > max(ids.values())


def test_two_migrations_of_one_number_are_refused_and_both_named(tmp_path: Path) -> None:
    for name in ("0002_bells.sql", "0001_first.sql", "0002_belfries.sql", "notes.txt"):
        (tmp_path / name).write_text("CREATE TABLE t (id $ID);", encoding="utf-8")
    with pytest.raises(MigrationTwice, match="0002_belfries, 0002_bells"):
        migrate.ordered(tmp_path)
    (tmp_path / "0002_belfries.sql").unlink()
    assert [(each.number, each.what) for each in migrate.ordered(tmp_path)] == [(1, "first"), (2, "bells")]
