"""Queues: the head of a long one, as when every commune of the country is reminded in the same minute."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from time import perf_counter

from benchmarks.measures import Measure
from benchmarks.stage import MONDAY
from domain.messages import Address, Incoming, Outgoing
from storage import inbox, outbox
from storage.database import Database, connect
from storage.migrate import migrate

COMMUNES = 3_321
OFFICERS = 5
_CHANNEL = "simulator"
_ROUNDS = 20


def queues() -> Iterator[Measure]:
    """Yield how long the next message is looked for where one waits for every officer of the country."""
    people = COMMUNES * OFFICERS
    with tempfile.TemporaryDirectory(prefix="dondoc-bench-") as folder:
        lease, take = asyncio.run(_claims(f"sqlite:///{folder}/queues.db", people))
    yield Measure(f"lease one of {people:,} queued digests", lease * 1000, "ms", 2)
    yield Measure(f"take one of {people:,} waiting messages", take * 1000, "ms", 2)


async def _claims(url: str, people: int) -> tuple[float, float]:
    database = await connect(url)
    try:
        await migrate(database)
        addresses = [Address(_CHANNEL, str(number)) for number in range(people)]
        async with database.transaction() as tx:
            for address in addresses:
                outbox.add(tx, address, Outgoing("a"), MONDAY, "broadcast")
            inbox.record(tx, [Incoming(address, address.id, MONDAY, "a") for address in addresses], MONDAY)
        return await _lease(database), await _take(database)
    finally:
        await database.close()


async def _lease(database: Database) -> float:
    times = []
    for _ in range(_ROUNDS):
        async with database.transaction() as tx:
            started = perf_counter()
            if not await outbox.claim(tx, _CHANNEL, MONDAY):
                raise RuntimeError("nothing to send")
            times.append(perf_counter() - started)
    return min(times)


async def _take(database: Database) -> float:
    times = []
    for _ in range(_ROUNDS):
        async with database.transaction() as tx:
            started = perf_counter()
            claimed = await inbox.claim(tx, MONDAY, [_CHANNEL])
            times.append(perf_counter() - started)
            if claimed is None:
                raise RuntimeError("nothing to handle")
            inbox.finish(tx, claimed.id, MONDAY)
    return min(times)
