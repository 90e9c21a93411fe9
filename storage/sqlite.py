"""SQLite behind the door: one writer connection in a thread of its own (aiosqlite), WAL, every commit on the disk."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import aiosqlite

from storage.database import Database, Row, Transaction
from storage.errors import DatabaseUnavailable, NotADatabase

BUSY_SECONDS = 15.0
_Statement = tuple[str, dict[str, Any]]


class _Batch(list[_Statement]):
    """Statements that travel to the database's thread together."""


class _Outcome:
    """The rows of a batch's last statement and how many rows it changed, in the shape aiosqlite hands on."""

    def __init__(self, rows: list[Any], changed: int) -> None:
        self._found = (rows, changed)

    def fetchall(self) -> tuple[list[Any], int]:
        return self._found


class _BatchConnection(sqlite3.Connection):
    """A connection whose `execute` also takes a batch.

    A hop to aiosqlite's thread costs about 100 µs, as much as the statement itself; one hop a batch instead of one a
    statement is what lets a turn of conversation fit in a millisecond with every commit synced.
    """

    def execute(self, sql: str, parameters: Any = ()) -> Any:
        if not isinstance(parameters, _Batch):
            return super().execute(sql, parameters)
        rows: list[Any] = []
        changed = 0
        for statement, values in parameters:
            if statement == "ROLLBACK" and not self.in_transaction:
                continue
            cursor = super().execute(statement, values)
            # Every row of RETURNING must be read before COMMIT, or SQLite refuses it.
            rows = cursor.fetchall()
            changed = cursor.rowcount
        return _Outcome(rows, changed)


@lru_cache(maxsize=512)
def _translate(sql: str) -> str:
    return sql.replace("$LOCK", "").replace("$ID", "INTEGER PRIMARY KEY AUTOINCREMENT")


class _SqliteTransaction(Transaction):
    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection
        self._waiting = _Batch([("BEGIN IMMEDIATE", {})])

    async def all(self, sql: str, /, **parameters: Any) -> Sequence[Row]:
        rows, _ = await self._send((_translate(sql), parameters))
        return rows

    async def run(self, sql: str, /, **parameters: Any) -> int:
        _, changed = await self._send((_translate(sql), parameters))
        return changed

    def later(self, sql: str, /, **parameters: Any) -> None:
        self._waiting.append((_translate(sql), parameters))

    async def commit(self) -> None:
        await self._send(("COMMIT", {}))

    async def roll_back(self) -> None:
        self._waiting = _Batch()
        await self._send(("ROLLBACK", {}))

    async def _send(self, last: _Statement) -> tuple[list[Any], int]:
        batch, self._waiting = self._waiting, _Batch()
        batch.append(last)
        found: Any = await self._connection.execute_fetchall("", batch)
        return found  # type: ignore[no-any-return]


class SqliteDatabase(Database):
    """The embedded default. Transactions queue for the one writer; another process waits `BUSY_SECONDS` at most."""

    engine = "sqlite"

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection
        self._writer = asyncio.Lock()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        async with self._writer:
            tx = _SqliteTransaction(self._connection)
            try:
                # BEGIN travels with the first statement, inside the try: a cancelled await may still have begun.
                yield tx
                await tx.commit()
            except BaseException:
                await asyncio.shield(tx.roll_back())
                raise

    async def close(self) -> None:
        await self._connection.close()


async def open_sqlite(path: str) -> SqliteDatabase:
    """Open (or make) the SQLite file at `path`; raises `DatabaseUnavailable` or `NotADatabase`."""
    if not Path(path).parent.is_dir():
        raise DatabaseUnavailable(f"no folder {Path(path).parent}")
    connection: aiosqlite.Connection | None = None
    try:
        connection = await aiosqlite.connect(path, isolation_level=None, timeout=BUSY_SECONDS, factory=_BatchConnection)
        connection.row_factory = sqlite3.Row
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "trusted_schema=OFF"):
            await connection.execute(f"PRAGMA {pragma}")
        await connection.execute_fetchall("SELECT count(*) FROM sqlite_master")
    except sqlite3.Error as error:
        if connection is not None:
            await connection.close()
        if (
            type(error) is sqlite3.DatabaseError
        ):  # "file is not a database", "malformed": the subclasses mean other things
            raise NotADatabase(path) from error
        raise DatabaseUnavailable(f"{path}: {error}") from error
    return SqliteDatabase(connection)
