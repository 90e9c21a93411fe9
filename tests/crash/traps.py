"""Where a process dies: at a named hop of its work, at the n-th time it passes there."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from storage.database import Database, Row, Transaction
from tests.transactions import Passing

# Every hop of a message and of a reminder, each named by what has just happened.
HOPS = (
    "migrating",  # some tables of a migration are made, its record is not
    "reminding",  # digests are queued, not committed
    "reminded",  # digests are on the disk
    "received",  # messages are recorded, the messenger has no receipt and will deliver them again
    "claimed",  # a message is under this transaction's lock
    "stored",  # a figure is queued to be written
    "decided",  # all of a turn is queued, not committed
    "committed",  # a turn is on the disk
    "leased",  # a reply is leased, not sent
    "sent",  # a reply is sent, not marked
)
# Two more that only the messenger sees: the parent kills there.
OUTSIDE = (
    "given",  # updates are on their way to the program, nothing of them is recorded
    "effected",  # the messenger has sent a message to a person, the program does not know yet
)
ANY = "any"


class Trap:
    """Ends this process with SIGKILL at the n-th passing of a hop.

    With `ANY` every hop counts and the process only asks for it ("now" on standard output), so that the kill comes
    from outside and lands wherever the work has got to by then.
    """

    def __init__(self, hop: str, count: int) -> None:
        self._hop = hop
        self._left = count

    def passed(self, hop: str) -> None:
        """Count one passing of `hop`."""
        if self._hop not in (hop, ANY):
            return
        self._left -= 1
        if self._left == 0:
            if self._hop != ANY:
                os.kill(os.getpid(), signal.SIGKILL)
            print("now", flush=True, file=sys.stdout)


class _WatchedTransaction(Passing):
    def __init__(self, inner: Transaction, trap: Trap) -> None:
        super().__init__(inner)
        self._trap = trap
        self.claimed = False
        self.reminded = False

    async def all(self, sql: str, /, **parameters: Any) -> Sequence[Row]:
        rows = await super().all(sql, **parameters)
        if rows and " FROM inbox i " in sql:
            self.claimed = True
            self._trap.passed("claimed")
        if rows and "ON CONFLICT (dedupe_key)" in sql:
            self.reminded = True
        return rows

    async def run(self, sql: str, /, **parameters: Any) -> int:
        changed = await super().run(sql, **parameters)
        if sql.startswith("CREATE") and "migrations" not in sql:
            self._trap.passed("migrating")
        return changed

    def expect(self, sql: str, /, **parameters: Any) -> None:
        super().expect(sql, **parameters)
        if "INSERT INTO submissions" in sql:
            self._trap.passed("stored")


class WatchedDatabase(Database):
    """A database that tells a trap which hops of the work pass through it."""

    def __init__(self, inner: Database, trap: Trap) -> None:
        self.engine = inner.engine
        self._inner = inner
        self._trap = trap

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        async with self._inner.transaction() as inner:
            watched = _WatchedTransaction(inner, self._trap)
            yield watched
            if watched.claimed:
                self._trap.passed("decided")
            if watched.reminded:
                self._trap.passed("reminding")
        if watched.claimed:
            self._trap.passed("committed")
        if watched.reminded:
            self._trap.passed("reminded")

    async def close(self) -> None:
        await self._inner.close()
