"""The 34 provinces: one full name for every way of typing one."""

from __future__ import annotations

import pytest

from domain.provinces import _FORMER, CITIES, PROVINCES, merged_into, nearest, province
from domain.vietnamese import fold


def test_there_are_34_and_no_two_share_a_fold() -> None:
    assert (len(CITIES), len(PROVINCES)) == (6, 28)
    assert len({fold(name) for name in (*CITIES, *PROVINCES)}) == 34


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Ninh Bình", "tỉnh Ninh Bình"),
        ("ninh binh", "tỉnh Ninh Bình"),
        ("  TỈNH   ninh bình ", "tỉnh Ninh Bình"),
        ("Huế", "thành phố Huế"),
        ("TP. Huế", "thành phố Huế"),
        ("TP.HCM", None),
        ("tp.hồ chí minh", "thành phố Hồ Chí Minh"),
        ("thành phố Hà Nội", "thành phố Hà Nội"),
        ("dak lak", "tỉnh Đắk Lắk"),
        ("Khánh Hoà", "tỉnh Khánh Hòa"),
        ("Nam Định", None),
        ("", None),
        ("tỉnh", None),
    ],
)
def test_a_province_is_found_however_it_is_typed(typed: str, name: str | None) -> None:
    assert province(typed) == name


def test_the_sixty_three_of_before_are_all_known() -> None:
    former = [name for names in _FORMER.values() for name in names if name not in ("Bà Rịa Vũng Tàu", "Bắc Cạn")]
    assert len(former) + len(CITIES) + len(PROVINCES) == 63
    assert all(province(name) is None for name in former)
    assert merged_into("tỉnh nam dinh") == "tỉnh Ninh Bình"
    assert merged_into("Ninh Bình") is None


def test_the_nearest_names_are_proposed() -> None:
    assert nearest("Lạng Sn")[0] == "tỉnh Lạng Sơn"
    assert nearest("tỉnh Nin Bình")[0] == "tỉnh Ninh Bình"
    assert nearest("xyz") == []
    assert nearest("") == []
