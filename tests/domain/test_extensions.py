"""Asking for more time in one's own words: the day and the reason are found, and nothing is guessed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.extensions import Wish, asks_for_time, read_wish
from domain.periods import WorkCalendar
from tests.cast import MONDAY, ZONE

CALENDAR = WorkCalendar(ZONE)


@pytest.mark.parametrize(
    ("text", "day", "reason"),
    [
        ("xin gia hạn đến 5/12 vì chờ số liệu của tỉnh", date(2026, 12, 5), "chờ số liệu của tỉnh"),
        ("Em xin gia hạn đến hết ngày 5/12, lý do: mất điện", date(2026, 12, 5), "mất điện"),
        ("xin gia han den 5/12 vi cho so lieu", date(2026, 12, 5), "cho so lieu"),
        ("dạ cơ quan đề nghị cho gia hạn báo cáo tới thứ Sáu", date(2026, 11, 27), ""),
        ("gia hạn", None, ""),
        ("xin gia hạn vì thiếu phụ lục", None, "thiếu phụ lục"),
        ("xin lùi hạn sang thứ hai tuần sau do bận tập huấn", date(2026, 11, 30), "bận tập huấn"),
        ("đề nghị gia hạn thêm 5 ngày", None, ""),  # from the due day, or from today?
        ("xin gia hạn đến hôm qua", None, ""),
        ("xin gia hạn đến 5/12 vì 12", date(2026, 12, 5), ""),
    ],
)
def test_a_wish_for_more_time_is_read(text: str, day: date | None, reason: str) -> None:
    assert asks_for_time(text)
    assert read_wish(text, MONDAY, CALENDAR) == Wish(day, reason)


@pytest.mark.parametrize("text", ["66,5", "chưa có số liệu do chờ tỉnh", "hạn đến bao giờ", "không", "", "1: gia hạn"])
def test_other_words_do_not_ask_for_it(text: str) -> None:
    assert not asks_for_time(text)


def test_the_answer_to_the_question_needs_no_words_around() -> None:
    assert read_wish("5/12 vì mạng hỏng", MONDAY, CALENDAR) == Wish(date(2026, 12, 5), "mạng hỏng")
    assert read_wish("5/12", MONDAY, CALENDAR) == Wish(date(2026, 12, 5), "")


@given(st.text(max_size=400) | st.text("xin gia hạn đến vì do 5/12,.: ", max_size=80))
def test_whatever_is_typed_is_read_without_an_error(text: str) -> None:
    asks_for_time(text)
    read_wish(text, MONDAY, CALENDAR)
