"""dondoc plan check: places as printed, deadlines of year columns, numbered proposals, the command to go on with."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.plan import check
from bot.complaint import Complaint
from documents.samples import vu_duong

PLANS = sorted((Path(__file__).parent.parent / "fixtures" / "plans").glob("*.txt"))
HEAD = "TT\tChỉ tiêu\tĐơn vị tính\tNăm 2026\tNăm 2027\tCơ quan chủ trì\n"


def checked(file: Path, capsys: pytest.CaptureFixture[str], year: int | None = None) -> str:
    """Return what is printed of a plan."""
    check(file, as_json=False, year=year)
    return capsys.readouterr().out


@pytest.mark.parametrize("file", PLANS, ids=lambda file: file.stem)
def test_no_line_has_a_hole(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = checked(file, capsys)
    for hole in (" ·  |", "· |", "  |", "| |", "None"):
        assert hole not in said
    assert said.splitlines()[-1].startswith(f'dondoc plan import "{file}" --province "…" --commune "')


def test_a_printed_number_that_is_not_the_running_one_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "x.txt"
    lines = ("I\tHạ tầng", "1\tTỷ lệ phủ sóng\t%\t80\t90\tPhòng Kinh tế", "II\tDữ liệu", "1\tTỷ lệ số hóa\t%\t80\t-\t")
    file.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    said = checked(file, capsys, 2026)
    assert 'Chỉ tiêu 2 (mục II.1) "Tỷ lệ số hóa" không ghi cơ quan chủ trì' in said
    assert "80 % (2026) · 90 % (2027) | Phòng Kinh tế | 31/12 của mỗi năm" in said
    assert "31/12/2026 (theo cột năm)" in said
    assert "80 % (2026) | chưa rõ ai báo cáo" in said
    assert "không ghi hạn" not in said
    assert '--commune "xã …" --year 2026 --answers tra-loi.toml' in said


def test_sections_come_as_printed_with_those_around_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "x.txt"
    row = "1\tTỷ lệ\t%\t80\t80\tPhòng Kinh tế"
    lines = ("B\tMục tiêu khác", "VIII\tHạ tầng", row, "IX\tDữ liệu", row, "X\tNhân lực", row)
    file.write_text(HEAD + row + "\n" + "\n".join(lines) + "\n", encoding="utf-8")
    said = checked(file, capsys, 2026).split("\n")
    at = said.index("B. Mục tiêu khác")
    assert said[at - 1 : at + 2] == ["", "B. Mục tiêu khác", "  VIII. Hạ tầng"]
    assert [line for line in said if line.startswith("  ") and line[2:3].isalpha()] == [
        "  VIII. Hạ tầng",
        "  IX. Dữ liệu",
        "  X. Nhân lực",
    ]
    assert "     80 % (2026, 2027) | Phòng Kinh tế | 31/12 của mỗi năm" in said
    assert ". " not in said


def test_two_levels_are_told_apart_and_a_line_keeps_to_a_small_screen(capsys: pytest.CaptureFixture[str]) -> None:
    [file] = [file for file in PLANS if file.stem == "loi_bac"]
    said = checked(file, capsys)
    assert "     tỉnh ≥ 70 % · xã ≥ 35 % | Phòng Văn hóa - Xã hội | không ghi hạn" in said
    plan = said.split("Cần hỏi:")[0].split("\n")[2:]
    assert max(map(len, plan)) <= 100


def test_proposals_are_numbered(capsys: pytest.CaptureFixture[str]) -> None:
    [file] = [file for file in PLANS if file.stem == "thuy_hung"]
    said = checked(file, capsys)
    assert "     4. Công an xã\n" in said
    assert 'Q1 = "4" là lấy gợi ý thứ 4: Công an xã' in said


def test_a_plan_without_questions_goes_straight_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "ke hoach.txt"
    file.write_bytes(vu_duong())
    said = checked(file, capsys)
    assert said.endswith(f'\ndondoc plan import "{file}" --province "…" --commune "xã Vũ Dương"\n')


def test_the_settings_say_how_much_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DONDOC_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    file, settings = tmp_path / "x.txt", tmp_path / "khac.toml"
    file.write_bytes(vu_duong())
    settings.write_text("[files]\nrows = 10\n", encoding="utf-8")
    check(file, as_json=True, year=None)
    assert not list(tmp_path.glob("*.db"))
    with pytest.raises(Complaint) as caught:
        check(file, as_json=False, year=None, config=settings)
    assert str(caught.value) == f"{file}: bảng quá lớn ở dòng 18 (quá 10 dòng). Gửi riêng phần phụ lục chỉ tiêu."
    (tmp_path / "config.toml").write_text("[files]\nrows = 0\n", encoding="utf-8")
    with pytest.raises(Complaint, match=r"files\.rows"):
        check(file, as_json=False, year=None)
