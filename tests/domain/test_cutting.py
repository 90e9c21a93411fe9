"""A long text is never cut inside a character as people see it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram import layout
from domain.cutting import before_character
from handlers.prompts import split

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
FLAG = "\U0001f1fb\U0001f1f3"
WHOLE = [
    FAMILY,
    FLAG,
    "\U0001f44d\U0001f3fd",  # a thumb with a colour
    "\u26a0\ufe0f",
    "1\ufe0f\u20e3",
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",  # a flag made of tags
    unicodedata.normalize("NFD", "ệ"),
]


@pytest.mark.parametrize("whole", WHOLE)
def test_no_cut_is_inside_a_character(whole: str) -> None:
    text = f"ab{whole}{whole}c"
    ends = {0, 1, 2, 2 + len(whole), 2 + 2 * len(whole), len(text)}
    for cut in range(1, len(text) + 1):
        place = before_character(text, cut)
        assert place in ends
        assert place <= cut


def test_a_row_of_flags_is_cut_between_two_of_them() -> None:
    assert before_character(FLAG * 5, 5) == 4


def test_what_is_one_endless_character_is_cut_all_the_same() -> None:
    endless = "a" + "\u0301" * 500
    assert before_character(endless, 300) == 300
    assert before_character("\u0301" * 9, 5) == 5


@given(st.lists(st.sampled_from([*WHOLE, "a", " ", "\n"]), max_size=60), st.integers(20, 40))
def test_texts_are_split_between_characters_and_nothing_is_lost(pieces: list[str], limit: int) -> None:
    text = "".join(pieces)
    for parts in (split(text, limit), layout.split(text, limit)):
        assert "".join("".join(parts).split()) == "".join(text.split())
        for part in parts:
            assert not part.startswith(("\u200d", "\ufe0f", "\u20e3", "\U0001f3fd"))
            assert part.count("\U0001f1fb") == part.count("\U0001f1f3")
        assert all(len(part) <= limit for part in split(text, limit))
