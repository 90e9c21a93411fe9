"""dondoc units import and list: the whole country at once, again without doubles, all or nothing."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bot.cli import units
from bot.complaint import Complaint
from domain.provinces import CITIES, PROVINCES

NAMES = [*CITIES, *PROVINCES]
COMMUNES = 3321


def country(folder: Path) -> Path:
    """A list of 34 provinces with as many communes as the country has; two of a province differ in marks alone."""
    file = folder / "units.csv"
    rows = [
        f"{NAMES[at % 34]},Xã Số {'Đông' if at % 2 else 'Đồng'} {chr(97 + at % 26)}{at // 68}" for at in range(COMMUNES)
    ]
    file.write_text("\ufeffTỉnh,Xã\r\n" + "\r\n".join(rows) + "\r\n", encoding="utf-8")
    return file


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with its own database."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DONDOC_DATABASE", f"sqlite:///{tmp_path}/units.db")
    return tmp_path


def test_the_country_is_taken_in_within_ten_seconds_and_not_twice(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = country(here)
    begun = time.monotonic()
    units.load(None, file)
    assert time.monotonic() - begun < 10
    assert "34 tỉnh" in (first := capsys.readouterr().out)
    assert not first.endswith("mới thêm 0.\n")
    units.load(None, file)
    assert capsys.readouterr().out.endswith("mới thêm 0.\n")
    units.show(None, "ninh binh")
    listed = capsys.readouterr().out
    assert listed.startswith("tỉnh Ninh Bình: ")
    assert "- xã Số Đ" in listed


def test_one_wrong_row_and_nothing_is_taken_in(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = here / "units.csv"
    file.write_text("province;commune\nNinh Bình;xã Vũ Dương\nAtlantis;xã Nào\nNinh Bình;=CMD\n", encoding="utf-8")
    with pytest.raises(Complaint) as told:
        units.load(None, file)
    assert "Dòng: 3, 4" in str(told.value)
    units.show(None, None)
    assert capsys.readouterr().out == "0 tỉnh, thành phố\n"


@pytest.mark.parametrize("text", ["", "xã,huyện\na,b\n", "province\nNinh Bình\n"])
def test_a_list_without_its_columns_is_told_what_it_needs(here: Path, text: str) -> None:
    file = here / "units.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Complaint):
        units.load(None, file)
