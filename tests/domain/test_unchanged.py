"""What says "as before", and what only begins like it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.reply_vocabulary import UNCHANGED
from domain.unchanged import is_unchanged
from domain.vietnamese import strip_marks


@pytest.mark.parametrize(
    "text",
    [
        "không đổi",
        "Không đổi ạ.",
        "KHÔNG THAY ĐỔI",
        "khong doi",
        "ko đổi",
        "dạ số liệu không đổi",
        "như kỳ trước",
        "vẫn như kỳ trước ạ",
        "vẫn không đổi",
        "như cũ",
        "nhu cu",
        "giữ nguyên",
        "giu nguyen",
        "giữ nguyên như kỳ trước",
        "giữ nguyên số cũ",
        "không có gì thay đổi",
        "không thay đổi gì ạ",
        "khoong ddooir",
        "giống như kỳ trước",
        "chưa thay đổi",
        "tháng này vẫn thế",
        "em báo cáo: không đổi",
        "“không đổi”",
        "👍 không đổi",
    ],
)
def test_a_reply_of_no_change_is_known(text: str) -> None:
    assert is_unchanged(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "không",
        "ko",
        "k",
        "có",
        "đổi",
        "vẫn",
        "giữ nguyên 85",
        "không đổi 85%",
        "không đổi, 85",
        "85 như kỳ trước",
        "không đổi?",
        "gần như không đổi",
        "có lẽ không đổi",
        "không đổi nhưng chậm",
        "không đổi hay tăng",
        "không đợi",
        "như năm ngoái",
        "như cùng kỳ năm trước",
        "đã gửi rồi",
        "báo cáo rồi",
        "không có",
        "chưa",
        "chưa có số liệu",
        "tăng so với kỳ trước",
        "không như kỳ trước",
        "giữ nguyên mục tiêu",
        "không đổi ❌",
        "không đổi " * 200,
    ],
)
def test_anything_more_or_less_is_another_answer(text: str) -> None:
    assert not is_unchanged(text)


@pytest.mark.parametrize("phrase", UNCHANGED.split("|"))
def test_every_phrase_is_known_however_it_is_typed(phrase: str) -> None:
    for text in (phrase, phrase.upper(), strip_marks(phrase), unicodedata.normalize("NFD", phrase), f" {phrase}  ạ "):
        assert is_unchanged(text)


@given(st.text(max_size=400))
def test_no_text_raises(text: str) -> None:
    assert is_unchanged(text) in {True, False}
    assert not is_unchanged(text + " 85")
