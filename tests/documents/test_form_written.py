"""A form as people see it: what is locked, what can be chosen, what is said, and that it opens without a complaint."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from decimal import Decimal
from typing import Any, get_args

import pytest
from lxml import etree

from documents.form import write_form
from documents.form.errors import NotAForm
from documents.form.layout import COLUMNS, HEADS, INPUTS
from documents.form.model import PROBLEM_CODES, FormHeader
from documents.form.words import form_words
from domain.figures import measure_of, read_reply
from domain.model import Target, TargetKind
from domain.vietnamese import fold
from tests.documents.forms import FIRST, HEADER, NAMES, cell, form, line, lines, opened, table, words

NO_DATA = "Chưa có số liệu"


def lists(sheet: Any) -> dict[str, Any]:
    return {str(each.sqref): each for each in sheet.data_validations.dataValidation}


def test_everything_is_locked_but_the_two_columns_to_fill_in() -> None:
    _, sheet = opened(form())
    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert not sheet.protection.formatColumns  # False: not protected against
    assert not sheet.protection.formatRows
    open_cells = {each.coordinate for row in sheet.iter_rows() for each in row if not each.protection.locked}
    assert open_cells == {cell(sheet, at, name).coordinate for at in range(len(NAMES)) for name in INPUTS}


def test_cells_are_of_text_so_that_nothing_typed_becomes_something_else() -> None:
    _, sheet = opened(form())
    for row in sheet.iter_rows(min_row=FIRST):
        assert {each.number_format for each in row} == {"@"}
        assert {each.data_type for each in row if each.value is not None} == {"s"}
    assert [cell(sheet, at, "name").value for at in range(len(NAMES))] == list(NAMES)


def test_the_head_says_whose_form_it_is_and_until_when() -> None:
    _, sheet = opened(form())
    head = "\n".join(str(sheet.cell(row, 1).value) for row in range(1, 5))
    for said in ("xã Vũ Dương", "Phòng Văn hóa - Xã hội", "30/11/2026", "25/11/2026", "16/11/2026"):
        assert said in head
    seen = [sheet.cell(6, at + 1).value for at, name in enumerate(COLUMNS) if name != "mark"]
    assert seen == ["STT", "Nhóm", "Chỉ tiêu", "Đơn vị tính", "Mục tiêu", "Kỳ trước", "Số liệu", "Lý do / ghi chú"]
    assert sheet.freeze_panes == f"A{FIRST}"
    assert sheet.row_dimensions[5].hidden
    assert sheet.column_dimensions["D"].hidden


def test_it_prints_on_a4_on_its_side_as_wide_as_the_sheet() -> None:
    _, sheet = opened(form())
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$6:$6"


def test_what_can_be_chosen_fits_what_is_asked_and_is_understood() -> None:
    _, sheet = opened(form())
    expected = [f"{NO_DATA}"] * 4 + [f"Đạt,Chưa đạt,{NO_DATA}"] * 2
    expected.append(f"Đã hoàn thành,Đang thực hiện,Chưa thực hiện,{NO_DATA}")
    found = lists(sheet)
    for at, (asked, choices) in enumerate(zip(lines(), expected, strict=True)):
        of_cell = found[cell(sheet, at, "figure").coordinate]
        assert of_cell.formula1 == f'"{choices}"'
        assert of_cell.errorStyle == "warning", "a list forbids nothing"
        assert bool(of_cell.showErrorMessage) == (asked.target.kind not in ("number", "range"))
        for choice in choices.split(","):
            assert read_reply(choice, measure_of(asked.target)).action in ("accept", "no_data"), choice


def test_a_hint_says_what_is_expected_with_an_example_that_is_not_the_target() -> None:
    _, sheet = opened(form())
    found = lists(sheet)
    hints = [found[cell(sheet, at, "figure").coordinate].prompt for at in range(len(NAMES))]
    assert "66,5" in hints[0]
    assert "0,65" in hints[1]
    assert "(Sản phẩm), ví dụ: 12." in hints[2]
    assert "Đạt, Chưa đạt." in hints[4]
    assert all(NO_DATA in hint and len(hint) <= 255 for hint in hints)
    last = FIRST + len(NAMES) - 1
    assert "thông tin cá nhân" in found[f"I{FIRST}:I{last}"].prompt


def test_long_words_are_cut_where_a_cell_or_a_hint_ends() -> None:
    unit = "nghìn lượt khách tham quan " * 20
    long = [line(1, Target("number", ">=", Decimal(1), unit=unit), "Tên chỉ tiêu rất dài " * 2_000)]
    _, sheet = opened(write_form(long, HEADER, words()))
    assert len(cell(sheet, 0, "name").value) <= 16_000
    assert len(lists(sheet)[cell(sheet, 0, "figure").coordinate].prompt) <= 255
    assert sheet.row_dimensions[FIRST].height <= 409


def test_a_row_is_as_high_as_its_name_needs() -> None:
    short = line(1, Target("task"), "Tên ngắn")
    long = line(2, Target("task"), "Tỷ lệ hồ sơ thủ tục hành chính được xử lý trực tuyến toàn trình " * 4)
    _, sheet = opened(write_form([short, long], HEADER, words()))
    low, high = (sheet.row_dimensions[FIRST + at].height for at in range(2))
    assert low < 25
    assert high > 6 * 15


def test_the_figure_of_the_period_before_is_shown() -> None:
    newest = line(1, lines()[0].target, "A", submission_id=5, value=Decimal("60.5"))
    none_yet = line(2, lines()[0].target, "B", submission_id=6)
    asked = [newest, none_yet, line(3, lines()[0].target, "C"), line(4, lines()[0].target, "D")]
    header = replace(HEADER, earlier={4: Decimal(61)})
    _, sheet = opened(write_form(asked, header, words()))
    assert [cell(sheet, at, "before").value for at in range(4)] == ["60,5 %", "chưa có số liệu", None, "61 %"]


def test_the_same_form_is_the_same_bytes() -> None:
    assert write_form(lines(), HEADER, words()) == form()


def test_what_no_form_can_be_made_of_is_refused() -> None:
    with pytest.raises(ValueError, match="without lines"):
        write_form([], HEADER, words())
    with pytest.raises(ValueError, match="not assigned"):
        write_form([line(1, Target("not_assigned"), "A")], HEADER, words())
    with pytest.raises(ValueError, match="id of a form"):
        FormHeader("a-b", "xã", "Phòng", HEADER.due, HEADER.due, HEADER.due)
    with pytest.raises(ValueError, match="parted by commas"):
        write_form(lines(), HEADER, replace(words(), label=lambda name: f"{name}, hoặc không"))


def test_every_kind_of_target_that_is_asked_for_is_tried_here() -> None:
    assert {asked.target.kind for asked in lines()} == set(get_args(TargetKind)) - {"not_assigned"}


def test_the_parts_hold_together() -> None:
    """What makes Excel offer to repair a file: parts that are not declared, styles and strings that are not there."""
    with zipfile.ZipFile(io.BytesIO(form())) as archive:
        names = set(archive.namelist())
        parts = {name: etree.fromstring(archive.read(name)) for name in names}
    declared = {part.get("PartName", "").lstrip("/") for part in parts["[Content_Types].xml"]}
    assert declared - {""} <= names
    assert {name for name in names if not name.endswith(".rels")} - {"[Content_Types].xml"} <= declared
    sheet, styles = parts["xl/worksheets/sheet1.xml"], parts["xl/styles.xml"]
    count = len(styles.find("{*}cellXfs"))
    assert {int(each.get("s", "0")) for each in sheet.iter("{*}c")} <= set(range(count))
    strings = len(parts["xl/sharedStrings.xml"])
    assert {int(each.text) for each in sheet.iter("{*}v")} == set(range(strings))
    order = [
        "sheetPr",
        "dimension",
        "sheetViews",
        "sheetFormatPr",
        "cols",
        "sheetData",
        "sheetProtection",
        "mergeCells",
    ]
    order += ["dataValidations", "pageMargins", "pageSetup", "headerFooter", "ignoredErrors"]
    assert [etree.QName(each).localname for each in sheet] == order


# -- words -----------------------------------------------------------------------------------------------------------


def test_the_columns_are_headed_by_the_words_they_are_recognised_by() -> None:
    headings = table()["form"]["headings"]
    assert list(headings) == [name for name in COLUMNS if name != "mark"]
    assert {fold(headings[name]): name for name in HEADS.values()} == HEADS


def test_every_problem_and_every_refusal_has_words() -> None:
    assert set(table()["problems"]) >= PROBLEM_CODES  # the others are found by whoever knows the sender
    reasons = {f"not_a_form.{code}" for code in re.findall(r'"(no_\w+)"', NotAForm.__doc__ or "")}
    reasons |= {
        f"unreadable_file.{code}" for code in ("empty", "format", "damaged", "password", "macros", "entities", "bomb")
    }
    assert set(table()["refused"]) == reasons | {"file_too_large", "table_too_large"}
    problems = [said for code, said in table()["problems"].items() if code != "place"]
    for said in (*problems, *table()["refused"].values()):
        assert "!" not in said
        assert said.endswith(".")


def test_a_word_that_is_missing_or_unknown_is_found_when_the_words_are_read() -> None:
    given = dict(table()["form"])
    macros: Any = {"label": str, "target": str, "figure": lambda value, target: str(value)}
    with pytest.raises(TypeError):
        form_words({**given, "tittle": "x"}, **macros)
    del given["guide"]
    with pytest.raises(TypeError):
        form_words(given, **macros)
