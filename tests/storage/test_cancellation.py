"""A task may be cancelled at any await. Whatever it had begun is undone, and the next transaction starts clean."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import suppress
from typing import Any

import pytest

from storage.database import Database
from tests.storage.counters import add_counter, names_of


class _Stepper:
    """Runs a coroutine and throws CancelledError into its await number `at` (from 0), as `Task.cancel` does."""

    def __init__(self, coroutine: Any, at: int, *, answered: bool) -> None:
        self._coroutine = coroutine
        self._at = at
        self._answered = answered  # throw when the awaited answer is there but not yet seen, rather than before
        self.was_cancelled = False

    def __await__(self) -> Generator[Any, None, None]:
        step = 0
        try:
            waited_for = self._coroutine.send(None)
            while True:
                if step == self._at:
                    if self._answered:
                        yield waited_for
                    elif waited_for is not None:
                        waited_for.cancel()
                    self.was_cancelled = True
                    waited_for = self._coroutine.throw(asyncio.CancelledError())
                else:
                    yield waited_for
                    waited_for = self._coroutine.send(None)
                step += 1
        except StopIteration:
            return


async def _work(database: Database) -> None:
    async with database.transaction() as tx:
        await add_counter(tx, "a")
        tx.later("INSERT INTO units (kind, name, fold, created_at) VALUES ('commune', 'b', '0', '')")
        await tx.all("UPDATE units SET fold = '1' RETURNING id")
        tx.later("INSERT INTO units (kind, name, fold, created_at) VALUES ('commune', 'c', '0', '')")


@pytest.mark.parametrize("answered", [False, True], ids=["before the answer", "after the answer"])
async def test_cancelled_at_any_await_it_is_all_or_nothing(
    database: Database, answered: bool, caplog: pytest.LogCaptureFixture
) -> None:
    at = 0
    while True:
        step = _Stepper(_work(database), at, answered=answered)
        with suppress(asyncio.CancelledError):
            await step
        left = await names_of(database)
        assert left in ([], ["a", "b", "c"]), f"half a transaction after a cancellation at await {at}"
        if not step.was_cancelled:
            break
        async with database.transaction() as tx:
            await tx.run("DELETE FROM units")
        at += 1
    assert at >= 3
    assert left == ["a", "b", "c"]
    if answered:  # a real cancellation also lets the driver know first, which this one does not
        assert caplog.text == "", "what the driver complains of, an administrator would read at every stop"


async def test_cancelled_again_while_it_is_undone_it_is_still_undone(database: Database) -> None:
    begun = asyncio.Event()

    async def work() -> None:
        async with database.transaction() as tx:
            await add_counter(tx, "a")
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(work())
    await begun.wait()
    for _ in range(3):
        task.cancel()
        await asyncio.sleep(0)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await names_of(database) == []
