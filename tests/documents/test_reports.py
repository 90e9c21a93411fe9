"""The documents: each says what chat and JSON say, and nothing anybody typed becomes markup or a formula."""

from __future__ import annotations

import asyncio
import dataclasses
import zipfile
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from documents.report.appendix import fill_appendix
from documents.report.model import Report
from documents.report.pictures import heat_map, history, progress
from documents.report.sheets import write_workbook
from documents.report.word import context, write_word
from domain.status import Counts
from handlers.documents import file_name
from handlers.render import render
from handlers.summaries import Summary, as_json, printed
from storage.database import connect
from storage.migrate import migrate
from tests.documents.office import docx, plan_of
from tests.documents.plans import PLANS
from tests.documents.samples import CALENDAR, END, draft_of, settle, summary

COLUMNS = ("ordinal", "name", "unit", "target", "result", "verdict", "agency", "note")


@pytest.fixture(scope="module")
def summaries(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Summary]:
    """The five plans with their year of figures."""

    async def make() -> dict[str, Summary]:
        database = await connect(f"sqlite:///{tmp_path_factory.mktemp('reports')}/d.db")
        try:
            await migrate(database)
            return {plan: await summary(database, await settle(database, plan)) for plan in PLANS}
        finally:
            await database.close()

    return asyncio.run(make())


@pytest.fixture(params=PLANS)
def told(request: pytest.FixtureRequest, summaries: dict[str, Summary]) -> Summary:
    """Each of the five in turn."""
    return summaries[request.param]


def squeezed(text: str) -> str:
    return " ".join(text.split())


def word_table(data: bytes) -> list[tuple[str, ...]]:
    """Return the rows of the table of targets in a report, without its head and the headings of sections."""
    for table in Document(BytesIO(data)).tables:
        rows = [tuple(cell.text for cell in row.cells) for row in table.rows]
        if rows and len(rows[0]) == 8 and rows[0][1] == "Chỉ tiêu":
            return [row for row in rows[1:] if len(set(row)) > 1]
    raise AssertionError("there is no table of targets")


def test_the_word_table_the_workbook_and_json_are_equal_cell_by_cell(told: Summary) -> None:
    report = printed(told)
    wanted = [tuple(squeezed(each[name]) for name in COLUMNS) for each in as_json(report)["indicators"]]
    assert len(wanted) == told.report.counts.total > 10
    assert word_table(write_word(report)) == wanted
    sheet = load_workbook(BytesIO(write_workbook(report)))["Chỉ tiêu"]
    rows = [
        {head.value: cell.value for head, cell in zip(sheet[1], row, strict=True)} for row in sheet.iter_rows(min_row=2)
    ]
    heads = ("TT", "Chỉ tiêu", "ĐVT", "Mục tiêu", "Kết quả", "Đánh giá", "Cơ quan chủ trì", "Ghi chú")
    found = []
    for row, line in zip(rows, report.lines, strict=True):
        cells = [row[head] for head in heads]
        if line.value is not None:
            assert Decimal(str(cells[4])) == line.value
            cells[4] = line.result
        found.append(tuple(cell or "" for cell in cells))
    assert found == wanted


def test_chat_and_json_and_every_document_count_alike(told: Summary) -> None:
    report = printed(told)
    counts = as_json(report)["counts"]
    said = render("status/status", summary=told, today=told.report.today, calendar=CALENDAR)
    told_first = "{total} chỉ tiêu. Đã báo cáo {reported} · đạt {met} · chưa đạt {not_met}"
    assert told_first.format(**counts) in said
    sheet = load_workbook(BytesIO(write_workbook(report)))["Tổng hợp"]
    cells = {row[0].value: row[1].value for row in sheet.iter_rows(min_row=5, max_row=13)}
    assert cells["Đã báo cáo"] == counts["reported"]
    assert cells["Đạt"] == counts["met"]
    assert cells["Chưa có số liệu"] == counts["missing"]
    text = "\n".join(paragraph.text for paragraph in Document(BytesIO(write_word(report))).paragraphs)
    assert f"Tổng số {counts['total']} chỉ tiêu; đã có số liệu {counts['reported']} chỉ tiêu" in text
    by_section = [sum(part[name] for part in as_json(report)["sections"]) for name in ("total", "met", "missing")]
    assert by_section == [counts["total"], counts["met"], counts["missing"]]


def test_the_layout_follows_the_decree(summaries: dict[str, Summary]) -> None:
    document = Document(BytesIO(write_word(printed(summaries["thuy_hung"]))))
    section = document.sections[0]
    sizes = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(size.mm) for size in sizes if size] == [20, 20, 30, 20]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)  # type: ignore[union-attr]
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header._element.xml
    assert "PAGE" not in section.first_page_header._element.xml
    head = "\n".join(cell.text for row in document.tables[0].rows for cell in row.cells)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in head
    assert "XÃ THỤY HÙNG" in head
    assert "Số:          /BC-UBND" in head  # văn thư gives the number
    fonts = document.styles["Normal"].element.rPr.rFonts
    assert {fonts.get(key) for key in fonts.keys()} == {"Times New Roman"}  # noqa: SIM118 - an element, not a dict
    assert len(fonts.keys()) == 4
    repeated = [table for table in document.tables if "w:tblHeader" in table._tbl.xml]
    assert len(repeated) == 3


def test_a_party_plan_gets_the_partys_layout(summaries: dict[str, Summary]) -> None:
    document = Document(BytesIO(write_word(printed(summaries["dang_uy_xa"]))))
    head = "\n".join(cell.text for row in document.tables[0].rows for cell in row.cells)
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" in head
    assert "CỘNG HÒA" not in head
    assert "-BC/ĐU" in head
    assert summaries["thuy_hung"].issuer == "state"


HOSTILE = st.text(max_size=60) | st.sampled_from(
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "<w:p/>",
        "{{ 7*7 }}",
        "{% for x in y %}",
        "&amp;",
        "a\x00b",
        "\ud800",
        "]]>",
        "$x$",
    ]
)


@settings(max_examples=25, deadline=None)
@given(st.lists(HOSTILE, min_size=5, max_size=5))
def test_what_people_typed_is_never_markup_or_a_formula(summaries: dict[str, Summary], texts: list[str]) -> None:
    report = printed(summaries["thuy_hung"])
    name, reason, remedy, agency, section = texts
    line = dataclasses.replace(
        report.lines[0],
        name=name,
        reason=reason,
        remedy=remedy,
        agency=agency,
        section=section,
        state="not_met",
        note=reason,
    )
    evil = dataclasses.replace(report, lines=(line,))
    [_, row] = context(evil)["lines"]
    wanted = tuple(row[key] for key in ("stt", "name", "unit", "target", "result", "verdict", "agency", "note"))
    assert word_table(write_word(evil)) == [wanted]
    book = load_workbook(BytesIO(write_workbook(evil)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}


def test_a_template_of_the_office_is_used_and_cannot_reach_the_program(summaries: dict[str, Summary]) -> None:
    own = Document()
    own.add_paragraph("Của {{ commune }}: {{ commune.__class__.__mro__ }}")
    stream = BytesIO()
    own.save(stream)
    with pytest.raises(Exception, match="unsafe"):
        write_word(printed(summaries["thuy_hung"]), stream.getvalue())


@pytest.mark.parametrize("plan", ["vu_duong", "thuy_hung", "loi_bac"])
@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_the_original_appendix_comes_back_with_its_rows_and_the_results(plan: str, kind: str, tmp_path: Path) -> None:
    data = {"docx": docx, "xlsx": _workbook}[kind](plan)

    async def make() -> tuple[Report, int]:
        database = await connect(f"sqlite:///{tmp_path}/d.db")
        try:
            await migrate(database)
            unit_id = await settle(database, plan, draft_of(plan, data, f"{plan}.{kind}"), data)
            found = await summary(database, unit_id)
            return printed(found), found.plans[0].id
        finally:
            await database.close()

    report, plan_id = asyncio.run(make())
    filled = fill_appendix(report, plan_id, data)
    assert filled.suffix == f".{kind}"
    positions = {line.position for line in report.lines}
    assert filled.rows >= len(positions) > 10
    before, after = (_texts(each, kind) for each in (data, filled.data))
    assert [text for text in before if text not in after] == []  # wording and numbering are as they were
    assert sum(text == "Kết quả thực hiện" for text in after) >= 1
    results = [line.result for line in report.lines if line.result and line.value is not None]
    assert all(result in after for result in results)


def _workbook(plan: str) -> bytes:
    """Return a plan as somebody would have typed it into a workbook."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    found = plan_of(plan)
    for line in [*([text] for text in found.above), *(row for page in found.pages for row in page)]:
        sheet.append(line)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _texts(data: bytes, kind: str) -> list[str]:
    if kind == "xlsx":
        book = load_workbook(BytesIO(data))
        return [
            str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None
        ]
    cells = Document(BytesIO(data)).element.body.iter("{*}tc")
    return [text for cell in cells if (text := "".join(part.text or "" for part in cell.iter("{*}t")))]


def test_of_a_text_a_clean_table_is_made(summaries: dict[str, Summary]) -> None:
    told = summaries["xuan_hung"]
    report = printed(told)
    filled = fill_appendix(report, told.plans[0].id, "TT\tChỉ tiêu".encode())
    [table] = Document(BytesIO(filled.data)).tables
    rows = [tuple(cell.text for cell in row.cells) for row in table.rows]
    found = [row for row in rows[1:] if len(set(row)) > 1]
    assert [(row[0], row[1], row[5], row[6]) for row in found] == [
        (line.ordinal, squeezed(line.name), line.result, line.verdict) for line in report.lines
    ]


def test_pictures_are_made_in_the_width_of_a_phone_and_hold_hostile_names(summaries: dict[str, Summary]) -> None:
    report = printed(summaries["vu_duong"])
    evil = dataclasses.replace(
        report, commune="xã $x_{y$", sections=(dataclasses.replace(report.sections[0], name="$\\frac{"),)
    )
    days = [(date(2026, month, 1), Decimal(month)) for month in (1, 5, 9)]
    counts = Counts(total=4, reported=3, met=2, not_met=1, missing=1)
    for picture in (
        progress(report),
        progress(evil),
        history(report.words, "Tỷ lệ $hồ sơ", "%", days, Decimal(8), "≥ 8 %"),
        heat_map(
            report.words, [("xã $A", [counts, Counts()]), ("xã B", [Counts(), counts])], ["I", "II"], "tỉnh $A", 20, END
        ),
    ):
        assert picture.startswith(b"\x89PNG")
        assert int.from_bytes(picture[16:20]) == 960


def test_names_of_files_are_plain() -> None:
    assert file_name("docx", "xã Vũ Dương/..", END, ".docx") == "bao-cao-xa-vu-duong-20261221-0900.docx"


def test_documents_are_whole_archives(summaries: dict[str, Summary]) -> None:
    for data in (write_word(printed(summaries["loi_bac"])), write_workbook(printed(summaries["loi_bac"]))):
        assert zipfile.ZipFile(BytesIO(data)).testzip() is None
