"""A long queue is no slower at its head than a short one: after a weekend, or when all communes are reminded."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from time import perf_counter

import pytest

from domain.messages import Address, Outgoing
from storage import inbox, outbox
from storage.database import Database, Transaction
from tests.cast import MONDAY, message

FEW, MANY = 500, 8_000
# Sixteen times the rows cost a scan sixteen times as long, and comparing all with all 256 times.
MOST = 8
CHANNEL = "telegram"
Fill = Callable[[Transaction, int], None]


def _digests(tx: Transaction, number: int) -> None:
    for each in range(number):
        outbox.add(tx, Address(CHANNEL, str(each)), Outgoing("a"), MONDAY, "broadcast")


def _answers_to_one(tx: Transaction, number: int) -> None:
    for _ in range(number):
        outbox.add(tx, Address(CHANNEL, "1"), Outgoing("a"), MONDAY)


def _messages_of_many(tx: Transaction, number: int) -> None:
    inbox.record(tx, [message(Address(CHANNEL, str(each % 5_000)), str(each), "a") for each in range(number)], MONDAY)


def _messages_of_one(tx: Transaction, number: int) -> None:
    inbox.record(tx, [message(Address(CHANNEL, "1"), str(each), "a") for each in range(number)], MONDAY)


async def _lease(tx: Transaction) -> None:
    [leased] = await outbox.claim(tx, CHANNEL, MONDAY)
    outbox.mark_sent(tx, leased, "1", MONDAY)


async def _take(tx: Transaction) -> None:
    claimed = await inbox.claim(tx, MONDAY, [CHANNEL])
    assert claimed is not None
    inbox.finish(tx, claimed.id, MONDAY)


@pytest.mark.parametrize(
    ("fill", "claim"),
    [(_digests, _lease), (_answers_to_one, _lease), (_messages_of_many, _take), (_messages_of_one, _take)],
)
async def test_the_next_of_a_long_queue_is_found_as_fast_as_of_a_short_one(
    database: Database, fill: Fill, claim: Callable[[Transaction], Awaitable[None]]
) -> None:
    async def best() -> float:
        times = []
        for _ in range(5):
            async with database.transaction() as tx:
                await tx.one("SELECT 1")
                started = perf_counter()
                await claim(tx)
                times.append(perf_counter() - started)
        return min(times)

    async with database.transaction() as tx:
        fill(tx, FEW)
    short = await best()
    async with database.transaction() as tx:
        for table in ("inbox", "outbox"):
            await tx.run(f"DELETE FROM {table}")
    async with database.transaction() as tx:
        fill(tx, MANY)
    assert await best() <= MOST * max(short, 0.001)
