"""Numbers of documents given as evidence, and what only looks like one."""

from __future__ import annotations

import json
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.references import KINDS, Reference, read_reference

FIXTURE = json.loads((Path(__file__).parent.parent / "fixtures" / "figures.json").read_text(encoding="utf-8"))
SIGNED = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "kind", "number", "signed"),
    [
        ("Báo cáo số 12/BC-PVHXH", "báo cáo", "12/BC-PVHXH", None),
        ("báo cáo số 12/BC-PVHXH ngày 20/11/2026", "báo cáo", "12/BC-PVHXH", SIGNED),
        ("BC 12/BC-PVHXH ngày 20/11/2026", "báo cáo", "12/BC-PVHXH", SIGNED),
        ("BC số 12/BC-PVHXH ngày 20 tháng 11 năm 2026", "báo cáo", "12/BC-PVHXH", SIGNED),
        ("12/BC-PVHXH (20/11/2026)", "báo cáo", "12/BC-PVHXH", SIGNED),
        ("12/BC-PVHXH, ngày 20-11-2026", "báo cáo", "12/BC-PVHXH", SIGNED),
        ("12/BC-PVHXH ngày 20.11.26", "báo cáo", "12/BC-PVHXH", SIGNED),
        ("12/BC-PVHXH ngày 20/11", "báo cáo", "12/BC-PVHXH", None),
        ("12/BC-PVHXH ngày 31/02/2026", "báo cáo", "12/BC-PVHXH", None),
        ("12/BC-PVHXH ngày 19/11/2026, gửi 20/11/2026", "báo cáo", "12/BC-PVHXH", None),
        ("Số: 12/BC-UBND", "báo cáo", "12/BC-UBND", None),
        ("bao cao so 12/bc-ubnd", "báo cáo", "12/bc-ubnd", None),
        ("12 / BC - PVHXH", "báo cáo", "12/BC-PVHXH", None),
        ("１２/BC–PVHXH", "báo cáo", "12/BC-PVHXH", None),
        ("85% theo BC 12/BC-PVHXH", "báo cáo", "12/BC-PVHXH", None),
        ("số liệu lấy từ báo cáo 12/BC-PVHXH của phòng", "báo cáo", "12/BC-PVHXH", None),
        ("12/BC-PVHXH, xem 12/BC-PVHXH", "báo cáo", "12/BC-PVHXH", None),
        ("Số 54-BC/ĐU", "báo cáo", "54-BC/ĐU", None),
        ("báo cáo 54-BC/ĐU ngày 20/11/2026", "báo cáo", "54-BC/ĐU", SIGNED),
        ("54-bc/đu", "báo cáo", "54-bc/đu", None),
        ("12-NQ/TW", "nghị quyết", "12-NQ/TW", None),
        ("Nghị quyết số 57-NQ/TW ngày 22/12/2024", "nghị quyết", "57-NQ/TW", date(2024, 12, 22)),
        ("15/NQ-HĐND", "nghị quyết", "15/NQ-HĐND", None),
        ("QĐ số 05/QĐ-UBND", "quyết định", "05/QĐ-UBND", None),
        ("qd 05/qd-ubnd", "quyết định", "05/qd-ubnd", None),
        ("Quyết định 01/2026/QĐ-UBND", "quyết định", "01/2026/QĐ-UBND", None),
        ("30/2020/NĐ-CP", "nghị định", "30/2020/NĐ-CP", None),
        ("TT 09/2019/TT-NHNN", "thông tư", "09/2019/TT-NHNN", None),
        ("Biên bản số 3/BB-TYT", "biên bản", "3/BB-TYT", None),
        ("KH 87/KH-UBND", "kế hoạch", "87/KH-UBND", None),
        ("Kế hoạch 87/KH-UBND ngày 26/3/2026", "kế hoạch", "87/KH-UBND", date(2026, 3, 26)),
        ("tờ trình số 05/TTr-UBND", "tờ trình", "05/TTr-UBND", None),
        ("CTr 05-CTr/ĐU", "chương trình", "05-CTr/ĐU", None),
        ("TB 7/TB-VP", "thông báo", "7/TB-VP", None),
        ("12/HD-UBND", "hướng dẫn", "12/HD-UBND", None),
        ("hợp đồng số 12/HĐ-TTPVHCC", "hợp đồng", "12/HĐ-TTPVHCC", None),
        ("hợp đồng 12/hd-ubnd", "hợp đồng", "12/hd-ubnd", None),
        ("12/ĐA-UBND", "đề án", "12/ĐA-UBND", None),
        ("chỉ thị 05/CT-UBND", "chỉ thị", "05/CT-UBND", None),
        ("KL 12-KL/ĐU", "kết luận", "12-KL/ĐU", None),
        ("công văn 345/UBND-VHXH", "công văn", "345/UBND-VHXH", None),
        ("345/UBND-VHXH", "công văn", "345/UBND-VHXH", None),
        ("CV số 2312/CVT-CS ngày 20/11/2026", "công văn", "2312/CVT-CS", SIGNED),
        ("2729/VPCP-KGVX", "công văn", "2729/VPCP-KGVX", None),
        ("cv 345/ubnd-vhxh", "công văn", "345/ubnd-vhxh", None),
        ("VB 345/SYT-NVY", "công văn", "345/SYT-NVY", None),
        ("123-CV/ĐU", "công văn", "123-CV/ĐU", None),
        ("công văn số 12/BC-UBND", "báo cáo", "12/BC-UBND", None),  # people call every paper that comes a letter
        ("văn bản 12/BC-UBND", "báo cáo", "12/BC-UBND", None),
        ("Báo cáo số 12 ngày 20/11/2026", "báo cáo", "12", SIGNED),
        ("quyết định số 05 ký ngày 20/11/2026", "quyết định", "05", SIGNED),
    ],
)
def test_the_number_of_a_document_is_read(text: str, kind: str, number: str, signed: date | None) -> None:
    assert read_reference(text) == Reference(kind, number, signed)
    assert read_reference(unicodedata.normalize("NFD", text)) == Reference(kind, number, signed)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "85",
        "12/15",
        "12/15 thôn",
        "12/15 - 16/20",
        "12/15/2026",
        "27/11/2026",
        "24-28/11",
        "24/11-28/11",
        "1.234/BC-UBND",
        "1,5/KH-UBND",
        "85/100 điểm",
        "8/người-năm",
        "12/kg-ha",
        "12-15/tháng",
        "12/THÔN-XÓM",
        "12/thôn-xóm",
        "0912345678",
        "Báo cáo số 12",
        "12 báo cáo",
        "báo cáo 12",
        "số 12",
        "12/BC",
        "BC-PVHXH",
        "KH-87",
        "KH87/KH-UBND",
        "12/BC/PVHXH",
        "12-BC-PVHXH",
        "Báo cáo số 12/KH-UBND",  # which of the two?
        "Báo cáo số 12/KH-UBND và 13/BC-UBND",
        "12/BC-PVHXH và 13/BC-PVHXH",
        "12/hd-ubnd",
        "da 12/da-ubnd",
        "123456/BC-UBND",
        "theo báo cáo của phòng",
        "https://example.org/12/BC-UBND",
        "chưa có số liệu",
        "tháng 11/2026: 85",
        "Q4/2026 85%",
        "quyết định số 05",
        "345/UBND",
        "345-UBND-VHXH",
    ],
)
def test_what_only_looks_like_one_is_none(text: str) -> None:
    assert read_reference(text) is None


def test_no_figure_is_a_document() -> None:
    replies = [row[0] for rows in FIXTURE["replies"].values() for row in rows]
    assert [text for text in replies if read_reference(text)] == []


@given(
    st.integers(1, 99999),
    st.sampled_from(sorted(KINDS)),
    st.sampled_from(["UBND", "HĐND", "PVHXH", "TTPVHCC", "TYT", "BCĐ-VP"]),
    st.booleans(),
    st.sampled_from(["", "số ", "theo ", "85%, theo "]),
)
def test_every_kind_is_known_in_both_ways_of_writing(
    number: int, code: str, organ: str, party: bool, lead: str
) -> None:
    printed = f"{number}-{code}/{organ}" if party else f"{number}/{code}-{organ}"
    assert read_reference(f"{lead}{printed} ngày 20/11/2026") == Reference(KINDS[code], printed, SIGNED)


@given(st.one_of(st.text(max_size=400), st.text(alphabet="0123456789/-BCQĐKHUND số ngày", max_size=200)))
def test_no_text_raises(text: str) -> None:
    reference = read_reference(text)
    assert reference is None or (reference.kind in KINDS.values() and reference.number)
