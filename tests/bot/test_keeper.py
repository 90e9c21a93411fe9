"""Messages that are done with are deleted after a while; what people reported and did is not."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from bot import keeper
from bot.app import App
from bot.file_store import FileStore
from bot.rehearsal import drain
from domain.messages import ReceivedFile
from storage import retention
from storage.database import Database
from tests.bot.stage import clock, phones, program, say
from tests.talk_files import content


async def rows(app: App, table: str) -> int:
    """Return how many rows a table has."""
    async with app.database.transaction() as tx:
        row = await tx.one(f"SELECT COUNT(*) AS rows FROM {table}")
    assert row is not None
    return int(row["rows"])


async def reported(database: Database) -> App:
    """Return a program to which one figure was reported."""
    app = await program(database, "xa_hoa_lu")
    for words in ("nhập", "85", "dừng"):
        await say(app, "lan", words)
    return app


async def test_messages_are_deleted_once_they_are_old(database: Database) -> None:
    app = await reported(database)
    kept = [await rows(app, table) for table in ("submissions", "audit", "people")]
    assert not await keeper.forget(app)
    clock(app).move(timedelta(days=91))
    assert await keeper.forget(app)
    assert not await keeper.forget(app)
    assert [await rows(app, table) for table in ("inbox", "outbox")] == [0, 0]
    assert [await rows(app, table) for table in ("submissions", "audit", "people")] == kept


async def test_what_is_not_done_with_stays_however_old(database: Database) -> None:
    app = await reported(database)
    async with app.database.transaction() as tx:
        await tx.run("UPDATE outbox SET status = 'queued'")
        await tx.run("UPDATE inbox SET status = 'waiting'")
    before = [await rows(app, table) for table in ("inbox", "outbox")]
    clock(app).move(timedelta(days=1000))
    assert not await keeper.forget(app)
    assert [await rows(app, table) for table in ("inbox", "outbox")] == before


async def test_what_is_never_done_with_keeps_nothing_behind_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "CHUNK", 2)
    app = await reported(database)
    async with app.database.transaction() as tx:
        await tx.run("UPDATE outbox SET status = 'queued' WHERE id <= 3")
    clock(app).move(timedelta(days=91))
    assert await keeper.forget(app)
    assert [await rows(app, table) for table in ("inbox", "outbox")] == [0, 3]


async def test_evidence_that_nobody_placed_is_dropped(database: Database, tmp_path: Path) -> None:
    app = await program(database, "xa_hoa_lu")
    app.files = FileStore(tmp_path / "files")
    phones(app).give("lan", ReceivedFile("photo", "f"), content("a.jpg"), app.clock.now())
    await drain(app)
    assert await rows(app, "evidence WHERE status = 'unplaced'") == 1
    clock(app).move(timedelta(days=89))
    await keeper.forget(app)
    assert await rows(app, "evidence WHERE status = 'unplaced'") == 1
    clock(app).move(timedelta(days=2))
    await keeper.forget(app)
    await drain(app)
    assert await rows(app, "evidence WHERE status = 'withdrawn'") == 1
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []


async def test_it_is_done_at_night(database: Database) -> None:
    app = await reported(database)
    clock(app).move(timedelta(days=91))
    for hours, left in ((0, True), (12, False)):  # from nine in the morning on a working day
        clock(app).move(timedelta(hours=hours))
        assert app.calendar.is_open(app.clock.now()) is left
        with suppress(TimeoutError):
            await asyncio.wait_for(keeper.keep(app), 0.5)
        assert (await rows(app, "inbox") > 0) is left
