"""Bring a database to the newest shape: numbered files, each applied with its record in one transaction."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable

from storage.database import QUIET_SQL, Database, Row, Transaction
from storage.errors import DatabaseTooNew, MigrationChanged, MigrationTwice

_NAME = re.compile(r"(\d{4})_(\w+)\.sql")
_QUIET = re.compile(QUIET_SQL)
_QUIET_OR_END = re.compile(f"{QUIET_SQL}|;")
_RECORD = "CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, what TEXT NOT NULL, sha256 TEXT NOT NULL)"
HAS_RECORD = {
    "sqlite": "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'migrations'",
    "postgres": "SELECT 1 WHERE to_regclass('migrations') IS NOT NULL",
}
RECORDED = "SELECT number, what, sha256 FROM migrations"
_ADVISORY_LOCK = 7_301_947  # any fixed number: what two starting processes queue for on PostgreSQL


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered file: its number, what it does, its text and the SHA-256 of that text."""

    number: int
    what: str
    sql: str
    sha256: str


def shipped() -> list[Migration]:
    """Return the migrations that come with the program, in order; raises `MigrationTwice` where two share a number."""
    return ordered(resources.files("storage").joinpath("migrations"))


def ordered(folder: Traversable) -> list[Migration]:
    """Return the migrations in a folder, in order; raises `MigrationTwice` where two share a number."""
    found: dict[int, Migration] = {}
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if match := _NAME.fullmatch(entry.name):
            sql = entry.read_text(encoding="utf-8")
            digest = hashlib.sha256(sql.encode()).hexdigest()
            migration = Migration(int(match[1]), match[2], sql, digest)
            if (same := found.setdefault(migration.number, migration)) is not migration:
                raise MigrationTwice(f"{match[1]}_{same.what}, {match[1]}_{match[2]}")
    return [found[number] for number in sorted(found)]


async def missing(database: Database) -> list[Migration]:
    """Return the migrations `database` lacks.

    Raises `DatabaseTooNew` when it has one this program does not know, `MigrationChanged` when a file it was
    migrated with reads otherwise today.
    """
    async with database.transaction() as tx:
        return await _missing(tx, database.engine)


async def migrate(database: Database) -> list[Migration]:
    """Apply what is missing and return it; each migration and its record commit together. Errors as `missing`."""
    applied = []
    for migration in await missing(database):
        async with database.transaction() as tx:
            if database.engine == "postgres":  # SQLite has one writer at a time
                await tx.all("SELECT pg_advisory_xact_lock(:key)", key=_ADVISORY_LOCK)
            await tx.run(_RECORD)
            if migration not in await _missing(tx, database.engine):
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


async def _missing(tx: Transaction, engine: str) -> list[Migration]:
    # Asked first, because on PostgreSQL who runs the program need not be who may make tables.
    has_record = await tx.one(HAS_RECORD[engine])
    return lacking(await tx.all(RECORDED) if has_record else [])


def lacking(recorded: Iterable[Row]) -> list[Migration]:
    """Return the migrations that a database's record lacks; errors as `missing`."""
    applied = {row["number"]: row for row in recorded}
    ours = {migration.number: migration for migration in shipped()}
    for number, row in applied.items():
        if number not in ours:
            raise DatabaseTooNew(f"{number:04d}_{row['what']}")
        if ours[number].sha256 != row["sha256"]:
            raise MigrationChanged(f"{number:04d}_{row['what']}")
    return [migration for number, migration in sorted(ours.items()) if number not in applied]


def _statements(sql: str) -> list[str]:
    """Split a migration at its semicolons, those in quotes and comments apart; comments go."""
    without_comments = _QUIET.sub(lambda quiet: "" if quiet[0].startswith("--") else quiet[0], sql)
    ends = [match.start() for match in _QUIET_OR_END.finditer(without_comments) if match[0] == ";"]
    starts = [0, *(end + 1 for end in ends)]
    statements = [without_comments[start:end] for start, end in zip(starts, [*ends, len(sql)], strict=True)]
    return [statement.strip() for statement in statements if statement.strip()]
