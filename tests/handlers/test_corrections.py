"""A figure is put right by editing the message it was in, or by replying to its receipt; what was is kept."""

from __future__ import annotations

from decimal import Decimal
from itertools import count

import pytest

from bot.app import App
from bot.rehearsal import drain
from domain.messages import Address, Incoming
from storage.database import Database
from tests.bot.stage import heard, phones, program, rows, say

LAN = Address("simulator", "lan")
NUMBERS = count()
FIGURES = "SELECT value FROM submissions ORDER BY id"


async def happen(app: App, **what: object) -> str:
    """Let Lan's messenger tell of something and return the answer."""
    values = {"sender": LAN, "external_id": f"odd-{next(NUMBERS)}", "sent_at": app.clock.now(), **what}
    phones(app).put(Incoming(**values))  # type: ignore[arg-type]
    await drain(app)
    return heard(app, "lan")[-1]


def said(app: App) -> str:
    """Return the id of the message that was said last."""
    return f"said-{phones(app)._run}-{phones(app)._count}"


async def values(database: Database) -> list[str]:
    """Return every figure ever stored, the oldest first."""
    return [row["value"] for row in await rows(database, FIGURES)]


async def test_an_edited_figure_replaces_the_old_one_which_is_kept(database: Database) -> None:
    app = await program(database, "xa_hoa_lu")
    await say(app, "lan", "nhập")
    await say(app, "lan", "66,5")
    answer = await happen(app, kind="edited", text="68,5", message_id=said(app))
    assert answer.startswith("✅ Đã sửa")
    assert "66,5 % thành 68,5 %" in answer
    assert await values(database) == ["66.5", "68.5"]
    [line] = await rows(
        database, "SELECT b.value, b.replaces_id FROM duty_lines l JOIN submissions b ON b.id = l.submission_id"
    )
    assert line == {"value": "68.5", "replaces_id": 1}
    await say(app, "lan", "1200")  # the question that stood still stands
    assert (await values(database))[-1] == "1200"


async def test_an_edit_of_a_list_changes_only_what_changed(database: Database) -> None:
    app = await program(database, "xa_hoa_lu")
    await say(app, "lan", "nhập")
    await say(app, "lan", "1: 66,5; 2: 1200; 3: 2,7")
    answer = await happen(app, kind="edited", text="1: 66,5; 2: 1250; 3: 2,7", message_id=said(app))
    assert "1.200 Người thành 1.250 Người" in answer
    assert await values(database) == ["66.5", "1200", "2.7", "1250"]


@pytest.mark.parametrize("text", ["66,5", " 66,5 "])
async def test_an_edit_that_changes_no_figure_changes_nothing(database: Database, text: str) -> None:
    app = await program(database, "xa_hoa_lu")
    await say(app, "lan", "nhập")
    await say(app, "lan", "66,5")
    assert "giữ nguyên" in await happen(app, kind="edited", text=text, message_id=said(app))
    assert await values(database) == ["66.5"]


async def test_an_edit_that_cannot_be_read_changes_nothing_and_says_so(database: Database) -> None:
    app = await program(database, "xa_hoa_lu")
    await say(app, "lan", "nhập")
    await say(app, "lan", "66,5")
    assert "vẫn giữ 66,5 %" in await happen(app, kind="edited", text="khoảng sáu mươi mấy", message_id=said(app))
    assert await values(database) == ["66.5"]


async def test_an_edit_of_a_figure_that_was_replaced_since_changes_nothing(database: Database) -> None:
    app = await program(database, "xa_hoa_lu")
    await say(app, "lan", "nhập")
    await say(app, "lan", "66,5")
    first = said(app)
    await say(app, "lan", "quay lại")
    await say(app, "lan", "67,5")
    assert "/sua" in await happen(app, kind="edited", text="70", message_id=first)
    assert await values(database) == ["66.5", "67.5"]


async def test_somebody_elses_message_of_the_same_number_is_not_meant(database: Database) -> None:
    app = await program(database, "xa_hoa_lu")
    await say(app, "lan", "nhập")
    await say(app, "lan", "66,5")
    minh = Address("simulator", "minh")
    await happen(app, sender=minh, kind="edited", text="99", message_id=said(app))
    assert await values(database) == ["66.5"]


async def test_an_edit_into_what_must_not_be_kept_is_refused(database: Database) -> None:
    app = await program(database, "xa_hoa_lu")
    await say(app, "lan", "nhập")
    await say(app, "lan", "66,5")
    await happen(app, kind="edited", text="số điện thoại 0912345678", message_id=said(app))
    assert await values(database) == ["66.5"]
    assert await rows(database, "SELECT 1 FROM submissions WHERE typed LIKE '%0912%'") == []


async def receipts(app: App) -> list[str]:
    """Return the ids of the receipts Lan has got, the oldest first."""
    found = await rows(app.database, "SELECT external_id FROM outbox WHERE line_id IS NOT NULL ORDER BY id")
    return [row["external_id"] for row in found]


async def test_a_reply_to_a_receipt_is_the_figure_put_right(database: Database) -> None:
    app = await program(database, "xa_hoa_lu")
    for text in ("nhập", "66,5", "1200"):
        await say(app, "lan", text)
    first, _ = await receipts(app)
    assert "66,5 % thành 69 %" in await happen(app, text="69", reply_to=first, message_id="r1")
    assert await values(database) == ["66.5", "1200", "69"]


async def test_a_reply_to_the_message_that_asks_answers_its_question(database: Database) -> None:
    app = await program(database, "xa_hoa_lu")
    for text in ("nhập", "66,5"):
        await say(app, "lan", text)
    [last] = await receipts(app)
    await happen(app, text="1200", reply_to=last, message_id="r1")
    assert await values(database) == ["66.5", "1200"]


async def test_thanks_in_reply_to_a_receipt_are_thanks(database: Database) -> None:
    app = await program(database, "xa_hoa_lu")
    for text in ("nhập", "66,5", "1200"):
        await say(app, "lan", text)
    first, _ = await receipts(app)
    await happen(app, text="cảm ơn", reply_to=first, message_id="r1")
    assert [Decimal(value) for value in await values(database)] == [Decimal("66.5"), 1200]


async def test_an_unclear_reply_to_an_older_receipt_is_no_answer_to_the_question(database: Database) -> None:
    app = await program(database, "xa_hoa_lu")
    lines = await rows(database, "SELECT id FROM duty_lines ORDER BY position")
    phones(app).press("lan", f"go:line:{lines[3]['id']}", app.clock.now())
    await drain(app)
    for text in ("có", "nhập", "85"):
        await say(app, "lan", text)
    before = await values(database)
    answer = await happen(app, text="1200", reply_to=(await receipts(app))[0], message_id="r1")
    assert "Chưa rõ số mới" in answer
    assert await values(database) == before


@pytest.mark.parametrize("text", ["88", "88 phần trăm"])
async def test_a_reply_to_what_is_forgotten_is_no_answer_to_the_question(database: Database, text: str) -> None:
    app = await program(database, "xa_hoa_lu")
    for said_so in ("nhập", "85", "1200"):
        await say(app, "lan", said_so)
    first, _ = await receipts(app)
    async with database.transaction() as tx:
        await tx.run("DELETE FROM outbox WHERE external_id = :id", id=first)
    answer = await happen(app, text=text, reply_to=first, message_id="r1")
    assert "quá cũ" in answer
    assert "Doanh thu thương mại điện tử" in answer  # the question that stands
    assert await values(database) == ["85", "1200"]
    assert "Đã dừng" in await happen(app, text="dừng", reply_to=first, message_id="r2")


async def test_a_reply_to_an_older_question_is_no_answer_to_the_newest(database: Database) -> None:
    app = await program(database, "xa_hoa_lu")
    await say(app, "lan", "nhập")
    [question] = await rows(database, "SELECT external_id FROM outbox ORDER BY id")
    await say(app, "lan", "bỏ qua")
    await happen(app, text="66", reply_to=question["external_id"], message_id="r1")
    assert await values(database) == []
    newest = (await rows(database, "SELECT external_id FROM outbox ORDER BY id DESC"))[0]
    await happen(app, text="1200", reply_to=newest["external_id"], message_id="r2")
    assert await values(database) == ["1200"]
