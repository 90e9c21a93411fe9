"""PostgreSQL behind the door: a pool of asyncpg connections, `:named` parameters turned into $1, $2 …"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any

import asyncpg

from storage.database import Database, Row, Transaction
from storage.errors import DatabaseUnavailable

CONNECTIONS = 8
_PARAMETER = re.compile(r"(?<![:\w]):([a-z_][a-z0-9_]*)")


@lru_cache(maxsize=512)
def _translate(sql: str) -> tuple[str, tuple[str, ...]]:
    names: list[str] = []

    def number(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    engine_sql = sql.replace("$LOCK", "FOR UPDATE SKIP LOCKED").replace(
        "$ID", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
    )
    return _PARAMETER.sub(number, engine_sql), tuple(names)


class _PostgresTransaction(Transaction):
    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._waiting: list[tuple[str, dict[str, Any]]] = []

    async def all(self, sql: str, /, **parameters: Any) -> Sequence[Row]:
        await self.flush()
        text, names = _translate(sql)
        rows: Sequence[Row] = await self._connection.fetch(text, *[parameters[name] for name in names])
        return rows

    async def run(self, sql: str, /, **parameters: Any) -> int:
        await self.flush()
        return await self._execute(sql, parameters)

    def later(self, sql: str, /, **parameters: Any) -> None:
        self._waiting.append((sql, parameters))

    async def flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        for sql, parameters in waiting:
            await self._execute(sql, parameters)

    async def _execute(self, sql: str, parameters: dict[str, Any]) -> int:
        text, names = _translate(sql)
        status: str = await self._connection.execute(text, *[parameters[name] for name in names])
        changed = status.rpartition(" ")[2]
        return int(changed) if changed.isdecimal() else 0


class PostgresDatabase(Database):
    """For several processes or many communes. Read committed; every claim is a row lock or a compare-and-set."""

    engine = "postgres"

    def __init__(self, pool: Any) -> None:
        self._pool = pool

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        async with self._pool.acquire() as connection, connection.transaction():
            tx = _PostgresTransaction(connection)
            yield tx
            await tx.flush()

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
