"""A message sent before its sender can have read the question does not answer it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot import receiver
from bot.app import App
from bot.rehearsal import drain
from bot.worker import work_one
from storage.database import Database
from tests.bot.stage import clock, heard, phones, program, rows, say

FIGURES = "SELECT value FROM submissions ORDER BY id"


async def send_together(app: App, *texts: str) -> None:
    """Let Lan send several messages before the program has answered the first."""
    for text in texts:
        phones(app).say("lan", text, app.clock.now())
    await receiver.record(app, phones(app).waiting())
    for _ in texts:
        clock(app).move(timedelta(milliseconds=10))
        assert await work_one(app)
    await drain(app)


@pytest.mark.parametrize("second", ["1500", "58", "bỏ qua"])
async def test_what_was_sent_in_a_hurry_does_not_answer_the_next_question(database: Database, second: str) -> None:
    app = await program(database, "xa_hoa_lu")
    await say(app, "lan", "nhập")
    await say(app, "lan", "85")
    clock(app).move(timedelta(seconds=5))
    await send_together(app, "1500", second)
    assert await rows(database, FIGURES) == [{"value": "85"}, {"value": "1500"}]
    assert "gửi trước khi anh/chị thấy câu hỏi này" in heard(app, "lan")[-1]
    assert "3/5" in heard(app, "lan")[-1], "the question is asked again"


async def test_a_doubt_is_not_answered_by_the_same_figure_sent_twice_at_once(database: Database) -> None:
    app = await program(database, "xa_hoa_lu")
    await say(app, "lan", "nhập")
    clock(app).move(timedelta(seconds=5))
    await send_together(app, "0,85", "0,85")
    assert await rows(database, FIGURES) == []
    await say(app, "lan", "0,85")
    assert await rows(database, FIGURES) == [{"value": "0.85"}]


async def test_an_answer_needs_time_to_be_read_for(database: Database) -> None:
    app = await program(database, "xa_hoa_lu")
    app.reading_time = timedelta(seconds=1)
    await say(app, "lan", "nhập")
    clock(app).move(timedelta(milliseconds=900))
    await say(app, "lan", "85")
    assert await rows(database, FIGURES) == []
    clock(app).move(timedelta(seconds=1))
    await say(app, "lan", "85")
    assert await rows(database, FIGURES) == [{"value": "85"}]


async def test_where_no_form_is_open_everything_is_heard_at_once(database: Database) -> None:
    app = await program(database, "xa_hoa_lu")
    app.reading_time = timedelta(seconds=1)
    await send_together(app, "/help", "/viec")
    assert len(heard(app, "lan")) == 2
