"""What somebody was asked, or asked for, and what has changed by the time it is answered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.app import App
from bot.rehearsal import drain
from storage import units
from storage.database import Database
from tests.bot.stage import clock, heard, phones, program, rows, say
from tests.golden.situations import _join

LINES = (
    "SELECT l.id, l.submission_id, d.due_on, a.unit_id FROM duty_lines l JOIN duties d ON d.id = l.duty_id"
    " JOIN agencies a ON a.id = d.agency_id ORDER BY l.position"
)
REMOVED = "DELETE FROM memberships WHERE role <> 'head'"


@pytest.fixture
async def app(database: Database) -> App:
    """xã Hoa Lư, where Tâm heads Lan's agency."""
    found = await program(database, "xa_hoa_lu")
    async with database.transaction() as tx:
        [unit] = await units.alike(tx, "commune", "xã Hoa Lư")
        await _join(tx, "tam", "head", unit.id, "Phòng Kinh tế", found.clock.now())
    return found


async def press(app: App, who: str, token: str) -> str:
    """Press a choice, a while after the last one, and return the answer."""
    clock(app).move(timedelta(seconds=10))
    phones(app).press(who, token, app.clock.now())
    await drain(app)
    return heard(app, who)[-1]


async def change(app: App, sql: str) -> None:
    """Change what is stored behind everybody's back."""
    async with app.database.transaction() as tx:
        await tx.run(sql)


async def first_line(app: App) -> dict[str, Any]:
    """Return the line with the first figure."""
    return (await rows(app.database, LINES))[0]


async def close(app: App) -> dict[str, Any]:
    """Give the first figure, let Minh close what there is, and return its line."""
    for text in ("nhập", "66,5", "dừng"):
        await say(app, "lan", text)
    line = await first_line(app)
    await press(app, "minh", f"go:khoa:{line['unit_id']}:{line['due_on']}:closed")
    return line


async def test_a_head_sends_back_no_closed_figure_and_a_leader_does(app: App) -> None:
    line = await close(app)
    assert "đã khóa" in await press(app, "tam", f"go:return:{line['id']}")
    assert "Vì sao trả lại" in await press(app, "minh", f"go:return:{line['id']}")


async def test_a_figure_closed_while_its_head_says_why_is_not_sent_back(app: App) -> None:
    for text in ("nhập", "66,5", "dừng"):
        await say(app, "lan", text)
    line = await first_line(app)
    assert "Vì sao trả lại" in await press(app, "tam", f"go:return:{line['id']}")
    await press(app, "minh", f"go:khoa:{line['unit_id']}:{line['due_on']}:closed")
    await say(app, "tam", "chưa khớp với báo cáo")
    assert "đã khóa" in heard(app, "tam")[-1]
    assert await rows(app.database, "SELECT id FROM reviews") == []


async def test_the_correction_of_somebody_who_has_left_is_not_stored_as_theirs(app: App) -> None:
    line = await close(app)
    await press(app, "lan", f"go:revise:{line['id']}")
    await say(app, "lan", "81")
    await say(app, "lan", "nhầm số tháng trước")
    await change(app, REMOVED)
    [request] = await rows(app.database, "SELECT id FROM requests")
    assert "Lan không còn báo cáo chỉ tiêu này" in await press(app, "tam", f"go:duyet:{request['id']}:granted")
    assert await rows(app.database, "SELECT value FROM submissions") == [{"value": "66.5"}]
    assert await rows(app.database, "SELECT status FROM requests") == [{"status": "withdrawn"}]


@pytest.mark.parametrize("changed", [REMOVED, "UPDATE duty_lines SET submission_id = NULL, status = 'missing'"])
async def test_reasons_are_taken_for_the_figures_they_were_asked_about_alone(app: App, changed: str) -> None:
    await say(app, "lan", "nhập")
    await say(app, "lan", "1: 66,5; 2: 10; 3: 1; 4: có; 5: xong")
    assert "Vì sao? Gửi một câu chung" in heard(app, "lan")[-1]
    await change(app, changed)
    await say(app, "lan", "do máy chủ hỏng")
    assert await rows(app.database, "SELECT words FROM remarks") == []
    assert any("lời này không được ghi" in text for text in heard(app, "lan"))


async def test_reasons_for_figures_that_stand_are_kept(app: App) -> None:
    await say(app, "lan", "nhập")
    await say(app, "lan", "1: 66,5; 2: 10; 3: 1; 4: có; 5: xong")
    await say(app, "lan", "do máy chủ hỏng")
    assert len(await rows(app.database, "SELECT words FROM remarks WHERE kind = 'reason'")) == 3


async def wish(app: App) -> int:
    """Ask for time until 25/12/2026, and return the id of the request."""
    await say(app, "lan", "xin gia hạn đến 25/12 vì chờ số liệu cấp trên")
    [request] = await rows(app.database, "SELECT id FROM requests")
    return int(request["id"])


async def test_more_time_for_what_is_complete_is_not_granted(app: App) -> None:
    request = await wish(app)
    await say(app, "lan", "nhập")
    await say(app, "lan", "1: 66,5; 2: 1200; 3: 2,7; 4: có; 5: xong")
    assert "không còn thiếu số liệu" in await press(app, "minh", f"go:duyet:{request}:granted")
    assert [row["due_on"] for row in await rows(app.database, "SELECT due_on FROM duties")] == ["2026-11-30"]


async def test_more_time_until_a_day_that_is_past_is_not_granted(app: App) -> None:
    request = await wish(app)
    clock(app).move(timedelta(days=60))
    assert "đã qua" in await press(app, "minh", f"go:duyet:{request}:granted")
    assert [row["due_on"] for row in await rows(app.database, "SELECT due_on FROM duties")] == ["2026-11-30"]


async def test_more_time_opens_no_figure_that_is_closed(app: App) -> None:
    request = await wish(app)
    for text in ("nhập", "66,5", "dừng"):
        await say(app, "lan", text)
    clock(app).move(timedelta(days=28))  # 21/12: closed after 14/12
    assert "còn thiếu 4 chỉ tiêu" in await press(app, "minh", "go:duyet:")
    assert "Đã đồng ý" in await press(app, "minh", f"go:duyet:{request}:granted")
    line = await first_line(app)
    await press(app, "lan", f"go:revise:{line['id']}")
    await say(app, "lan", "81")
    assert "đã khóa" in heard(app, "lan")[-1]


async def test_an_explanation_goes_to_who_leads_now(app: App) -> None:
    line = await first_line(app)
    async with app.database.transaction() as tx:
        await _join(tx, "son", "leader", line["unit_id"], None, app.clock.now())
    await press(app, "minh", f"go:status:#{line['unit_id']}:explain:{line['id']}")
    await change(app, "DELETE FROM grants WHERE person_id = (SELECT id FROM people WHERE name = 'Minh')")
    [asked] = await rows(app.database, "SELECT id FROM explanations")
    await press(app, "lan", f"go:explain:{asked['id']}")
    await say(app, "lan", "vì máy chủ hỏng")
    assert "máy chủ hỏng" in heard(app, "son")[-1]
    assert not any("máy chủ hỏng" in text for text in heard(app, "minh"))
    assert "đến Son" in heard(app, "lan")[-1]
