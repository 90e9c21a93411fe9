"""SQLite behind the door: one writer connection in a thread of its own (aiosqlite), WAL, every commit on the disk."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from functools import lru_cache
from hashlib import sha256
from operator import itemgetter
from pathlib import Path
from typing import Any

import aiosqlite

from storage.database import Database, Row, Transaction, translate
from storage.errors import DatabaseLocked, DatabaseUnavailable, NotADatabase, Outdated, ReadOnly, SpoiltTransaction

BUSY_SECONDS = 15.0
_TOKENS = {"$LOCK": "", "$ID": "INTEGER PRIMARY KEY AUTOINCREMENT", "$DIGEST": "digest({})"}
# The last three show now, and not at the first message, that the file may be written: BEGIN IMMEDIATE alone succeeds
# on one that may not.
_OPENING = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    # Of 4 KB: the pages of the newest rows are in every commit, and are written back to the file once for 400 of them.
    "PRAGMA wal_autocheckpoint=4000",
    "PRAGMA foreign_keys=ON",
    "PRAGMA trusted_schema=OFF",
    "BEGIN IMMEDIATE",
    "PRAGMA user_version=1",
    "ROLLBACK",
)
_Statement = tuple[str, dict[str, Any], bool]  # the last tells that it must change exactly one row


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
        for statement, values, expected in parameters:
            if statement == "ROLLBACK" and not self.in_transaction:
                continue
            cursor = super().execute(statement, values)
            # Every row of RETURNING must be read before COMMIT, or SQLite refuses it.
            rows = cursor.fetchall()
            changed = cursor.rowcount
            if expected and changed != 1:
                raise Outdated
        return _Outcome(rows, changed)


@contextmanager
def named_errors(path: str) -> Iterator[None]:
    """Say what happened to the file where a statement is not to blame: a lock, a full disk, a missing right."""
    try:
        yield
    except sqlite3.OperationalError as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        if code == sqlite3.SQLITE_ERROR:
            raise
        kind = {sqlite3.SQLITE_BUSY: DatabaseLocked, sqlite3.SQLITE_READONLY: ReadOnly}
        # The lowest byte is the kind of error, the rest of it the occasion.
        raise kind.get(code & 0xFF, DatabaseUnavailable)(f"{path}: {error}") from error
    except sqlite3.DatabaseError as error:
        if type(error) is not sqlite3.DatabaseError:  # the subclasses mean other things, constraints among them
            raise
        raise NotADatabase(path) from error


@lru_cache(maxsize=512)
def _translate(sql: str) -> str:
    return translate(sql, _TOKENS, ":{}".format)


_BEGIN: _Statement = ("BEGIN IMMEDIATE", {}, False)
_COMMIT: _Statement = ("COMMIT", {}, False)


class _SqliteTransaction(Transaction):
    def __init__(self, connection: aiosqlite.Connection, path: str, others: Callable[[], bool]) -> None:
        self._connection = connection
        self._path = path
        self._others = others
        self._waiting = _Batch([_BEGIN])
        self._last: list[tuple[int, _Statement]] = []
        self._spoilt = False

    async def all(self, sql: str, /, **parameters: Any) -> Sequence[Row]:
        rows, _ = await self._send((_translate(sql), parameters, False))
        return rows

    async def run(self, sql: str, /, **parameters: Any) -> int:
        _, changed = await self._send((_translate(sql), parameters, False))
        return changed

    def later(self, sql: str, /, **parameters: Any) -> None:
        self._waiting.append((_translate(sql), parameters, False))

    def expect(self, sql: str, /, **parameters: Any) -> None:
        self._waiting.append((_translate(sql), parameters, True))

    def last(self, order: int, sql: str, /, **parameters: Any) -> None:
        self._last.append((order, (_translate(sql), parameters, False)))

    def next(self) -> bool:
        if self._spoilt or self._others():
            return False
        self._wait_for_last()
        self._waiting += (_COMMIT, _BEGIN)
        return True

    def _wait_for_last(self) -> None:
        self._waiting += (statement for _, statement in sorted(self._last, key=itemgetter(0)))
        self._last = []

    def hold(self, table: str, key: int) -> None:
        """Nothing to do: BEGIN IMMEDIATE has waited already."""

    def take_turns(self, names: Iterable[str]) -> None:
        """Nothing to do: BEGIN IMMEDIATE has waited already."""

    async def commit(self) -> None:
        if self._spoilt:
            raise SpoiltTransaction
        self._wait_for_last()
        await self._send(_COMMIT)

    async def roll_back(self) -> None:
        self._waiting = _Batch()
        await self._send(("ROLLBACK", {}, False))

    async def _send(self, last: _Statement) -> tuple[list[Any], int]:
        batch, self._waiting = self._waiting, _Batch()
        batch.append(last)
        try:
            with named_errors(self._path):
                found: Any = await self._connection.execute_fetchall("", batch)
        except BaseException:
            self._spoilt = True
            raise
        return found  # type: ignore[no-any-return]


class SqliteDatabase(Database):
    """The embedded default. Transactions queue for the one writer; another process waits `BUSY_SECONDS` at most."""

    engine = "sqlite"

    def __init__(self, connection: aiosqlite.Connection, path: str) -> None:
        self._connection = connection
        self._path = path
        self._writer = asyncio.Lock()
        self._queued = 0  # those that wait for it

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        self._queued += 1
        try:
            await self._writer.acquire()
        finally:
            self._queued -= 1
        try:
            tx = _SqliteTransaction(self._connection, self._path, self._are_others)
            try:
                # BEGIN travels with the first statement, inside the try: a cancelled await may still have begun.
                yield tx
                await tx.commit()
            except BaseException:
                # Cancelled once more while it waits, ROLLBACK is on its way to the thread already, before all others.
                await tx.roll_back()
                raise
        finally:
            self._writer.release()

    def _are_others(self) -> bool:
        return self._queued > 0

    async def close(self) -> None:
        await self._connection.close()


def _make(path: str) -> None:
    """Make a file that is not there, for its owner alone: it names people. SQLite makes -wal and -shm like it."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        pass  # whose it is and who may read it was decided by somebody
    except OSError as error:
        raise DatabaseUnavailable(f"{path}: {error.strerror}") from error


async def open_sqlite(path: str) -> SqliteDatabase:
    """Open (or make) the SQLite file at `path`; raises `DatabaseUnavailable` or `NotADatabase`."""
    if path in ("", ":memory:"):
        raise DatabaseUnavailable("no file named; what SQLite keeps in memory is gone when the program ends")
    if not Path(path).parent.is_dir():
        raise DatabaseUnavailable(f"no folder {Path(path).parent}")
    _make(path)
    with named_errors(path):
        # Tried here first: aiosqlite's thread outlives a failed opening and reports it to a loop that may be closed.
        sqlite3.connect(path).close()
        connection = aiosqlite.connect(path, isolation_level=None, timeout=BUSY_SECONDS, factory=_BatchConnection)
        # A program that dies of an error before it closes the database must end, so that it is started again.
        thread: Any = getattr(connection, "_thread", connection)
        thread.daemon = True
        await connection
    try:
        connection.row_factory = sqlite3.Row
        await connection.create_function(
            "digest", 1, lambda text: sha256(text.encode()).hexdigest(), deterministic=True
        )
        with named_errors(path):
            for statement in _OPENING:
                await connection.execute_fetchall("", _Batch([(statement, {}, False)]))
    except BaseException:
        await asyncio.shield(connection.close())
        raise
    return SqliteDatabase(connection, path)
