"""PostgreSQL behind the door: a pool of asyncpg connections, `:named` parameters turned into $1, $2 …"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import lru_cache
from hashlib import blake2b
from operator import itemgetter
from typing import Any

import asyncpg

from storage.database import Database, Row, Transaction, translate
from storage.errors import DatabaseUnavailable, Outdated, RightsMissing, SpoiltTransaction

CONNECTIONS = 8
# A claim needs no stronger lock: FOR UPDATE would also wait for, and be skipped because of, every new row that merely
# refers to the one claimed (an agency being added to a commune whose reminders are due).
_TOKENS = {
    "$LOCK": "FOR NO KEY UPDATE SKIP LOCKED",
    "$ID": "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
    "$DIGEST": "encode(sha256(convert_to({}, 'UTF8')), 'hex')",
}
# The server is gone, going or full, or undid a transaction that stood in another's way. Anything else a statement
# meets is its own fault.
_AWAY = (
    OSError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
)


@lru_cache(maxsize=512)
def _translate(sql: str) -> tuple[str, tuple[str, ...]]:
    names: list[str] = []

    def number(name: str) -> str:
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    return translate(sql, _TOKENS, number), tuple(names)


@contextmanager
def _named_errors(connection: Any = None) -> Iterator[None]:
    try:
        yield
    except _AWAY as error:
        raise DatabaseUnavailable(type(error).__name__) from error
    except asyncpg.InsufficientPrivilegeError as error:
        raise RightsMissing(str(error)) from error  # "permission denied for table people": names of ours, no values
    except asyncpg.InterfaceError as error:
        if connection is None or not _is_lost(connection):
            raise
        raise DatabaseUnavailable(type(error).__name__) from error


def _is_lost(connection: Any) -> bool:
    try:
        return bool(connection.is_closed())
    except asyncpg.InterfaceError:  # the pool has taken a dead connection back by itself and cut us off from it
        return True


def _lock_key(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), signed=True)


class _PostgresTransaction(Transaction):
    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._waiting: list[tuple[str, dict[str, Any], bool]] = []
        self._last: list[tuple[int, str, dict[str, Any]]] = []
        self._spoilt = False

    async def all(self, sql: str, /, **parameters: Any) -> Sequence[Row]:
        await self._flush()
        rows: Sequence[Row] = await self._send(self._connection.fetch, sql, parameters)
        return rows

    async def run(self, sql: str, /, **parameters: Any) -> int:
        await self._flush()
        return await self._execute(sql, parameters)

    def later(self, sql: str, /, **parameters: Any) -> None:
        self._waiting.append((sql, parameters, False))

    def expect(self, sql: str, /, **parameters: Any) -> None:
        self._waiting.append((sql, parameters, True))

    def last(self, order: int, sql: str, /, **parameters: Any) -> None:
        self._last.append((order, sql, parameters))

    def hold(self, table: str, key: int) -> None:
        self.later(f"SELECT 1 FROM {table} WHERE id = :key FOR NO KEY UPDATE", key=key)

    def take_turns(self, names: Iterable[str]) -> None:
        # In one order for everybody, or two that wait for each other would never go on.
        for key in sorted({_lock_key(name) for name in names}):
            self.later("SELECT pg_advisory_xact_lock(:key)", key=key)

    async def finish(self) -> None:
        if self._spoilt:
            raise SpoiltTransaction
        for _, sql, parameters in sorted(self._last, key=itemgetter(0)):
            self.later(sql, **parameters)
        await self._flush()
        if self._spoilt:
            raise SpoiltTransaction

    async def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        for sql, parameters, expected in waiting:
            if await self._execute(sql, parameters) != 1 and expected:
                self._spoilt = True
                raise Outdated

    async def _execute(self, sql: str, parameters: dict[str, Any]) -> int:
        status: str = await self._send(self._connection.execute, sql, parameters)
        changed = status.rpartition(" ")[2]
        return int(changed) if changed.isdecimal() else 0

    async def _send(self, method: Any, sql: str, parameters: dict[str, Any]) -> Any:
        text, names = _translate(sql)
        try:
            with _named_errors(self._connection):
                return await method(text, *[parameters[name] for name in names])
        except BaseException:
            self._spoilt = True
            raise


class PostgresDatabase(Database):
    """For several processes or many communes. Read committed; every claim is a row lock or a compare-and-set."""

    engine = "postgres"

    def __init__(self, pool: Any) -> None:
        self._pool = pool

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        with _named_errors():
            connection = await self._pool.acquire()
        try:
            # In plain words, not as asyncpg's transaction: that one cannot be undone when its BEGIN was cancelled.
            try:
                with _named_errors(connection):
                    await connection.execute("BEGIN")
                tx = _PostgresTransaction(connection)
                yield tx
                await tx.finish()
                with _named_errors(connection):
                    await connection.execute("COMMIT")
            except BaseException:
                # What is undone on a connection already lost needs no undoing, and must not hide the reason.
                with suppress(asyncpg.InterfaceError, *_AWAY):
                    await connection.execute("ROLLBACK")
                raise
        finally:
            await self._pool.release(connection)

    async def close(self) -> None:
        await self._pool.close()


async def open_postgres(url: str) -> PostgresDatabase:
    """Open a pool on `url`; raises `DatabaseUnavailable` without repeating the URL, which may hold a password."""
    try:
        pool = await asyncpg.create_pool(
            url, min_size=1, max_size=CONNECTIONS, server_settings={"application_name": "dondoc"}
        )
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError, TimeoutError) as error:
        raise DatabaseUnavailable(type(error).__name__) from error
    return PostgresDatabase(pool)
