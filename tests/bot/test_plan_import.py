"""dondoc plan import: one commune and one plan however they are typed; what is known is said before any question."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from documents.samples import vu_duong
from handlers.plan_intake import Known
from tests.bot.test_bad_input import OPEN, PLACE, PLAN, Refusal, counts, dondoc, folder, refused

__all__ = ["folder", "refused"]
THUY_HUNG = ("--province", "Lạng Sơn", "--commune", "xã Thụy Hùng")


class Import:
    """Runs imports that must succeed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def __call__(self, *arguments: str) -> str:
        """Return what was said."""
        assert dondoc("plan", "import", *arguments, monkeypatch=self._monkeypatch) == 0, self._capsys.readouterr()
        return self._capsys.readouterr().out


@pytest.fixture
def imported(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path) -> Import:
    """An import that must succeed."""
    return Import(monkeypatch, capsys)


def names(folder: Path) -> list[str]:
    """Return the names of all units."""
    connection = sqlite3.connect(folder / "dondoc.db")
    try:
        return [name for (name,) in connection.execute("SELECT name FROM units ORDER BY id")]
    finally:
        connection.close()


@pytest.mark.parametrize("province", ["Ninh Bình", "ninh binh", "tỉnh Ninh Bình", "TỈNH NINH BÌNH"])
@pytest.mark.parametrize("commune", ["vu duong", "Vũ Dương", "xã vũ dương", "XÃ  VŨ DƯƠNG "])
def test_every_way_of_typing_a_place_is_the_same_place(
    imported: Import, folder: Path, province: str, commune: str
) -> None:
    imported(PLAN, *PLACE)
    first = counts(folder)
    assert "không có gì thay đổi" in imported(PLAN, "--province", province, "--commune", commune)
    assert names(folder) == ["tỉnh Ninh Bình", "xã Vũ Dương"]
    assert counts(folder) == first


def test_a_place_typed_without_marks_is_stored_as_printed(imported: Import, folder: Path) -> None:
    imported(PLAN, "--province", "ninh binh", "--commune", "vu duong")
    assert names(folder) == ["tỉnh Ninh Bình", "xã Vũ Dương"]


@pytest.mark.parametrize(
    ("province", "commune", "says"),
    [
        ("Nin Bình", "xã Vũ Dương", "Có phải tỉnh Ninh Bình"),
        ("Nam Định", "xã Vũ Dương", 'Không có tỉnh, thành phố "Nam Định"'),
        ("Nam Định", "xã Vũ Dương", "Nay là tỉnh Ninh Bình"),
        ("tp Ba Ria Vung Tau", "xã Vũ Dương", "Nay là thành phố Hồ Chí Minh"),
        ("zzz", "xã Vũ Dương", "Viết tên đầy đủ"),
        (" ", "xã Vũ Dương", "Chưa ghi tỉnh, thành phố"),
        ("Ninh Bình", "", "Chưa ghi xã, phường"),
        ("Ninh Bình", "xã ", "Chưa ghi xã, phường"),
        ("Ninh Bình", " \u200b ", "Chưa ghi xã, phường"),
    ],
)
def test_a_place_that_is_none_is_refused(
    refused: Refusal, folder: Path, province: str, commune: str, says: str
) -> None:
    assert says in refused("plan", "import", PLAN, "--province", province, "--commune", commune)
    assert not (folder / "dondoc.db").exists()


def test_another_spelling_of_a_known_commune_needs_force(refused: Refusal, imported: Import, folder: Path) -> None:
    (folder / "x.txt").write_bytes(vu_duong().replace("Vũ Dương".encode(), b"..."))
    imported(PLAN, *PLACE)
    place = ("--province", "Ninh Bình", "--commune", "xã Vũ Dưỡng")
    said = refused("plan", "import", "x.txt", *place)
    assert 'Đã có xã Vũ Dương (tỉnh Ninh Bình), khác cách viết "xã Vũ Dưỡng"' in said
    imported("x.txt", *place, "--force")
    assert names(folder) == ["tỉnh Ninh Bình", "xã Vũ Dương", "xã Vũ Dưỡng"]


def test_a_commune_of_the_same_name_elsewhere_needs_force(refused: Refusal, imported: Import, folder: Path) -> None:
    imported(PLAN, *PLACE)
    place = ("--province", "Hà Nội", "--commune", "xã Vũ Dương")
    said = refused("plan", "import", PLAN, *place)
    assert "Đã có xã Vũ Dương (tỉnh Ninh Bình)" in said
    assert "thêm --force nếu đúng là xã khác" in said
    imported(PLAN, *place, "--force")
    assert names(folder) == ["tỉnh Ninh Bình", "xã Vũ Dương", "thành phố Hà Nội", "xã Vũ Dương"]


def test_the_same_file_is_recognised_before_its_questions(imported: Import) -> None:
    assert "✅ Đã nhập" in imported(str(OPEN), *THUY_HUNG, "--leave")
    said = imported(str(OPEN), *THUY_HUNG)
    assert "không có gì thay đổi" in said
    assert "Còn 22 chỉ tiêu để sau" in said


def test_the_same_file_is_kept_for_a_plan_that_was_imported_before_files_were(imported: Import, folder: Path) -> None:
    imported(PLAN, *PLACE)
    connection = sqlite3.connect(folder / "dondoc.db")
    try:
        kept = connection.execute("SELECT plan_id, content FROM plan_sources").fetchall()
        connection.execute("DELETE FROM plan_sources")
        connection.commit()
        assert "không có gì thay đổi" in imported(PLAN, *PLACE)
        assert connection.execute("SELECT plan_id, content FROM plan_sources").fetchall() == kept != []
    finally:
        connection.close()


def test_what_was_left_is_answered_with_the_same_file(imported: Import, folder: Path) -> None:
    imported(str(OPEN), *THUY_HUNG, "--leave")
    (folder / "a.toml").write_text('Q2 = "pkt"\nQ3 = "1"\nQ4 = "4"\nQ5 = "31/12/2026"', encoding="utf-8-sig")
    said = imported(str(OPEN), *THUY_HUNG, "--answers", "a.toml")
    assert "✅ Đã cập nhật Kế hoạch 87/KH-UBND ngày 26/03/2026 của xã Thụy Hùng theo các câu trả lời" in said
    assert "21 chỉ tiêu được theo dõi" in said
    assert "Số còn lại không nhắc ai: 1 để sau." in said
    again = imported(str(OPEN), *THUY_HUNG)
    assert "không có gì thay đổi" in again
    assert "Còn 1 chỉ tiêu để sau" in again
    (folder / "a.toml").write_text('Q1 = "2"', encoding="utf-8")
    assert "22 chỉ tiêu được theo dõi" in imported(str(OPEN), *THUY_HUNG, "--answers", "a.toml")
    done = imported(str(OPEN), *THUY_HUNG)
    assert "không có gì thay đổi" in done
    assert "để sau" not in done


def test_another_plan_of_the_year_is_taken(imported: Import, folder: Path) -> None:
    imported(PLAN, *PLACE)
    head = "STT\tChỉ tiêu\tĐơn vị\tKế hoạch\tCơ quan chủ trì\tThời hạn\n"
    (folder / "x.txt").write_text(f"{head}1\tTỷ lệ khác\t%\t80\tPhòng Kinh tế\tQuý III/2026\n", encoding="utf-8")
    said = imported("x.txt", *PLACE, "--year", "2026")
    assert "1 chỉ tiêu, 1 cơ quan phải báo cáo" in said


def test_what_is_owed_and_what_is_not_is_told(imported: Import) -> None:
    said = imported(PLAN, *PLACE)
    assert "28 chỉ tiêu được theo dõi" in said
    assert "Số còn lại" not in said
    assert 'dondoc invite --commune "xã Vũ Dương" --agency "' in said
    left = imported(str(OPEN), *THUY_HUNG, "--leave")
    assert "22 chỉ tiêu, 0 cơ quan phải báo cáo" in left
    assert "Số còn lại không nhắc ai: 22 để sau." in left
    assert "Để giao: nhập lại tệp này và trả lời." in left


def test_each_reason_is_counted(imported: Import, folder: Path) -> None:
    (folder / "a.toml").write_text('Q1 = "để sau"\nQ2 = "pkt"\nQ3 = "1"\nQ4 = "4"\nQ5 = "31/12/2026"', encoding="utf-8")
    said = imported(str(OPEN), *THUY_HUNG, "--answers", "a.toml")
    assert "21 chỉ tiêu được theo dõi" in said
    assert "Số còn lại không nhắc ai: 1 để sau." in said
    assert "    1  Phòng Kinh tế\n" in said


def test_what_another_clerk_has_imported_meanwhile_is_said(
    imported: Import, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(PLAN, *PLACE)
    first = counts(folder)

    async def nothing_yet(*_: object) -> Known:
        return Known()

    monkeypatch.setattr("bot.cli.plan_import._known", nothing_yet)
    assert "không có gì thay đổi" in imported(PLAN, *PLACE)
    assert counts(folder) == first


def test_a_plan_whose_figures_are_to_be_confirmed_says_so_also_when_it_was_there_before(
    imported: Import, folder: Path
) -> None:
    assert "chốt" not in imported(PLAN, *PLACE)
    for _ in range(2):
        assert "chờ người đứng đầu cơ quan chốt" in imported(PLAN, *PLACE, "--confirm")
    imported(str(OPEN), *THUY_HUNG, "--leave", "--confirm")
    connection = sqlite3.connect(folder / "dondoc.db")
    try:
        assert connection.execute("SELECT confirmed_by FROM plans").fetchall() == [("head",), ("head",)]
        noted = connection.execute("SELECT detail FROM audit WHERE action = 'plan.confirmation'").fetchall()
    finally:
        connection.close()
    assert len(noted) == 2  # a plan that asks for it already is left alone
