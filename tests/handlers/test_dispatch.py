"""Places stored by an older program, and answers longer than a message may be: nothing is lost and nobody is stuck."""

from __future__ import annotations

import pytest

from bot.app import App
from bot.rehearsal import drain
from domain.messages import Capabilities, Choice, Outgoing
from handlers.prompts import Offer, compose, split
from storage.database import Database
from tests.bot.stage import heard, phones, program, rows, say

WITHOUT_BUTTONS = 60  # characters


async def put(app: App, flow: str, step: str, data: str = "{}") -> None:
    """Let Lan stand at a place, as a program of another version may have left her."""
    await say(app, "lan", "/help")
    async with app.database.transaction() as tx:
        tx.later(
            "UPDATE conversations SET flow = :flow, step = :step, data = :data WHERE external_id = 'lan'",
            flow=flow,
            step=step,
            data=data,
        )


@pytest.mark.parametrize(("flow", "step"), [("report", "reason_why"), ("survey", "first")])
@pytest.mark.parametrize("words", ["66,5", "nhập", "?", "/viec"])
async def test_a_step_that_no_longer_exists_leads_back_to_the_work(
    database: Database, flow: str, step: str, words: str
) -> None:
    app = await program(database, "xa_hoa_lu")
    await put(app, flow, step)
    await say(app, "lan", words)
    await say(app, "lan", "nhập")
    assert heard(app, "lan")[-1].startswith("1/5 · hạn 30/11/2026")
    assert await rows(database, "SELECT 1 FROM inbox WHERE status <> 'done' OR attempts > 0") == []


async def test_the_button_of_a_reminder_works_where_a_step_no_longer_exists(database: Database) -> None:
    app = await program(database, "xa_hoa_lu")
    await put(app, "report", "reason_why")
    phones(app).press("lan", "go:report:2026-11-30", app.clock.now())
    await say(app, "lan", "66,5")
    assert heard(app, "lan")[-1].startswith("⚠️ Đã ghi 66,5 %")


@pytest.mark.parametrize("position", ["x", "-1", "²", "99", "9" * 5000, "", "0:0"])
async def test_a_place_in_a_list_of_choices_that_is_none_is_an_old_button(database: Database, position: str) -> None:
    app = await program(database, "xa_hoa_lu")
    await say(app, "lan", "nhập")
    phones(app).press("lan", f"{_nonce(app)}:{position}", app.clock.now())
    await drain(app)
    assert heard(app, "lan")[-1].startswith("Lựa chọn này đã hết hiệu lực")


def _nonce(app: App) -> str:
    return phones(app).latest("lan").choices[0].token.partition(":")[0]


async def test_a_line_no_longer_owed_is_passed_over(database: Database) -> None:
    app = await program(database, "xa_hoa_lu")
    await put(app, "report", "figure", '{"lines":[999999,1],"at":0,"tries":0,"until":"","again":true}')
    await say(app, "lan", "?")
    assert heard(app, "lan")[-1].startswith("2/2 · hạn 30/11/2026")


def test_a_long_answer_is_cut_at_the_ends_of_lines_and_loses_nothing() -> None:
    text = "\n".join(f"dòng {n}" for n in range(50))
    parts = split(text, WITHOUT_BUTTONS)
    assert max(map(len, parts)) <= WITHOUT_BUTTONS
    assert "\n".join(parts) == text
    assert split("x" * 150, WITHOUT_BUTTONS) == ["x" * 60, "x" * 60, "x" * 30]


def test_the_buttons_stand_below_the_last_part_of_a_long_answer() -> None:
    messages = compose(["a\n" * 40, "b"], [Offer("skip")], False, "1f", Capabilities(WITHOUT_BUTTONS, buttons=True))
    assert [bool(message.choices) for message in messages] == [False, True]
    assert messages[-1].choices == (Choice("1f:0", "Bỏ qua"),)
    assert isinstance(messages[0], Outgoing)
