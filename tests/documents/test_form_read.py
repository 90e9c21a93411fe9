"""A form that comes back: typed into, sorted, cut, saved by other programs; and what was typed is what is read."""

from __future__ import annotations

import random
import re
import unicodedata
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.form import read_form, write_form
from documents.form.errors import NotAForm
from documents.form.layout import COLUMNS
from documents.form.model import FormReply
from domain.figures import measure_of, read_reply
from domain.vietnamese import clean
from tests.documents import office
from tests.documents.forms import (
    FIRST,
    HEADER,
    TARGETS,
    cell,
    codes,
    fill,
    filled,
    form,
    line,
    lines,
    opened,
    rewritten,
    saved,
    texts,
    with_inline_words,
    words,
)

WIDTH = len(COLUMNS)
BOOK = "xl/workbook.xml"
ANSWERS = ("66,5", "0,72", "31", "85,5 %", "Đạt", "Chưa đạt", "Đang thực hiện")
MEANT = [Decimal("66.5"), Decimal("0.72"), Decimal(31), Decimal("85.5"), True, False, "in_progress"]


def test_an_untouched_form_comes_back_with_nothing() -> None:
    reply = read_form(form())
    assert reply.form_id == "K7M42QX"
    assert texts(reply) == {asked.id: "" for asked in lines()}
    assert [(each.code, each.line_id, each.row) for each in reply.problems] == [
        ("empty", 101 + at, FIRST + at) for at in range(len(ANSWERS))
    ]


def test_what_is_typed_for_every_kind_of_target_is_what_it_means() -> None:
    reply = read_form(filled(form(), *ANSWERS))
    assert list(texts(reply).values()) == list(ANSWERS)
    assert reply.problems == ()
    for asked, text, meant in zip(lines(), texts(reply).values(), MEANT, strict=True):
        assert read_reply(text, measure_of(asked.target)).value == meant


SPOKEN = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn"))
ODD = (
    "=1+1",
    "-5",
    "+84",
    "@x",
    "1.234",
    "12/15",
    "66,5 %",
    "0012",
    "1e5",
    "TRUE",
    "#REF!",
    "a\nb",
    "dd1-x",
    "dondoc:figure",
    "Số liệu",
)
TYPED = st.sampled_from(ODD) | st.text(SPOKEN, max_size=60).filter(lambda text: "_x" not in text)


@settings(max_examples=40, deadline=None)
@given(figure=TYPED, note=TYPED, at=st.integers(0, len(ANSWERS) - 1))
def test_any_text_comes_back_as_it_was_typed(figure: str, note: str, at: int) -> None:
    book, sheet = opened(form())
    fill(sheet, at, figure, note)
    [row] = [row for row in read_form(saved(book)).rows if row.line_id == 101 + at]
    assert (row.text, row.note, row.row) == (clean(figure), clean(note), FIRST + at)


@settings(max_examples=40, deadline=None)
@given(names=st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=80), min_size=1, max_size=4))
def test_any_name_may_stand_in_a_form(names: list[str]) -> None:
    asked = [line(at + 1, TARGETS[at], name) for at, name in enumerate(names)]
    assert list(texts(read_form(write_form(asked, HEADER, words())))) == [each.id for each in asked]


def test_a_text_longer_than_any_figure_is_cut_and_said_to_be() -> None:
    book, sheet = opened(form())
    fill(sheet, 0, "9" * 32_000, "chờ " * 8_000)
    reply = read_form(saved(book))
    assert (len(reply.rows[0].text), len(reply.rows[0].note)) == (1_000, 2_000)
    assert codes(reply) == [("too_long", 101, ""), ("note_cut", 101, "")]


def test_numbers_typed_into_cells_of_another_format_are_read_too() -> None:
    book, sheet = opened(form())
    fill(sheet, 0, 0.665, "đã rà soát", number_format="0%")
    fill(sheet, 1, 0.72, number_format="General")
    fill(sheet, 2, 31, number_format="General")
    fill(sheet, 3, 46371, number_format="dd/mm/yyyy")
    fill(sheet, 4, True)
    cell(sheet, 5, "figure").value = "=1+1"  # openpyxl calculates nothing: a formula without a value
    cell(sheet, 6, "figure").value = "#REF!"
    cell(sheet, 6, "figure").data_type = "e"
    reply = read_form(saved(book))
    assert list(texts(reply).values()) == ["66,5 %", "0,72", "31", "", "TRUE", "", ""]
    assert reply.rows[0].note == "đã rà soát"
    assert codes(reply) == [("date", 104, "15/12/2026"), ("no_value", 106, ""), ("error_value", 107, "#REF!")]


def test_a_formula_with_a_value_is_its_value() -> None:
    def calculate(text: str) -> str:
        text = re.sub(r'<c r="H7"[^>]*/>', '<c r="H7"><f>133/2</f><v>66.5</v></c>', text)
        text = re.sub(r'<c r="H8"[^>]*/>', '<c r="H8" t="str"><f>"0,7"&amp;2</f><v>0,72</v></c>', text)
        return re.sub(r'<c r="H9"[^>]*/>', '<c r="H9" t="str"><f>""</f><v></v></c>', text)

    reply = read_form(rewritten(form(), calculate))
    assert list(texts(reply).values())[:3] == ["66,5", "0,72", ""]
    assert codes(reply) == []


def test_the_mark_of_a_footnote_is_no_digit() -> None:
    rich = '<is><r><t>66,5</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>1</t></r></is>'
    data = rewritten(form(), lambda text: re.sub(r'<c r="H7"[^>]*/>', f'<c r="H7" t="inlineStr">{rich}</c>', text))
    assert texts(read_form(data))[101] == "66,5 (1)"


# -- what clerks and programs do to a file -----------------------------------------------------------------------------


def answered(data: bytes) -> FormReply:
    reply = read_form(data)
    assert texts(reply) == dict(zip(range(101, 108), ANSWERS, strict=True))
    assert reply.problems == ()
    return reply


def test_rows_may_be_sorted() -> None:
    book, sheet = opened(filled(form(), *ANSWERS))
    rows = [[each.value for each in row] for row in sheet.iter_rows(min_row=FIRST)]
    random.Random(7).shuffle(rows)
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            place = sheet.cell(FIRST + at, column + 1)
            place.value = value
            place.data_type = "s"
    assert [row.line_id for row in answered(saved(book)).rows] != list(range(101, 108))


def test_rows_may_be_deleted_and_others_put_in_between() -> None:
    book, sheet = opened(filled(form(), *ANSWERS))
    sheet.delete_rows(FIRST + 1)
    sheet.insert_rows(FIRST + 3, 2)
    sheet.insert_rows(1, 3)
    reply = read_form(saved(book))
    assert texts(reply) == {101 + at: ANSWERS[at] for at in range(7) if at != 1}
    assert [row.row for row in reply.rows] == [10, 11, 12, 15, 16, 17]
    assert reply.problems == ()


def test_the_sheet_may_be_renamed_and_stand_behind_others() -> None:
    book, sheet = opened(filled(form(), *ANSWERS))
    sheet.title = "Bản của Lan"
    book.create_sheet("Nháp", 0).append(["STT", "Chỉ tiêu", "Số liệu"])
    assert {row.sheet for row in answered(saved(book)).rows} == {"Bản của Lan"}


def test_columns_may_be_put_in_and_the_hidden_ones_shown() -> None:
    book, sheet = opened(filled(form(), *ANSWERS))
    sheet.insert_cols(5, 2)
    sheet.delete_cols(1)
    sheet.column_dimensions["D"].hidden = False
    answered(saved(book))


def test_the_heads_are_enough_where_all_above_them_was_deleted() -> None:
    book, sheet = opened(filled(form(), *ANSWERS))
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    sheet.delete_rows(1, 5)
    answered(saved(book))


def test_what_is_typed_beside_the_rows_of_the_form_is_told() -> None:
    book, sheet = opened(filled(form(), *ANSWERS))
    sheet.cell(FIRST + 8, COLUMNS.index("figure") + 1).value = "Người lập biểu"
    sheet.cell(FIRST + 9, COLUMNS.index("mark") + 1).value = "dd1-x"
    sheet.cell(FIRST + 10, COLUMNS.index("mark") + 1).value = "101"
    sheet.cell(FIRST + 10, COLUMNS.index("note") + 1).value = "?"
    reply = read_form(saved(book))
    assert list(texts(reply).values()) == list(ANSWERS)
    assert codes(reply) == [("no_id", None, ""), ("unknown_id", None, "")]


def test_a_name_sorted_away_from_its_id_is_never_answered_for_another() -> None:
    book, sheet = opened(filled(form(), *ANSWERS))
    first, second = (cell(sheet, at, "mark") for at in range(2))
    first.value, second.value = second.value, first.value
    reply = read_form(saved(book))
    assert set(texts(reply)) == set(range(103, 108))
    assert codes(reply) == [("moved", None, "")] * 2
    assert [each.row for each in reply.problems] == [FIRST, FIRST + 1]


def test_spaces_and_other_forms_of_the_same_letters_do_not_move_a_name() -> None:
    book, sheet = opened(filled(form(), *ANSWERS))
    for at in range(7):
        place = cell(sheet, at, "name")
        place.value = unicodedata.normalize("NFD", place.value).replace(" ", "\u00a0 ") + "\n"
        place.data_type = "s"
    answered(saved(book))


def test_a_line_answered_twice_counts_where_both_say_the_same() -> None:
    book, sheet = opened(form())
    fill(sheet, 0, "66,5")
    fill(sheet, 1, "0,7")
    copy = book.copy_worksheet(sheet)
    fill(copy, 1, "0,8")
    fill(copy, 2, "31")
    reply = read_form(saved(book))
    assert {row.line_id: row.text for row in reply.rows if row.text} == {101: "66,5", 103: "31"}
    assert codes(reply) == [("duplicate_id", 102, "")] * 2
    assert 102 not in texts(reply)
    assert len({each.sheet for each in reply.problems if each.code == "duplicate_id"}) == 2


def test_rows_of_another_form_are_told_and_not_taken() -> None:
    other = write_form(lines(), replace(HEADER, form_id="OTHER"), words())
    _, source = opened(filled(other, *ANSWERS))
    book, sheet = opened(filled(form(), *ANSWERS[:3]))
    for column in range(1, WIDTH + 1):
        sheet.cell(FIRST + 20, column).value = source.cell(FIRST + 3, column).value
    reply = read_form(saved(book))
    assert reply.form_id == "K7M42QX"
    assert texts(reply)[104] == ""
    assert codes(reply) == [("other_form", 104, "")]


def test_a_note_alone_is_kept_and_the_figure_still_missing() -> None:
    book, sheet = opened(form())
    fill(sheet, 0, None, "chờ số liệu của tỉnh")
    reply = read_form(saved(book))
    assert (reply.rows[0].text, reply.rows[0].note) == ("", "chờ số liệu của tỉnh")
    assert reply.problems[0].code == "empty"


def _prefixed(text: str) -> str:
    head, _, body = text.partition("<worksheet ")
    body = re.sub(r"<(/?)([a-zA-Z])", r"<\1x:\2", f"<worksheet {body}")
    return head + body.replace("xmlns=", "xmlns:x=")


SAVED = {
    "shared strings": lambda data: data,
    "texts in their cells": with_inline_words,
    "shared strings in runs": lambda data: office.with_shared_words(with_inline_words(data)),
    "cells without places": lambda data: rewritten(data, lambda t: re.sub(r'<(c|row) r="\w+"', r"<\1", t)),
    "another prefix": lambda data: rewritten(data, _prefixed),
    "days since 1904": lambda data: rewritten(
        data, lambda t: t.replace("<workbookPr", '<workbookPr date1904="1"'), BOOK
    ),
    "a hidden sheet": lambda data: rewritten(data, lambda t: t.replace("<sheet ", '<sheet state="hidden" '), BOOK),
}


@pytest.mark.parametrize("way", SAVED)
def test_it_does_not_matter_how_a_program_writes_it_down(way: str) -> None:
    data = write_form(lines(), HEADER, words())
    typed = dict(enumerate(ANSWERS))

    def answer(text: str) -> str:
        for at, said in typed.items():
            new = f'<c r="H{FIRST + at}" s="16" t="inlineStr"><is><t>{said}</t></is></c>'
            text = re.sub(rf'<c r="H{FIRST + at}"[^>]*/>', new, text)
        return text

    answered(SAVED[way](rewritten(data, answer)))


# -- no form of ours -------------------------------------------------------------------------------------------------


def test_another_workbook_is_no_form() -> None:
    with pytest.raises(NotAForm) as caught:
        read_form(office.xlsx("thuy_hung"))
    assert caught.value.values["reason"] == "no_ids"


def test_a_form_without_its_ids_or_the_columns_they_stand_for_is_none() -> None:
    for column, reason in (("mark", "no_ids"), *((name, "no_columns") for name in ("name", "target", "figure"))):
        book, sheet = opened(filled(form(), *ANSWERS))
        sheet.delete_cols(COLUMNS.index(column) + 1)
        with pytest.raises(NotAForm) as caught:
            read_form(saved(book))
        assert caught.value.values["reason"] == reason
