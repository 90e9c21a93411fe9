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
