"""From when to when people say they are away."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.moments import read_span
from domain.vietnamese import format_date
from tests.domain.test_moments import CALENDAR, TODAY


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("nghỉ từ 24/11 đến 28/11", "24/11/2026", "28/11/2026"),
        ("24-28/11", "24/11/2026", "28/11/2026"),
        ("24–28/11/2026", "24/11/2026", "28/11/2026"),
        ("24/11-28/11", "24/11/2026", "28/11/2026"),
        ("24/11 - 28/11", "24/11/2026", "28/11/2026"),
        ("24→28/11", "24/11/2026", "28/11/2026"),
        ("từ 24 đến 28/11", "24/11/2026", "28/11/2026"),
        ("từ ngày 24 đến hết ngày 28/11", "24/11/2026", "28/11/2026"),
        ("tu 24/11 den 28/11", "24/11/2026", "28/11/2026"),
        ("24/11/2026 đến 28/11/2026", "24/11/2026", "28/11/2026"),
        ("đi công tác 25-27/11", "25/11/2026", "27/11/2026"),
        ("em xin nghỉ phép từ mai đến 30/11 ạ", "25/11/2026", "30/11/2026"),
        ("20-28/11", "20/11/2026", "28/11/2026"),  # away already
        ("từ 20/11 đến 28/11", "20/11/2026", "28/11/2026"),
        ("từ 30/12 đến 3/1", "30/12/2026", "03/01/2027"),
        ("từ mai đến thứ sáu", "25/11/2026", "27/11/2026"),
        ("NGHỈ TỪ MAI ĐẾN THỨ SÁU", "25/11/2026", "27/11/2026"),
        ("từ thứ hai đến thứ sáu", "30/11/2026", "04/12/2026"),
        ("từ thứ hai tuần sau đến thứ sáu", "30/11/2026", "04/12/2026"),
        ("từ mai đến thứ hai tuần sau", "25/11/2026", "30/11/2026"),
        ("từ mai đến hết tuần", "25/11/2026", "27/11/2026"),
        ("từ mai đến cuối tháng", "25/11/2026", "30/11/2026"),
        ("đến hết 30/11", "24/11/2026", "30/11/2026"),
        ("nghỉ đến 30/11", "24/11/2026", "30/11/2026"),
        ("nghỉ hết tháng", "24/11/2026", "30/11/2026"),
        ("nghỉ 3 ngày từ thứ hai", "30/11/2026", "02/12/2026"),
        ("từ thứ hai nghỉ 3 ngày", "30/11/2026", "02/12/2026"),
        ("nghỉ 2 ngày từ 27/11", "27/11/2026", "30/11/2026"),  # Friday and Monday
        ("nghỉ 1 tuần từ thứ hai", "30/11/2026", "06/12/2026"),
        ("thai sản 6 tháng từ 1/12", "01/12/2026", "31/05/2027"),
        ("nghỉ hôm nay", "24/11/2026", "24/11/2026"),
        ("mai em nghỉ", "25/11/2026", "25/11/2026"),
        ("nghỉ mai ạ", "25/11/2026", "25/11/2026"),
        ("nghỉ 27/11", "27/11/2026", "27/11/2026"),
        ("nghỉ tuần sau", "30/11/2026", "04/12/2026"),
        ("nghỉ tuần này", "24/11/2026", "27/11/2026"),
    ],
)
def test_days_away_are_understood(text: str, first: str, last: str) -> None:
    found = read_span(text, TODAY, CALENDAR)
    assert found is not None
    assert (format_date(found[0]), format_date(found[1])) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "85",
        "80-85",
        "từ 80 đến 85",
        "nghỉ",
        "từ 24/11",  # until when?
        "nghỉ 3 ngày",  # from when?
        "nghỉ chiều nay",
        "24-28",
        "10-12",  # two days, or 10 December
        "nghỉ 27-11",
        "28-24/11",
        "1-5/11",  # has ended
        "từ 28/11 đến 24/11",
        "từ thứ ba đến thứ năm",  # today is a Tuesday
        "từ 25/11 đến 25/11/2029",
        "nghỉ Tết",
        "từ mùng 1 đến mùng 5",
        "nghỉ đến khi khỏi",
        "nghỉ tháng sau",
        "nghỉ 0 ngày từ mai",
        "từ mai đến quý sau",
    ],
)
def test_what_is_no_span_of_days_is_none(text: str) -> None:
    assert read_span(text, TODAY, CALENDAR) is None


@given(st.dates(date(2026, 11, 24), date(2027, 3, 20)), st.integers(0, 60))
def test_a_span_written_by_us_reads_back(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    for text in (
        f"từ {format_date(first)} đến {format_date(last)}",
        f"nghỉ {format_date(first)} - {format_date(last)}",
    ):
        assert read_span(text, TODAY, CALENDAR) == (first, last)
