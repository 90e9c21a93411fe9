"""The Excel form that comes back: only what its sender owes counts, nothing of it is kept but the figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from bot.app import App
from bot.file_store import FileStore
from bot.rehearsal import drain
from documents.form import write_form
from documents.form.model import FormHeader
from domain.messages import ReceivedFile
from handlers.form import words_of_form
from storage import duties, units
from storage.database import Database
from tests.bot.stage import heard, phones, program, rows, say
from tests.documents.forms import FIRST, fill, opened, saved

REPORTED = "SELECT line_id, value FROM submissions ORDER BY id"


@pytest.fixture
async def app(database: Database, tmp_path: Path) -> App:
    """A program in which Lan has been sent a form of her five lines."""
    found = await program(database, "xa_hoa_lu")
    found.files = FileStore(tmp_path / "files")
    await say(found, "lan", "tải biểu")
    return found


def form(app: App, *figures: tuple[str, str]) -> bytes:
    """The form received last, filled in from the top."""
    book, sheet = opened(list(phones(app).documents.values())[-1])
    for at, (figure, note) in enumerate(figures):
        fill(sheet, at, figure or None, note or None)
    return saved(book)


async def give(app: App, who: str, *forms: bytes) -> str:
    """Let somebody send forms together, and return the answer."""
    album = "album" if len(forms) > 1 else None
    for data in forms:
        number = f"f{len(phones(app).files)}"
        file = ReceivedFile("document", number, "bieu.xlsx")
        phones(app).give(who, file, data, app.clock.now(), album=album)
    await drain(app)
    return heard(app, who)[-1]


async def everything(database: Database) -> str:
    """All that is kept of files, conversations and messages."""
    tables = ("files", "evidence", "conversations", "inbox", "outbox", "submissions", "remarks", "audit")
    return "\n".join([str(await rows(database, f"SELECT * FROM {table}")) for table in tables])


async def test_a_form_is_read_and_then_gone(app: App) -> None:
    said = await give(app, "lan", form(app, ("85", ""), ("1200", "")))
    assert "ghi 2 chỉ tiêu" in said
    assert [row["value"] for row in await rows(app.database, REPORTED)] == ["85", "1200"]
    assert await rows(app.database, "SELECT id FROM evidence") == []
    assert [path for path in app.files.folder.rglob("*") if path.is_file()] == []
    assert [row["found"] for row in await rows(app.database, "SELECT found FROM files")] == [None]


async def test_nobody_reports_a_line_of_others_by_a_form(app: App) -> None:
    for who in ("minh", "thu"):
        await give(app, who, form(app, ("85", "")))
    assert await rows(app.database, REPORTED) == []


async def test_an_officer_of_another_agency_reports_nothing_by_a_form_passed_on(app: App) -> None:
    async with app.database.transaction() as tx:
        unit = await tx.one("SELECT id FROM units WHERE name = 'xã Hoa Lư'")
        assert unit is not None
        other_agency = await units.ensure_agency(tx, unit["id"], "Phòng Văn hóa - Xã hội", "agency", app.clock.now())
        await tx.run("UPDATE memberships SET agency_id = :id", id=other_agency)
    other = form(app, ("85", ""))
    await give(app, "lan", other)
    assert await rows(app.database, REPORTED) == []


async def test_what_is_secret_or_personal_in_a_form_is_kept_nowhere(app: App) -> None:
    said = await give(app, "lan", form(app, ("0912345678", ""), ("900", "theo công văn MẬT số 5")))
    assert "không được lưu" in said
    kept = await everything(app.database)
    assert "0912345678" not in kept
    assert "MẬT" not in kept
    assert [row["value"] for row in await rows(app.database, REPORTED)] == ["900"]
    assert any("bí mật" in text for text in heard(app, "thu"))


async def test_a_note_is_the_reason_of_a_missed_target_and_nobody_asks_again(app: App) -> None:
    said = await give(app, "lan", form(app, ("60", "thiếu cán bộ"), ("1200", "đủ lớp")))
    assert "Vì sao" not in said
    assert await rows(app.database, "SELECT kind, words FROM remarks") == [{"kind": "reason", "words": "thiếu cán bộ"}]


async def test_the_figure_of_a_colleague_is_not_written_over_and_the_own_one_is_corrected(app: App) -> None:
    await say(app, "lan", "nhập")
    await say(app, "lan", "85")
    async with app.database.transaction() as tx:
        await tx.run("UPDATE submissions SET person_id = (SELECT MIN(id) FROM people WHERE name = 'Minh')")
    await say(app, "lan", "dừng")
    assert "đồng nghiệp đã gửi 85 %" in await give(app, "lan", form(app, ("86", "")))
    async with app.database.transaction() as tx:
        await tx.run("UPDATE submissions SET person_id = (SELECT MIN(id) FROM people WHERE name = 'Lan')")
    assert "85 % thành 86 %" in await give(app, "lan", form(app, ("86", "")))
    assert [row["value"] for row in await rows(app.database, REPORTED)] == ["85", "86"]


async def test_two_forms_sent_together_are_answered_once_and_a_line_counts_once(app: App) -> None:
    before = len(heard(app, "lan"))
    await give(app, "lan", form(app, ("85", "")), form(app, ("86", ""), ("1200", "")))
    assert len(heard(app, "lan")) == before + 1
    assert [row["value"] for row in await rows(app.database, REPORTED)] == ["85", "1200"]


async def test_a_row_whose_words_were_changed_is_told_and_not_stored(app: App) -> None:
    book, sheet = opened(form(app, ("85", "")))
    sheet.cell(FIRST, 3).value = "Tỷ lệ khác hẳn"
    said = await give(app, "lan", saved(book))
    assert f"Dòng {FIRST}" in said
    assert await rows(app.database, REPORTED) == []


async def test_a_forged_form_reaches_only_lines_its_sender_owes(app: App, database: Database) -> None:
    async with database.transaction() as tx:
        row = await tx.one("SELECT id FROM people WHERE name = 'Lan'")
        assert row is not None
        lines = await duties.lines_of(tx, row["id"])
    forged = [replace(lines[0], id=10**17), lines[1]]
    day = date(2026, 11, 21)
    data = write_form(forged, FormHeader("X", "xã", "Phòng", day, day, day), words_of_form())
    book, sheet = opened(data)
    fill(sheet, 0, "1")
    fill(sheet, 1, "1200")
    said = await give(app, "lan", saved(book))
    assert "1 dòng không còn do anh/chị báo cáo" in said
    assert [row["line_id"] for row in await rows(database, REPORTED)] == [lines[1].id]


async def test_a_workbook_that_is_no_form_is_evidence_and_one_without_its_columns_is_told(app: App) -> None:
    await say(app, "lan", "nhập")
    await say(app, "lan", "85")
    book = Workbook()
    book.active["A1"] = "bảng kê"
    assert "Đã lưu minh chứng (1 tệp)" in await give(app, "lan", saved(book))
    book, sheet = opened(form(app, ("85", "")))
    sheet.delete_cols(3)
    assert "Biểu thiếu cột" in await give(app, "lan", saved(book))


async def test_an_empty_form_says_what_to_do(app: App) -> None:
    assert "chưa có số liệu nào" in await give(app, "lan", form(app))


async def test_a_closed_figure_is_left_as_it_is_and_the_row_says_how_to_ask(app: App) -> None:
    await give(app, "lan", form(app, ("85", "")))
    await say(app, "lan", "dừng")
    async with app.database.transaction() as tx:
        await tx.run("UPDATE duties SET closing = 'closed'")
    said = await give(app, "lan", form(app, ("86", ""), ("1200", "")))
    assert "số liệu đã khóa nên giữ như cũ. Muốn sửa, gõ /sua" in said
    # What was missing may be given at any time; and the same figure once more asks for nothing.
    assert [row["value"] for row in await rows(app.database, REPORTED)] == ["85", "1200"]
    assert "đã khóa" not in await give(app, "lan", form(app, ("85", "")))
