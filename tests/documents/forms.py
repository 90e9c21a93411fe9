"""Forms for the tests: lines of every kind, the words people see, and a clerk who fills in and saves with openpyxl."""

from __future__ import annotations

import io
import re
import tomllib
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

from documents.form import write_form
from documents.form.layout import COLUMNS
from documents.form.model import FormHeader, FormReply
from documents.form.words import FormWords, form_words
from domain.model import DutyLine, Target
from handlers.render import environment, label, words_of_figure
from templates import __file__ as templates

TARGETS = (
    Target("number", ">=", Decimal(65), unit="%", op_printed="≥"),
    Target("number", ">=", Decimal("0.7"), unit="Chỉ số"),
    Target("number", ">=", Decimal(30), unit="Sản phẩm"),
    Target("range", ">=", Decimal(80), Decimal(90), unit="%"),
    Target("boolean", "==", value=True, text="Có"),
    Target("qualitative", text="Duy trì"),
    Target("task", text="Ban hành kế hoạch"),
)
NAMES = (
    "Tỷ lệ hồ sơ trực tuyến toàn trình",
    "Chỉ số hài lòng của người dân",
    "=Số sản phẩm OCOP & <nông sản>",
    "-Tỷ lệ chi ngân sách",
    "@Trạm y tế đạt chuẩn",
    "+Giữ vững an ninh trật tự",
    "Xây dựng kế hoạch chuyển đổi số",
)
HEADER = FormHeader(
    "K7M42QX", "xã Vũ Dương", "Phòng Văn hóa - Xã hội", date(2026, 11, 30), date(2026, 11, 25), date(2026, 11, 16)
)
FIRST = 7  # the row of the first line, as people count
SHEET = "xl/worksheets/sheet1.xml"


@cache
def table() -> Mapping[str, Any]:
    """form.toml as it is."""
    return tomllib.loads((Path(templates).parent / "vi" / "form.toml").read_text(encoding="utf-8"))


@cache
def words() -> FormWords:
    macros: Any = environment().globals
    return form_words(table()["form"], label=label, target=lambda t: str(macros["target"](t)), figure=words_of_figure)


def line(number: int, target: Target, indicator: str, **changes: Any) -> DutyLine:
    given = {"submission_id": None, "value": None, **changes}
    due = date(2026, 11, 30)
    return DutyLine(number, 1, number, indicator, "Nhóm I", target, due, "Phòng", 1, "xã", "missing", **given)


def lines(count: int = len(TARGETS)) -> list[DutyLine]:
    """Lines with the ids 101, 102 …; the names of those beyond the first few tell them apart."""
    found = []
    for at in range(count):
        name = NAMES[at % len(NAMES)] + (f" {at}" if at >= len(NAMES) else "")
        found.append(line(101 + at, TARGETS[at % len(TARGETS)], name))
    return found


@cache
def form() -> bytes:
    return write_form(lines(), HEADER, words())


def opened(data: bytes) -> tuple[Workbook, Any]:
    book = load_workbook(io.BytesIO(data))
    return book, book.worksheets[0]


def saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def cell(sheet: Any, at: int, column: str) -> Any:
    """The cell of the line that was written as number `at`, from 0."""
    return sheet.cell(FIRST + at, COLUMNS.index(column) + 1)


def fill(sheet: Any, at: int, figure: object = None, note: str | None = None, number_format: str = "@") -> None:
    """Type as somebody does: into a cell formatted as text everything is text, also what begins with "="."""
    for column, value in (("figure", figure), ("note", note)):
        if value is not None:
            place = cell(sheet, at, column)
            place.value = value
            place.number_format = number_format
            if isinstance(value, str):
                place.data_type = "s"


def filled(data: bytes, *figures: object) -> bytes:
    """The form with figures typed from the top."""
    book, sheet = opened(data)
    for at, figure in enumerate(figures):
        fill(sheet, at, figure)
    return saved(book)


def rewritten(data: bytes, change: Callable[[str], str], part: str = SHEET) -> bytes:
    """The workbook with the XML of a part changed; a part that nothing is left of is taken out."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            text = change(text.decode()).encode() if name == part else text
            if text:
                new.writestr(name, text)
    return stream.getvalue()


def with_inline_words(data: bytes) -> bytes:
    """The workbook as some programs write it: every text in its cell, none shared."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        shared = re.findall(r"<si>(.*?)</si>", archive.read("xl/sharedStrings.xml").decode(), re.DOTALL)

    def inline(match: re.Match[str]) -> str:
        return f'<c{match[1]}t="inlineStr"{match[2]}><is>{shared[int(match[3])]}</is></c>'

    inlined = rewritten(data, lambda text: re.sub(r'<c([^>]*)t="s"([^>]*)><v>(\d+)</v></c>', inline, text))
    return rewritten(inlined, lambda _: "", "xl/sharedStrings.xml")


def texts(reply: FormReply) -> dict[int, str]:
    return {row.line_id: row.text for row in reply.rows}


def codes(reply: FormReply, *, leaving_out: str = "empty") -> list[tuple[str, int | None, str]]:
    """What is wrong, but for lines nobody answered."""
    return [(each.code, each.line_id, each.detail) for each in reply.problems if each.code != leaving_out]
