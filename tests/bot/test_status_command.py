"""dondoc status: what a leader is told, at the terminal and for other programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.bot.test_bad_input import PLACE, PLAN, dondoc, folder
from tests.bot.test_plan_import import Import, imported

__all__ = ["folder", "imported"]


@pytest.fixture
def printed(imported: Import, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run `dondoc status` over the shipped plan and return what it printed."""
    imported(PLAN, *PLACE)

    def run(*arguments: str) -> str:
        assert dondoc("status", *arguments, monkeypatch=monkeypatch) == 0, capsys.readouterr()
        return capsys.readouterr().out

    return run


def test_the_only_commune_need_not_be_named(printed: Any) -> None:
    assert printed().startswith(("⏳ xã Vũ Dương: đã có 0/28", "⚠️ xã Vũ Dương"))
    assert printed() == printed("vu duong") == printed("Xã Vũ Dương", "--province", "ninh binh")


def test_other_programs_get_the_same_as_data(printed: Any) -> None:
    data = json.loads(printed("--json"))
    assert (data["commune"], data["province"]) == ("xã Vũ Dương", "tỉnh Ninh Bình")
    assert data["counts"]["total"] == len(data["indicators"]) == 28
    first = data["indicators"][2]
    assert (first["unit"], first["target"], first["result"], first["value"]) == ("%", "≥ 70", "", None)
    assert sum(each["total"] for each in data["sections"]) == 28


def test_several_communes_are_compared(printed: Any, imported: Import) -> None:
    imported(str(_THUY_HUNG), "--leave", *_LANG_SON)
    assert "xã, phường" in printed()
    data = json.loads(printed("--json"))
    assert sorted(each["name"] for each in data["communes"]) == ["xã Thụy Hùng", "xã Vũ Dương"]
    assert data["counts"]["total"] == 50


def test_a_commune_nobody_knows_is_named(
    printed: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dondoc("status", "xã Khác", monkeypatch=monkeypatch) != 0
    assert "xã Vũ Dương" in capsys.readouterr().err


_THUY_HUNG = Path(__file__).parents[1] / "fixtures" / "plans" / "thuy_hung.txt"
_LANG_SON = ("--province", "Lạng Sơn", "--commune", "xã Thụy Hùng")


@pytest.mark.parametrize(
    ("kind", "begins"), [("docx", b"PK"), ("xlsx", b"PK"), ("appendix", b"PK"), ("png", b"\x89PNG")]
)
def test_every_document_is_written_where_it_is_wanted(
    printed: Any,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    kind: str,
    begins: bytes,
) -> None:
    out = folder / "ra"
    assert dondoc("report", "vu duong", "--format", kind, "--out", str(out), monkeypatch=monkeypatch) == 0
    assert "28 chỉ tiêu" in capsys.readouterr().out
    assert out.read_bytes().startswith(begins)


def test_a_period_is_shown_alone_and_one_nobody_was_asked_for_is_named(
    printed: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "hạn 30/11/2026: 2 chỉ tiêu" in printed("--period", "hạn 30/11/2026")
    data = json.loads(printed("--period", "deadline:2026-12-31", "--json"))
    assert (data["period"], data["counts"]["total"], len(data["indicators"])) == ("hạn 31/12/2026", 26, 26)
    assert dondoc("status", "--period", "quý I/2020", monkeypatch=monkeypatch) != 0
    assert "hạn 31/12/2026; hạn 30/11/2026" in capsys.readouterr().err


def test_a_province_is_drawn_and_nothing_else_can_be_made_of_it(
    printed: Any, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = folder / "tinh.png"
    wanted = ("report", "tinh ninh binh", "--out", str(out))
    assert dondoc(*wanted, "--format", "png", monkeypatch=monkeypatch) == 0
    assert "tỉnh Ninh Bình" in capsys.readouterr().out
    assert out.read_bytes().startswith(b"\x89PNG")
    assert dondoc(*wanted, "--format", "docx", monkeypatch=monkeypatch) != 0
    assert "--format png" in capsys.readouterr().err


def test_an_indicator_is_found_by_number_or_words_and_needs_a_history_to_be_drawn(
    printed: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for words, said in (
        ("phủ sóng 5g", "Tỷ lệ phủ sóng 5G trên dân số: chưa có đủ hai số liệu"),
        ("tỷ lệ", "Nhiều chỉ tiêu"),
        ("không có đâu", "Không có chỉ tiêu"),
    ):
        arguments = ("report", "vu duong", "--format", "png", "--indicator", words)
        assert dondoc(*arguments, monkeypatch=monkeypatch) != 0
        assert said in capsys.readouterr().err
    assert dondoc("report", "vu duong", "--indicator", "1", monkeypatch=monkeypatch) != 0
    assert "--format png" in capsys.readouterr().err


def test_of_several_plans_the_appendix_of_one_is_asked_for(
    printed: Any, imported: Import, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    imported(str(_THUY_HUNG), "--leave", "--force", *PLACE)
    out = folder / "phu-luc.docx"
    wanted = ("report", "vu duong", "--format", "appendix", "--out", str(out))
    assert dondoc(*wanted, monkeypatch=monkeypatch) != 0
    said = capsys.readouterr().err
    assert "--plan" in said
    number = said.splitlines()[-1].partition(":")[0].partition(" (")[0]
    assert dondoc(*wanted, "--plan", number, monkeypatch=monkeypatch) == 0, capsys.readouterr()
    assert out.read_bytes().startswith(b"PK")


def test_a_report_that_cannot_be_made_says_why(
    printed: Any, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments, words in (
        (("--format", "pdf"), "docx, xlsx, appendix, png"),
        (("--out", str(folder)), "Không ghi được"),
        (("--template", str(folder / "khong-co.docx")), "khong-co.docx"),
    ):
        assert dondoc("report", "vu duong", *arguments, monkeypatch=monkeypatch) != 0
        assert words in capsys.readouterr().err
    monkeypatch.setattr("bot.cli.report.missing", lambda name: ["docxtpl"])
    assert dondoc("report", "vu duong", monkeypatch=monkeypatch) != 0
    assert ".[reports]" in capsys.readouterr().err
