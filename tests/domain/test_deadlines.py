"""Deadlines as plans print them, read to the last day or asked about."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.deadlines import end_of_year, parse_day, read_deadline, target_year


@pytest.mark.parametrize(
    ("printed", "day", "kind"),
    [
        ("Năm 2026", "2026-12-31", "year"),
        ("2026", "2026-12-31", "year"),
        ("Trong năm 2026", "2026-12-31", "year"),
        ("hết năm 2026", "2026-12-31", "year"),
        ("Cuối năm 2026", "2026-12-31", "year"),
        ("trong năm", "2026-12-31", "year"),
        ("Tháng 11/2026", "2026-11-30", "month"),
        ("tháng 2 năm 2028", "2028-02-29", "month"),
        ("Tháng 11", "2026-11-30", "month"),
        ("6/2025", "2025-06-30", "month"),
        ("12-2026", "2026-12-31", "month"),
        ("Xong trong tháng 5/2026", "2026-05-31", "month"),
        ("Tháng 5-6/2026", "2026-06-30", "month"),
        ("9 tháng năm 2026", "2026-09-30", "month"),
        ("Quý III/2026", "2026-09-30", "quarter"),
        ("Quí I năm 2027", "2027-03-31", "quarter"),
        ("QUÝ IV", "2026-12-31", "quarter"),
        ("Quý 2/2026", "2026-06-30", "quarter"),
        ("Quý I, II/2026", "2026-06-30", "quarter"),
        ("6 tháng đầu năm 2026", "2026-06-30", "half_year"),
        ("6 tháng cuối năm", "2026-12-31", "half_year"),
        ("trước ngày 15/12/2026", "2026-12-15", "before_date"),
        ("Hoàn thành trước 30/6/2026", "2026-06-30", "before_date"),
        ("trước 15/12", "2026-12-15", "before_date"),
        ("Trước tháng 6/2026", "2026-05-31", "before_date"),
        ("Trước quý IV/2026", "2026-09-30", "before_date"),
        ("trước năm 2030", "2029-12-31", "before_date"),
        ("Đến hết ngày 30/11/2026", "2026-11-30", "on_date"),
        ("ngày 15 tháng 12 năm 2026", "2026-12-15", "on_date"),
        ("31.12.2026", "2026-12-31", "on_date"),
        ("31-12-2026", "2026-12-31", "on_date"),
        ("15/12/26", "2026-12-15", "on_date"),
        ("từ ngày 01/3/2026 đến ngày 15/12/2026", "2026-12-15", "on_date"),
        ("2025 - 2026", "2026-12-31", "year_range"),
        ("Giai đoạn 2026–2030", "2030-12-31", "year_range"),
        ("Từ năm 2026 đến năm 2030", "2030-12-31", "year_range"),
        ("Hằng năm, trước 15/12", "2026-12-15", "recurring_yearly"),
        ("06.2026", "2026-06-30", "month"),
        ("T11/2026", "2026-11-30", "month"),
        ("Q3/2026", "2026-09-30", "quarter"),
        ("06 tháng đầu năm 2026", "2026-06-30", "half_year"),
        ("15 tháng 6 năm 2026", "2026-06-15", "on_date"),
        ("từ 01/3 đến 30/6/2026", "2026-06-30", "on_date"),
        ("cuối tháng 10/2026", "2026-10-31", "month"),
    ],
)
def test_a_deadline_is_read_to_its_last_day(printed: str, day: str, kind: str) -> None:
    deadline = read_deadline(printed, 2026)
    assert (deadline.date, deadline.kind) == (date.fromisoformat(day), kind)
    assert (deadline.raw, deadline.basis) == (printed, "stated")


@pytest.mark.parametrize(
    ("printed", "kind"),
    [
        ("Hằng năm", "recurring_yearly"),
        ("Hàng năm", "recurring_yearly"),
        ("Thường xuyên", "continuous"),
        ("Hằng quý", "continuous"),
        ("Từ năm 2026", "open_ended"),
        ("2026 trở đi", "open_ended"),
        ("Đầu năm 2026", "unclear"),
        ("Theo kế hoạch của tỉnh năm 2026", "unclear"),
        ("31/02/2026", "unclear"),
        ("00/00/0000", "unclear"),
        ("Tháng 13/2026", "unclear"),
        ("Tháng 0/2026", "unclear"),
        ("Quý V/2026", "unclear"),
        ("Tháng 6/2026 và tháng 12/2026", "unclear"),
        ("15/6/2026; 15/12/2026", "unclear"),
        ("2030 - 2026", "unclear"),
        ("năm 1999", "unclear"),
        ("khi có yêu cầu", "unclear"),
        ("Tháng 3, 6, 9/2026", "unclear"),
        ("Trước 30/6 và 31/12/2026", "unclear"),
        ("Đầu tháng 10/2026", "unclear"),
        ("Giữa quý III/2026", "unclear"),
        ("Tuần 3 tháng 10/2026", "unclear"),
        ("Tuần thứ hai tháng 10/2026", "unclear"),
        ("Năm học 2026 - 2027", "unclear"),
        ("Số 12/2026/TT-BTC", "unclear"),
        ("Sau 30/6/2026", "open_ended"),
        ("Kể từ ngày 01/6/2026", "open_ended"),
        ("x" * 1000, "unclear"),
    ],
)
def test_what_names_no_day_is_asked_about(printed: str, kind: str) -> None:
    deadline = read_deadline(printed, 2026)
    assert (deadline.date, deadline.kind, deadline.basis) == (None, kind, "stated")


@pytest.mark.parametrize("printed", [None, "", "   ", "-", "–"])
def test_nothing_printed_is_no_deadline(printed: str | None) -> None:
    deadline = read_deadline(printed, 2026)
    assert (deadline.date, deadline.kind, deadline.basis) == (None, None, "none")


@pytest.mark.parametrize("printed", ["Tháng 11", "QUÝ IV", "ngày 15/12", "trong năm"])
def test_a_print_without_a_year_needs_the_plans(printed: str) -> None:
    assert read_deadline(printed).date is None
    assert read_deadline(printed).kind == "unclear"


def test_before_new_year_closes_the_year_before() -> None:
    assert target_year(read_deadline("trước ngày 01/01/2030")) == 2029
    assert target_year(read_deadline("ngày 01/01/2030")) == 2030
    assert target_year(read_deadline("Thường xuyên")) is None


@pytest.mark.parametrize(
    ("typed", "day"),
    [("31/12/2026", date(2026, 12, 31)), (" 1-2-2027 ", date(2027, 2, 1)), ("31.12.26", date(2026, 12, 31)),
     ("31/2/2026", None), ("12/2026", None), ("", None), ("mai", None)],
)  # fmt: skip
def test_a_typed_day(typed: str, day: date | None) -> None:
    assert parse_day(typed) == day


def test_the_last_day_of_a_year() -> None:
    assert end_of_year(2026) == date(2026, 12, 31)


PIECES = st.sampled_from(
    ["trước", "ngày", "tháng", "năm", "quý", "IV", "12", "31/02/2026", "15/12", "2026", "-", "/", "đến", "từ",
     "hằng năm", "6 tháng đầu năm", "thường xuyên", "2030", "và", ","]
)  # fmt: skip
PRINTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=7).map(" ".join))


@settings(max_examples=400)
@given(PRINTS, st.one_of(st.none(), st.integers(-5, 12_000)))
def test_any_print_is_read_or_asked_about(printed: str, year: int | None) -> None:
    deadline = read_deadline(printed, year)
    assert (deadline.basis == "none") == (deadline.kind is None)
    if deadline.date is not None:
        assert 1999 <= deadline.date.year <= 2100
        assert deadline.kind not in (None, "unclear", "open_ended")


@settings(max_examples=200)
@given(PRINTS)
def test_letters_composed_or_not_and_spaces_read_alike(printed: str) -> None:
    plain = unicodedata.normalize("NFC", printed)
    decomposed = unicodedata.normalize("NFD", printed)
    assert read_deadline(decomposed, 2026) == read_deadline(plain, 2026) == read_deadline(f"  {plain} ", 2026)


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_every_day_of_the_century_is_read_back(day: date) -> None:
    for printed in (f"{day.day}/{day.month}/{day.year}", f"ngày {day.day} tháng {day.month} năm {day.year}"):
        assert read_deadline(printed).date == day
