"""The questions at the terminal: echoed, taken back, left, confirmed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli.dialog import converse
from bot.complaint import Complaint
from documents.appendix import read_plan
from domain.drafts import BLOCKING

FILE = Path(__file__).parent.parent / "fixtures" / "plans" / "thuy_hung.txt"
DRAFT = read_plan(FILE.read_bytes(), FILE.name)
QUESTIONS = [question for question in DRAFT.questions if question.kind in BLOCKING]


def typing(*lines: str) -> Callable[[], str]:
    """A terminal at which these lines are typed, and then Ctrl-D."""
    left = iter([f"{line}\n" for line in lines])
    return lambda: next(left, "")


def test_every_answer_is_echoed_and_confirmed(capsys: pytest.CaptureFixture[str]) -> None:
    given = converse(DRAFT, QUESTIONS, typing("1", "pkt", "để sau", "Phòng VHXH", "Tháng 11/2026", "có"))
    assert given == {"Q1": "1", "Q2": "pkt", "Q3": "để sau", "Q4": "Phòng VHXH", "Q5": "Tháng 11/2026"}
    said = capsys.readouterr().out
    for echo in (
        "→ Phòng Văn hóa - Xã hội",
        "→ Phòng Kinh tế",
        "→ để sau",
        "→ 30/11/2026",
        "Q2 → Phòng Kinh tế",
        "Q5 → 30/11/2026",
        "Ghi các câu trả lời trên? (có/không",
    ):
        assert echo in said


def test_an_answer_is_taken_back(capsys: pytest.CaptureFixture[str]) -> None:
    lines = ("quay lại", "1", "QUAY LAI", "2", "1", "1", "1", "1", "quay lại", "30/11/2026", "ừ", "co")
    given = converse(DRAFT, QUESTIONS, typing(*lines))
    assert given == {"Q1": "2", "Q2": "1", "Q3": "1", "Q4": "1", "Q5": "30/11/2026"}
    said = capsys.readouterr().out
    assert "Đây là câu hỏi đầu tiên" in said
    assert 'Gõ "có" để ghi' in said


@pytest.mark.parametrize(
    "lines", [(), ("thôi",), ("1", "1", "thoi"), ("1", "1", "1", "1", "1"), ("1", "1", "1", "1", "1", "không")]
)
def test_leaving_keeps_nothing(lines: tuple[str, ...]) -> None:
    with pytest.raises(Complaint) as left:
        converse(DRAFT, QUESTIONS, typing(*lines))
    assert str(left.value) == "Đã dừng, chưa lưu gì."


def test_ctrl_c_leaves_too() -> None:
    def interrupted() -> str:
        raise KeyboardInterrupt

    with pytest.raises(Complaint) as left:
        converse(DRAFT, QUESTIONS, interrupted)
    assert str(left.value) == "Đã dừng, chưa lưu gì."


def test_what_does_not_fit_is_asked_again(capsys: pytest.CaptureFixture[str]) -> None:
    given = converse(DRAFT, QUESTIONS[:1], typing("9", "0", "5.", "xin chào", "", "4", "có"))
    assert given == {"Q1": "4"}
    said = capsys.readouterr().out
    assert said.count("Chỉ có gợi ý 1 đến 4.") == 3
    assert said.count("cần tên một cơ quan") == 2
    assert "→ Công an xã" in said
