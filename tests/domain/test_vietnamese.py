"""Vietnamese text: kept as typed, found however it was typed, and figures as people here write them."""

from __future__ import annotations

import unicodedata
from datetime import date
from decimal import Decimal

import pytest
from babel.numbers import format_decimal
from hypothesis import example, given
from hypothesis import strategies as st

from domain.vietnamese import (
    clean,
    fold,
    format_date,
    format_day,
    format_number,
    format_quantity,
    shorten,
    strip_marks,
)

LETTERS = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđ"
vietnamese = st.text(st.sampled_from(LETTERS + LETTERS.upper() + " -–&/,.()ð0123456789vVa\u200b\xa0"), max_size=40)
texts = st.one_of(vietnamese, st.text(max_size=30))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ủy ban nhân dân xã Vũ Dương", "uy ban nhan dan xa vu duong"),
        ("Uỷ ban", "uy ban"),  # the tone mark on the other vowel
        ("ĐẢNG ỦY", "dang uy"),
        ("Ðảng ủy", "dang uy"),  # the letter eth of old fonts
        ("Văn hóa - Xã hội", "van hoa xa hoi"),
        ("Văn hoá – Xã hội", "van hoa xa hoi"),
        ("Văn hóa & Xã hội", "van hoa xa hoi"),
        ("Văn hóa và Xã hội", "van hoa xa hoi"),
        ("Vàng", "vang"),  # "và" inside a word stays
        ("  Hồ\u00a0sơ\t\n trực\u200b tuyến ", "ho so truc tuyen"),
        ("", ""),
    ],
)
def test_spellings_of_one_name_are_found_alike(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_cleaning_keeps_wording_case_and_marks() -> None:
    assert clean(" \ufeffTỷ  lệ\u00a0Hồ sơ \n") == "Tỷ lệ Hồ sơ"
    assert clean(unicodedata.normalize("NFD", "Đường Nguyễn Huệ")) == "Đường Nguyễn Huệ"
    assert strip_marks("Đảng uỷ xã Vũ Dương") == "Dang uy xa Vu Duong"


@given(texts)
@example("va-và")
@example("v\u200ba")
@example("a va va b")
@example("ǰ̣ İ ß ŉ")
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(vietnamese)
def test_composed_and_decomposed_letters_fold_and_clean_alike(text: str) -> None:
    composed, decomposed = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    assert fold(composed) == fold(decomposed)
    assert clean(composed) == clean(decomposed)


@given(vietnamese)
def test_a_fold_does_not_hear_case(text: str) -> None:
    assert fold(text.upper()) == fold(text.lower()) == fold(text)


@given(texts)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("1234.50"), "1.234,5"),
        (Decimal("66.5"), "66,5"),
        (Decimal("0"), "0"),
        (Decimal("-0.0"), "0"),
        (Decimal("-0.50"), "-0,5"),
        (Decimal("-1234567"), "-1.234.567"),
        (Decimal("1E+3"), "1.000"),
        (Decimal("1E-7"), "0,0000001"),
        (Decimal("100"), "100"),
        (1000000, "1.000.000"),
    ],
)
def test_a_number_is_written_with_dots_for_thousands_and_a_comma(value: Decimal | int, written: str) -> None:
    assert format_number(value) == written


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**24), max_value=10**24))
def test_a_number_written_shows_no_exponent_and_reads_back(value: Decimal) -> None:
    written = format_number(value)
    assert "e" not in written.lower()
    assert set(written) <= set("-0123456789.,")
    assert Decimal(written.replace(".", "").replace(",", ".")) == value
    assert not written.startswith("-0") or "," in written


def test_a_quantity_has_its_unit_where_there_is_one() -> None:
    assert format_quantity(Decimal("66.50"), "%") == "66,5 %"
    assert format_quantity(12, "Sản phẩm") == "12 Sản phẩm"
    assert format_quantity(12, None) == format_quantity(12, "") == "12"


def test_days_are_written_day_first_with_their_weekday() -> None:
    assert format_date(date(2026, 3, 5)) == "05/03/2026"
    assert format_day(date(2026, 11, 30)) == "30/11/2026 (thứ Hai)"
    assert format_day(date(2026, 11, 29)) == "29/11/2026 (Chủ nhật)"


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("Tỷ lệ hồ sơ", 11, "Tỷ lệ hồ sơ"),
        ("Tỷ lệ hồ sơ trực tuyến", 13, "Tỷ lệ hồ sơ…"),
        ("Tỷ lệ hồ sơ trực tuyến", 10, "Tỷ lệ hồ…"),
        ("Tỷ lệ hồ sơ, trực tuyến", 15, "Tỷ lệ hồ sơ…"),
        ("Khôngcódấucách", 6, "Không…"),
    ],
)
def test_a_long_text_is_cut_at_a_word(text: str, limit: int, short: str) -> None:
    assert shorten(text, limit) == short


@given(texts, st.integers(1, 40))
def test_a_shortened_text_fits_and_says_that_it_was_cut(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert len(short) <= limit
    assert short == text or short.endswith("…")


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=4).filter(bool))
def test_numbers_are_written_as_the_locale_data_of_unicode_says(value: Decimal) -> None:
    # Babel has the last word on Vietnamese formats; it is not called in the program because it takes 0.1 s to load
    # and 25 µs a number, where the few lines it is compared with here take next to nothing.
    assert format_number(value) == format_decimal(value, locale="vi", decimal_quantization=False)
