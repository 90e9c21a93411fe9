"""What holds for every reply, tried on many that nobody wrote."""

from __future__ import annotations

import time
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.figure_types import REASONS, Measure, Reading
from domain.figures import read_reply
from domain.reply_vocabulary import NUMBER_WORDS, PHRASES
from domain.vietnamese import format_number

SHARE = Measure("number", "%", ">=", Decimal(90))
MEASURES = {
    "share": SHARE,
    "count": Measure("number", "Sản phẩm", ">=", Decimal(30)),
    "index to 1": Measure("number", "Chỉ số", ">=", Decimal("0.7")),
    "index to 100": Measure("number", "Chỉ số", ">=", Decimal(70)),
    "rank": Measure("number", "Thứ bậc", "<=", Decimal(15)),
    "million dong": Measure("number", "triệu đồng", ">=", Decimal(1500)),
    "billion dong": Measure("number", "tỷ đồng", ">=", Decimal(2)),
    "dollars": Measure("number", "USD", ">=", Decimal(3665)),
    "times": Measure("number", "Lần GRDP", ">=", Decimal("1.5")),
    "per ten thousand": Measure("number", "Người/ vạn dân", ">=", Decimal(8)),
    "no unit": Measure("number", None, ">=", Decimal(5)),
}
STATES = [Measure("boolean", None, "==", True), Measure("task"), Measure("qualitative")]
EVERY = st.sampled_from([*MEASURES.values(), *STATES])
WORDS = [*"|".join(PHRASES.values()).split("|"), *NUMBER_WORDS.split("|")]
DIGITS = [
    "85",
    "85,5",
    "1.234",
    "12/15",
    "0",
    "100",
    "%",
    "-",
    "~",
    ">",
    ",",
    ".",
    ":",
    "14/11",
    "tháng 11",
    "2026",
    "2k",
    "l0",
]
SENTENCES = st.lists(st.sampled_from(WORDS + DIGITS), min_size=1, max_size=8).map(" ".join)


def within(low: int, high: int, places: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(low, high, allow_nan=False, allow_infinity=False, places=places)


SCALES = {
    "share": within(0, 100, 4),
    "count": st.integers(0, 10**14).map(Decimal),
    "index to 1": within(0, 1, 5),
    "index to 100": within(0, 100, 3),
    "rank": st.integers(1, 3321).map(Decimal),
    "million dong": within(0, 10**7, 3),
    "billion dong": within(0, 10**5, 3),
    "dollars": within(0, 10**9, 2),
    "times": within(0, 10**4, 3),
    "per ten thousand": within(0, 10**4, 3),
    "no unit": within(0, 10**9, 3),
}


@pytest.mark.parametrize("name", SCALES)
def test_a_figure_written_by_us_reads_back_or_is_offered(name: str) -> None:
    @given(SCALES[name])
    def check(value: Decimal) -> None:
        reading = read_reply(format_number(value), MEASURES[name])
        assert reading.value == value if reading.action in {"accept", "confirm"} else value in reading.candidates

    check()


@given(SENTENCES, EVERY)
def test_one_text_in_any_encoding_is_one_reply(text: str, measure: Measure) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else "\u3000" if c == " " else c for c in text)
    composed = read_reply(unicodedata.normalize("NFC", text), measure)
    assert read_reply(unicodedata.normalize("NFD", text), measure) == composed
    assert read_reply(wide, measure) == composed
    assert read_reply(f"\u200b{text}\u00a0\ufeff", measure) == composed


@given(st.one_of(st.text(max_size=600), SENTENCES), EVERY)
@example("", SHARE)
@example("\u0323" * 5000, SHARE)
@example("\ue000\ue001", SHARE)
def test_no_text_raises_and_every_answer_keeps_its_promises(text: str, measure: Measure) -> None:
    reading = read_reply(text, measure)
    assert reading.reason is None or reading.reason in REASONS
    if reading.action in {"ask", "no_data", "refuse"}:
        assert reading.value is None
    if reading.action == "refuse":
        assert reading == Reading("refuse", reason=reading.reason)
    if measure.kind == "number":
        assert reading.value is None or type(reading.value) is Decimal
    elif measure.kind == "task":
        assert reading.value in {None, "done", "in_progress", "not_started", "blocked"}
    else:
        assert reading.value in {None, True, False}


@given(SENTENCES, st.sampled_from(list(MEASURES.values())))
@example("1500 triệu đồng", MEASURES["million dong"])
def test_the_digits_of_an_accepted_figure_were_typed(text: str, measure: Measure) -> None:
    reading = read_reply(text, measure)
    if reading.action == "accept":
        typed = "".join(c for c in text if c.isascii() and c.isdigit())
        assert f"{reading.value:f}".replace(".", "") in typed


DENIALS = [
    "chưa",
    "không",
    "ko",
    "k",
    "chưa đạt",
    "không đạt",
    "chua",
    "chua dat",
    "khong",
    "chưa có",
    "hông",
    "chuwa",
    "khoong ddatj",
    "k đạt",
    "ko có",
    "chả đạt",
    "không được",
]


@given(
    st.sampled_from(DENIALS),
    st.sampled_from(["", "đạt ", "có ", "được ", "em báo cáo ", "tỷ lệ "]),
    within(1, 99, 1),
    st.sampled_from(["", "%", " %", " ạ", " sản phẩm", " năm 2026"]),
    st.sampled_from(list(MEASURES.values())),
)
def test_a_denied_figure_is_never_taken(denial: str, lead: str, value: Decimal, tail: str, measure: Measure) -> None:
    for text in (f"{denial} {lead}{format_number(value)}{tail}", f"{lead}{format_number(value)}{tail}, {denial}"):
        reading = read_reply(text, measure)
        assert reading.action == "ask"
        assert reading.candidates == ()


# Acutes before dots below: every dot has to be sorted past every acute when the text is normalised.
MARKS = "\u0301" * 2000 + "\u0323" * 2000
NASTY = [
    "đến ",
    "85 ",
    "a1",
    "chuwa ",
    "12/15 ",
    "1.",
    "0912 ",
    "Nguyễn Văn ",
    "tám ",
    "mật độ ",
    "lO0 ",
    "ngày 1 ",
    "\n",
    "Ạ",
    "👍",
    "a\u0323\u0302\u0301",
]


@pytest.mark.parametrize("part", [*NASTY, MARKS], ids=lambda part: repr(part)[:12])
@pytest.mark.parametrize("length", [299, 4096, 200_000])
def test_no_text_takes_long(part: str, length: int) -> None:
    text = ("85 " + part * (length // len(part) + 1))[:length]
    taken = []
    for _ in range(3):
        start = time.process_time()
        for measure in (SHARE, MEASURES["per ten thousand"], STATES[1]):
            read_reply(text, measure)
        taken.append((time.process_time() - start) / 3)
    # Far above what is usual (1-3 ms), so that a busy machine passes and a quadratic pattern does not.
    assert min(taken) < 0.02
