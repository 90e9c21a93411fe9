"""Long texts are cut where it hurts least, and buttons fit a phone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.layout import keyboard, split, units
from domain.messages import Choice


@given(st.text(st.sampled_from("ab \nạ́😀"), max_size=200), st.integers(2, 40))
def test_no_part_is_empty_or_too_long_and_no_letter_is_lost(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(part.strip() and units(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_texts_are_cut_at_line_ends_then_at_spaces_and_never_inside_a_letter() -> None:
    assert split("một hai\nba bốn\nnăm", 9) == ["một hai", "ba bốn", "năm"]
    assert split("mộthai babốn", 8) == ["mộthai", " babốn"]
    assert split("e\u0323\u0302" * 3, 4) == ["e\u0323\u0302"] * 3
    assert split("😀" * 3, 4) == ["😀😀", "😀"]


def rows(*labels: str) -> list[list[str]]:
    """Return how buttons of these labels stand."""
    found = keyboard([Choice("t", label) for label in labels])
    assert found is not None
    return [[button["text"] for button in row] for row in found["inline_keyboard"]]


def test_buttons_stand_as_their_labels_allow() -> None:
    assert keyboard([]) is None
    assert rows("Đúng", "Sai") == [["Đúng", "Sai"]]
    assert rows("Đạt", "Chưa đạt", "Dừng") == [["Đạt", "Chưa đạt", "Dừng"]]
    assert rows("1", "2", "3", "4") == [["1", "2"], ["3", "4"]]
    assert rows("Chưa có số liệu", "Để sau", "Tỷ lệ hộ dân dùng nước sạch", "Dừng") == [
        ["Chưa có số liệu", "Để sau"],
        ["Tỷ lệ hộ dân dùng nước sạch"],
        ["Dừng"],
    ]
