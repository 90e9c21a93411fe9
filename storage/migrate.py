"""Bring a database to the newest shape: numbered files, each applied with its record in one transaction."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from importlib import resources

from storage.database import Database, Transaction
from storage.errors import DatabaseTooNew, MigrationChanged

_NAME = re.compile(r"(\d{4})_(\w+)\.sql")
_ADVISORY_LOCK = 7_301_947  # any fixed number: what two starting processes queue for on PostgreSQL


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered file: its number, what it does, its text and the SHA-256 of that text."""

    number: int
    what: str
    sql: str
    sha256: str


def shipped() -> list[Migration]:
    """Return the migrations that come with the program, in order."""
    found = []
    for entry in resources.files("storage").joinpath("migrations").iterdir():
        if match := _NAME.fullmatch(entry.name):
            sql = entry.read_text(encoding="utf-8")
            digest = hashlib.sha256(sql.encode()).hexdigest()
            found.append(Migration(int(match[1]), match[2], sql, digest))
    return sorted(found, key=lambda migration: migration.number)


async def missing(database: Database) -> list[Migration]:
    """Return the migrations `database` lacks.

    Raises `DatabaseTooNew` when it has one this program does not know, `MigrationChanged` when a file it was
    migrated with reads otherwise today.
    """
    async with database.transaction() as tx:
        await _make_record(tx, database)
        return await _missing(tx)


async def migrate(database: Database) -> list[Migration]:
    """Apply what is missing and return it; each migration and its record commit together. Errors as `missing`."""
    applied = []
    for migration in await missing(database):
        async with database.transaction() as tx:
            if database.engine == "postgres":
                await tx.all("SELECT pg_advisory_xact_lock(:key)", key=_ADVISORY_LOCK)
            if migration not in await _missing(tx):
                continue  # another process was quicker
            for statement in _statements(migration.sql):
                await tx.run(statement)
            tx.later(
                "INSERT INTO migrations (number, what, sha256) VALUES (:number, :what, :sha256)",
                number=migration.number,
                what=migration.what,
                sha256=migration.sha256,
            )
        applied.append(migration)
    return applied


async def _make_record(tx: Transaction, database: Database) -> None:
    if database.engine == "postgres":
        # CREATE … IF NOT EXISTS by two sessions at once may still collide.
        await tx.all("SELECT pg_advisory_xact_lock(:key)", key=_ADVISORY_LOCK)
    await tx.run(
        "CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, what TEXT NOT NULL, sha256 TEXT NOT NULL)"
    )


async def _missing(tx: Transaction) -> list[Migration]:
    applied = {row["number"]: row for row in await tx.all("SELECT number, what, sha256 FROM migrations")}
    ours = {migration.number: migration for migration in shipped()}
    for number, row in applied.items():
        if number not in ours:
            raise DatabaseTooNew(f"{number:04d}_{row['what']}")
        if ours[number].sha256 != row["sha256"]:
            raise MigrationChanged(f"{number:04d}_{row['what']}")
    return [migration for number, migration in sorted(ours.items()) if number not in applied]


def _statements(sql: str) -> list[str]:
    without_comments = "\n".join(line for line in sql.splitlines() if not line.lstrip().startswith("--"))
    return [statement.strip() for statement in without_comments.split(";") if statement.strip()]
