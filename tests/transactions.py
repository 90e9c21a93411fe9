"""A transaction that hands everything on to another: what looks at statements, or steps between them, starts here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from storage.database import Row, Transaction


class Passing(Transaction):
    """Hands each statement on as it is."""

    def __init__(self, inner: Transaction) -> None:
        self._inner = inner

    async def all(self, sql: str, /, **parameters: Any) -> Sequence[Row]:
        return await self._inner.all(sql, **parameters)

    async def run(self, sql: str, /, **parameters: Any) -> int:
        return await self._inner.run(sql, **parameters)

    def later(self, sql: str, /, **parameters: Any) -> None:
        self._inner.later(sql, **parameters)

    def expect(self, sql: str, /, **parameters: Any) -> None:
        self._inner.expect(sql, **parameters)

    def last(self, order: int, sql: str, /, **parameters: Any) -> None:
        self._inner.last(order, sql, **parameters)

    def hold(self, table: str, key: int) -> None:
        self._inner.hold(table, key)

    def take_turns(self, names: Iterable[str]) -> None:
        self._inner.take_turns(names)
