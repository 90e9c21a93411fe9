"""What came in is on the disk before the channel is told so, and nothing anybody sends stops the next message."""

from __future__ import annotations

import pytest

from bot.receiver import record
from bot.rehearsal import drain
from domain.messages import Address, Incoming
from storage.database import Database, connect
from tests.bot.stage import heard, phones, program, rows
from tests.cast import MONDAY

LAN = Address("simulator", "lan")


async def test_a_message_is_there_for_every_process_when_record_returns(database: Database, database_url: str) -> None:
    app = await program(database)
    await record(app, [Incoming(LAN, "1", MONDAY, "/help")])
    assert app.inbox_changed.is_set()
    other = await connect(database_url)
    assert await rows(other, "SELECT status FROM inbox") == [{"status": "waiting"}]
    await other.close()


async def test_a_message_delivered_twice_counts_once(database: Database) -> None:
    app = await program(database)
    await record(app, [Incoming(LAN, "1", MONDAY, "/help")] * 2)
    await record(app, [Incoming(LAN, "1", MONDAY, "/help")])
    await drain(app)
    assert len(heard(app, "lan")) == 1


@pytest.mark.parametrize("odd", ["66,5\0", "66,5\ud83d", "\0" * 50, "\u202e66,5\u202c", "x" * 100_000, " \n\t "])
async def test_odd_characters_stop_nothing(database: Database, odd: str) -> None:
    app = await program(database)
    await record(app, [Incoming(LAN, "1", MONDAY, "nhập"), Incoming(LAN, "2", MONDAY, odd)])
    await record(app, [Incoming(LAN, "3", MONDAY, token=odd), Incoming(LAN, "4", MONDAY, "/help")])
    await drain(app)
    assert "Anh/chị là đầu mối" in heard(app, "lan")[-1]
    assert await rows(database, "SELECT status, attempts FROM inbox WHERE status <> 'done' OR attempts > 0") == []
    assert all("\0" not in message.outgoing.text for message in phones(app).heard)
