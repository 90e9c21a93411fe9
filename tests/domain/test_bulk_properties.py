"""What holds for every message of several figures, tried on many that nobody wrote."""

from __future__ import annotations

import re
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.bulk import BulkItem, read_bulk
from domain.figure_text import tidy
from domain.reply_vocabulary import PHRASES
from tests.domain.test_bulk import COUNT, SINGLE, bulk

FORMS = {
    "colon": ("{n}: {x}", ["; ", ";", "\n", ", ", " - ", "  "]),
    "colon, spaced": ("{n} : {x}", ["; ", "\n"]),
    "bracket": ("{n}) {x}", ["; ", "\n"]),
    "dot": ("{n}. {x}", ["; ", "\n"]),
    "equals": ("{n}={x}", ["; ", "\n"]),
    "question": ("câu {n}: {x}", ["; ", "\n", ", "]),
    "indicator": ("Chỉ tiêu {n}: {x}", ["; ", "\n"]),
    "number": ("số {n} là {x}", ["; ", "\n"]),
    "short": ("CT{n}: {x}", ["; ", "\n"]),
    "table": ("{n}\t{x}", ["\n"]),
}
TYPED = (
    "92,5|14|0|-|1.234|1.234,5|1,5|66,5%|85 %|12/15|12 sản phẩm|đạt|chưa đạt 85|chưa có số liệu|không đổi|đã hoàn thành"
    "|khoảng 85|trên 80|1,5 tỷ|tám mươi|đến 14/11 đạt 85"
)
FIGURES = st.one_of(
    st.sampled_from(TYPED.split("|")),
    st.decimals(0, 10**6, places=1).map(lambda value: f"{value}".replace(".", ",")),
)
ANSWERS = st.dictionaries(st.integers(1, 60), FIGURES, min_size=2, max_size=8).map(lambda d: sorted(d.items()))


@pytest.mark.parametrize("form", FORMS)
def test_what_is_typed_in_a_known_form_is_read_back(form: str) -> None:
    shape, separators = FORMS[form]

    @given(ANSWERS, st.sampled_from(separators), st.sampled_from(["", "Dạ em gửi: ", "\n", " "]))
    def check(answers: list[tuple[int, str]], separator: str, before: str) -> None:
        typed = before + separator.join(shape.format(n=n, x=x) for n, x in answers)
        read = read_bulk(typed, 60)
        # A space parts items only where the answer before is complete: "tám mươi 12: 14" may be unplaced.
        if separator.strip(" ") or read == bulk(*answers):
            assert read == bulk(*answers)
        else:
            assert read is None or (read.unplaced and set(read.items) <= {BulkItem(*answer) for answer in answers})

    check()


@given(st.lists(FIGURES, min_size=2, max_size=8), st.sampled_from(["{n}/ {x}", "{n} - {x}", "{n} {x}"]), st.booleans())
def test_weak_signs_count_from_one_on(answers: list[str], shape: str, lines: bool) -> None:
    numbered = list(enumerate(answers, 1))
    read = read_bulk(("\n" if lines else "; ").join(shape.format(n=n, x=x) for n, x in numbered), 60)
    assert read in {bulk(*numbered), None} if shape == "{n} {x}" else read == bulk(*numbered)


@pytest.mark.parametrize(
    "shape", ["1: {}\n2: 14", "1. {}\n2. 14", "1: {}, 2: 14", "1: {} 2: 14", "câu 1 {}; câu 2: 14"]
)
def test_a_reply_inside_a_list_is_whole_or_unplaced(shape: str) -> None:
    def bare(text: str) -> str:
        return re.sub("^(?:- |= ?|bằng |là )", "", text.strip(" ,:|"))  # these may also belong to the item number

    wrong = []
    for reply in SINGLE:
        said = bare(tidy(reply))
        read = read_bulk(shape.format(reply), COUNT)
        if read is not None and ";" not in said:
            wrong += [item for item in read.items if item.number == 1 and bare(item.text) != said]
    assert wrong == []


REASONS = (
    "còn 2 thôn chưa xong|do mưa bão|chưa tính thôn 3|2 thôn xa chưa làm|còn lại 15% chưa đạt|tăng 5 so với kỳ trước"
    "|xong trước 20/12|mục tiêu 90|kỳ trước 80|số liệu đến 14/11|trong đó 3 xã đạt|sẽ bổ sung sau|còn lại đang làm"
)


@given(
    FIGURES,
    st.sampled_from(REASONS.split("|")),
    st.sampled_from([", ", " (", ". ", "; ", "\n", " - ", " "]),
    st.integers(1, 60),
)
def test_a_figure_with_its_reason_is_no_list(figure: str, reason: str, link: str, count: int) -> None:
    assert read_bulk(f"{figure}{link}{reason}", count) is None


WORDS = "|".join(PHRASES.values()).split("|")
DIGITS = [
    "1",
    "2",
    "1:",
    "2:",
    "3)",
    "4.",
    "5 -",
    "6=",
    "85",
    "92,5",
    "1.234",
    "12/15",
    "1-3:",
    "còn lại",
    ";",
    ",",
    "\n",
    "câu",
    "l:",
]
SENTENCES = st.lists(st.sampled_from(WORDS + DIGITS * 9), min_size=1, max_size=10).map(" ".join)


@given(st.one_of(SENTENCES, st.text(max_size=300)), st.integers(1, 60))
def test_no_text_raises_and_every_item_is_one_of_the_list(text: str, count: int) -> None:
    read = read_bulk(text, count)
    if read is not None:
        numbers = [item.number for item in read.items]
        assert numbers == sorted(set(numbers))
        assert set(numbers) <= set(range(1, count + 1))
        assert all(item.text.strip() for item in read.items)
        assert read.items or read.rest or read.unplaced
    assert read_bulk(f"\u200b{unicodedata.normalize('NFD', text)}\ufeff", count) == read_bulk(
        unicodedata.normalize("NFC", text), count
    )


@given(
    st.lists(st.sampled_from([word for word in WORDS if word not in {"còn lại"}]), min_size=1, max_size=8).map(" ".join)
)
def test_words_alone_are_no_list(text: str) -> None:
    assert read_bulk(text, COUNT) is None


@pytest.mark.parametrize(
    "part", ["1: ", "1: 85, ", "1: 85 2: ", "còn lại ", "1,", "1-2 ", "câu 1 ", "1️⃣ ", "a ", "; ", "\u0301"]
)
def test_no_text_takes_long(part: str) -> None:
    text = (part * 4096)[:4096]
    taken = []
    for _ in range(3):
        start = time.process_time()
        read_bulk(text, 60)
        taken.append(time.process_time() - start)
    # Far above what is usual (10-30 ms), so that a busy machine passes and a quadratic pattern does not.
    assert min(taken) < 0.15
