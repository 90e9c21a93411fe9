"""The door to the database: `connect`, `transaction`, and in it `all`, `one`, `run`, `later`, `expect`.

Statements are written once, with `:named` parameters, for both engines. They differ in three tokens, which the door
replaces: `$LOCK` (what keeps two workers from claiming one row), `$ID` (a generated key, in migrations) and
`$DIGEST(…)` (the SHA-256 of a text, in hexadecimal digits).
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from storage.errors import DatabaseUnavailable, DriverMissing, UnknownDatabase

Row = Mapping[str, Any]
# What stands between quotes or in a comment is passed over; "::" is a cast and no parameter.
QUIET_SQL = r"'(?:[^']|'')*'|\"[^\"]*\"|--[^\n]*"
_PIECE = re.compile(
    rf"{QUIET_SQL}|::|(?P<token>\$LOCK|\$ID)\b|\$DIGEST\((?P<digested>[^()]*)\)|:(?P<parameter>[a-z_][a-z0-9_]*)"
)


def translate(sql: str, tokens: Mapping[str, str], parameter: Callable[[str], str]) -> str:
    """Return `sql` with its tokens replaced by an engine's words and each parameter by what `parameter` makes of it."""

    def piece(match: re.Match[str]) -> str:
        if match["token"]:
            return tokens[match["token"]]
        if match["digested"]:
            return tokens["$DIGEST"].format(_PIECE.sub(piece, match["digested"]))
        return parameter(match["parameter"]) if match["parameter"] else match[0]

    return _PIECE.sub(piece, sql)


class Transaction(ABC):
    """One unit of work. It commits when its block ends, and leaves no trace when the block raises.

    A statement that failed spoils it, even when the block goes on: PostgreSQL would answer COMMIT by undoing
    everything without a word, so `SpoiltTransaction` is raised instead, on both engines alike.
    """

    @abstractmethod
    async def all(self, sql: str, /, **parameters: Any) -> Sequence[Row]:
        """Run a statement and return all its rows."""

    async def one(self, sql: str, /, **parameters: Any) -> Row | None:
        """Run a statement and return its first row, or None."""
        rows = await self.all(sql, **parameters)
        return rows[0] if rows else None

    async def key(self, sql: str, /, **parameters: Any) -> int:
        """Run an INSERT … RETURNING id and return the id; LookupError when nothing was inserted."""
        row = await self.one(sql, **parameters)
        if row is None:
            raise LookupError("nothing was inserted")
        return int(row["id"])

    @abstractmethod
    async def run(self, sql: str, /, **parameters: Any) -> int:
        """Run a statement at once and return how many rows it changed (for compare-and-set)."""

    @abstractmethod
    def later(self, sql: str, /, **parameters: Any) -> None:
        """Queue a statement whose outcome nobody reads; it runs, in order, before the next read or the commit.

        An await costs a hop to the database's thread or server, so writes that need no answer travel together.
        """

    @abstractmethod
    def expect(self, sql: str, /, **parameters: Any) -> None:
        """Queue a compare-and-set: it changes exactly one row, or the transaction fails with `Outdated`.

        As with `later`, this happens before the next read or the commit, and costs no hop of its own.
        """

    @abstractmethod
    def last(self, order: int, sql: str, /, **parameters: Any) -> None:
        """Queue a statement to run right before the commit, after all others.

        For a row that many want: it is locked for no longer than the commit takes. Those of a lower `order` run first,
        so that two transactions take such locks in the same order.
        """

    def next(self) -> bool:
        """Queue a commit and the beginning of another transaction; False, and nothing, where others wait for theirs.

        For work of which there is more: the commit then travels with the next read, and what that raises may be the
        failure of either. Nothing of what comes after is in the transaction that was committed.
        """
        return False

    @abstractmethod
    def hold(self, table: str, key: int) -> None:
        """Queue taking the lock of the row of `table` whose id is `key`, waiting for whoever has it.

        SQLite lets transactions in one at a time in any case.
        """

    @abstractmethod
    def take_turns(self, names: Iterable[str]) -> None:
        """Queue waiting until no other open transaction has taken its turn under any of `names`.

        For what no row can be locked for yet. SQLite lets transactions in one at a time in any case.
        """


class Database(ABC):
    """An open database. Close it when done."""

    engine: str

    @abstractmethod
    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """Open a transaction: `async with database.transaction() as tx`."""

    @abstractmethod
    async def close(self) -> None:
        """Close every connection."""


async def connect(url: str) -> Database:
    """Open the database that `url` names: "sqlite:///path/file.db" or "postgresql://user@host/name".

    Raises a `StorageError` that says why it cannot be used. Nothing is migrated here; see `storage.migrate`.
    """
    if "\0" in url:
        raise DatabaseUnavailable("the URL holds a NUL character")
    if url.startswith("sqlite:///"):
        from storage.sqlite import open_sqlite

        return await open_sqlite(url.removeprefix("sqlite:///"))
    if url.startswith(("postgresql://", "postgres://")):
        try:
            from storage.postgres import open_postgres
        except ImportError as error:
            raise DriverMissing("asyncpg") from error
        return await open_postgres(url)
    raise UnknownDatabase(url.partition(":")[0])
