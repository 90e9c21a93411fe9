"""What is asked all day long is answered by an index, however many rows are done with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

import pytest

from domain.messages import Address
from storage import duties, inbox, notices, outbox, reports
from storage.database import Row, Transaction, connect
from storage.sqlite import _translate
from tests.cast import MONDAY

LAN = Address("telegram", "1")


class _Planner(Transaction):
    """Asks SQLite how it would run each statement, instead of running it."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._asked: list[tuple[str, dict[str, Any]]] = []

    async def all(self, sql: str, /, **parameters: Any) -> Sequence[Row]:
        self._asked.append((sql, parameters))
        return []

    async def run(self, sql: str, /, **parameters: Any) -> int:
        self._asked.append((sql, parameters))
        return 0

    def later(self, sql: str, /, **parameters: Any) -> None:
        self._asked.append((sql, parameters))

    def expect(self, sql: str, /, **parameters: Any) -> None:
        self._asked.append((sql, parameters))

    def last(self, order: int, sql: str, /, **parameters: Any) -> None:
        self._asked.append((sql, parameters))

    def hold(self, table: str, key: int) -> None:
        pass

    def take_turns(self, names: Iterable[str]) -> None:
        pass

    async def steps(self) -> list[str]:
        return [
            row["detail"]
            for sql, parameters in self._asked
            for row in await self._tx.all(f"EXPLAIN QUERY PLAN {_translate(sql)}", **parameters)
        ]


async def _drop(tx: Transaction) -> None:
    outbox.drop_queued(tx, LAN, "blocked")


HOT: dict[str, Callable[[Transaction], Awaitable[object]]] = {
    "claim_due": lambda tx: duties.claim_due(tx, MONDAY),
    "due_in": lambda tx: duties.due_in(tx, 1, MONDAY),
    "lines_of": lambda tx: duties.lines_of(tx, 1),
    "line_and_next": lambda tx: duties.line_and_next(tx, 1, 1, 2),
    "next_bell": duties.next_bell,
    "people_of": lambda tx: notices.people_of(tx, 1, MONDAY.date()),
    "heard_by": lambda tx: notices.heard_by(tx, 1, MONDAY.date()),
    "told_of": lambda tx: notices.told_of(tx, 1, MONDAY),
    "notices.take_back": lambda tx: notices.take_back(tx, 1, "2026-11-23"),
    "status_rows": lambda tx: reports.status_rows(tx, 1, MONDAY.date()),
    "inbox.claim": lambda tx: inbox.claim(tx, MONDAY, ["telegram", "zalo"]),
    "inbox.next_due": lambda tx: inbox.next_due(tx, "telegram"),
    "outbox.claim": lambda tx: outbox.claim(tx, "telegram", MONDAY, 8),
    "outbox.next_due": lambda tx: outbox.next_due(tx, "telegram"),
    "outbox.keys_waiting": lambda tx: outbox.keys_waiting(tx, LAN),
    "outbox.stands": lambda tx: outbox.stands(tx, "digest:1:1:2026-11-23:1"),
    "outbox.withdraw": lambda tx: outbox.withdraw(tx, "digest:1:1:2026-11-23:1"),
    "drop_queued": _drop,
}


@pytest.mark.parametrize("name", HOT)
async def test_no_table_is_read_from_end_to_end(sqlite_url: str, name: str) -> None:
    database = await connect(sqlite_url)
    async with database.transaction() as tx:
        planner = _Planner(tx)
        await HOT[name](planner)
        steps = await planner.steps()
    await database.close()
    assert steps
    assert not [step for step in steps if step.startswith("SCAN") and step != "SCAN next"]  # the few rows being leased
