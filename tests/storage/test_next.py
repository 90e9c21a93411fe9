"""Transactions in a row: each is one of its own, though a commit travels with the read that comes after it."""

from __future__ import annotations

import asyncio

import pytest

from storage.database import Database
from storage.errors import Outdated

_ADD = "INSERT INTO audit (at, action, subject, detail) VALUES ('2026-01-01', :action, 'x', '{}')"


async def kept(database: Database) -> list[str]:
    """What was committed."""
    async with database.transaction() as tx:
        return [row["action"] for row in await tx.all("SELECT action FROM audit ORDER BY id")]


async def test_what_comes_after_is_not_in_the_one_committed(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as tx:
            tx.later(_ADD, action="first")
            in_a_row = tx.next()
            await tx.all("SELECT 1 AS one")
            tx.later(_ADD, action="second")
            raise ZeroDivisionError
    assert await kept(database) == (["first"] if in_a_row else [])
    assert in_a_row == (database.engine == "sqlite")


async def test_a_commit_that_fails_keeps_nothing_and_begins_nothing(database: Database) -> None:
    with pytest.raises(Outdated):
        async with database.transaction() as tx:
            tx.later(_ADD, action="first")
            tx.expect("UPDATE audit SET subject = 'y' WHERE id = -1")
            tx.next()
            await tx.all("SELECT 1 AS one")
    assert await kept(database) == []


async def test_who_waits_comes_in_between(database: Database) -> None:
    begun = asyncio.Event()

    async def other() -> None:
        begun.set()
        async with database.transaction() as tx:
            tx.later(_ADD, action="other")

    async with database.transaction() as tx:
        tx.later(_ADD, action="first")
        waiting = asyncio.create_task(other())
        await begun.wait()
        assert not tx.next()
    await waiting
    assert sorted(await kept(database)) == ["first", "other"]


async def test_who_no_longer_waits_is_no_reason_to_stop(database: Database) -> None:
    async def other() -> None:
        async with database.transaction() as tx:
            tx.later(_ADD, action="other")

    async with database.transaction() as tx:
        tx.later(_ADD, action="first")
        waiting = asyncio.create_task(other())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        assert tx.next() == (database.engine == "sqlite")
    assert await kept(database) == ["first"]
