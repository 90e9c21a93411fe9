"""The same plan in other clothes: other column orders, wordings, encodings and habits give the same draft."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.appendix import read_plan
from domain.drafts import PlanDraft
from tests.documents.plans import PLANS, draft_of, in_words, key_of, plan_bytes, plan_text


def read(text: str, year: int | None = None) -> PlanDraft:
    return read_plan(text.encode(), "plan.txt", year=year)


def same(one: PlanDraft, other: PlanDraft) -> bool:
    """Whether two drafts are equal but for the file they came from."""
    return replace(one, source_name="", source_sha256="") == replace(other, source_name="", source_sha256="")


def shuffled(text: str, order: list[int]) -> str:
    """The table with its columns in another order, headings over a whole row staying where they are."""
    lines = []
    for line in text.split("\n"):
        cells = line.split("\t")
        if len(cells) > 1:
            cells += [""] * (len(order) - len(cells))
            line = "\t".join(cells[index] for index in order)
        lines.append(line)
    return "\n".join(lines)


@pytest.mark.parametrize("plan", PLANS)
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_columns_in_any_order_give_the_same_plan(plan: str, data: st.DataObject) -> None:
    width = max(line.count("\t") for line in plan_text(plan).split("\n")) + 1
    order = data.draw(st.permutations(range(width)))
    if plan == "xuan_hung":
        # Years are printed left to right, whatever else moves.
        years = iter(sorted(index for index in order if 3 <= index <= 7))
        order = [next(years) if 3 <= index <= 7 else index for index in order]
    read_words = in_words(read(shuffled(plan_text(plan), list(order))))
    for ours, theirs in zip(read_words, key_of(plan), strict=True):
        # Two levels side by side are listed as printed.
        ours["targets"], theirs["targets"] = ("; ".join(sorted(row["targets"].split("; "))) for row in (ours, theirs))
        assert ours == theirs


CLOTHES: dict[str, Callable[[str], str]] = {
    "decomposed letters": lambda text: unicodedata.normalize("NFD", text),
    "Windows line ends": lambda text: text.replace("\n", "\r\n"),
    "old Mac line ends": lambda text: text.replace("\n", "\r"),
    "trailing tabs trimmed by an editor": lambda text: "\n".join(line.rstrip() for line in text.split("\n")),
    "spaces around every cell": lambda text: text.replace("\t", "  \t  "),
    "double spaces": lambda text: text.replace(" ", "  "),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "soft hyphens and zero-width spaces": lambda text: text.replace("ch", "c\u00adh").replace(" ", " \u200b"),
    "en dashes": lambda text: text.replace(" - ", " – "),
    "no markup": lambda text: re.sub(r"</?b>|\*\*", "", text),
    "other markup": lambda text: text.replace("<b>", "<strong>").replace("</b>", "</strong>"),
    "a form feed at each page": lambda text: re.sub(r"\n\n(?=S?TT\t)", "\n\f\n", text),
    "operators in ASCII": lambda text: text.replace("≥", ">="),
}


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("clothes", CLOTHES)
def test_habits_of_typing_change_nothing(plan: str, clothes: str) -> None:
    words = in_words(read(CLOTHES[clothes](plan_text(plan))))
    key = key_of(plan)
    if clothes == "operators in ASCII":
        for row in key:
            row["name"] = row["name"].replace("≥", ">=")
            words[int(row["seq"]) - 1]["name"] = words[int(row["seq"]) - 1]["name"].replace("≥", ">=")
    if clothes == "en dashes":
        for row in (*key, *words):
            row["name"] = row["name"].replace(" – ", " - ")
    assert words == key


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1258"])
@pytest.mark.parametrize("plan", PLANS)
def test_the_encodings_of_vietnamese_offices_are_read(plan: str, encoding: str) -> None:
    text = plan_text(plan)
    if encoding == "cp1258":
        text = text.translate({0x2265: ">="})
        data = to_windows_1258(text)
    else:
        data = text.encode(encoding)
    draft = read_plan(data, "plan.txt")
    assert same(draft, read(text))


def to_windows_1258(text: str) -> bytes:
    """Write text as Windows-1258 does: letters with a tone as the letter and a tone mark after it."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    out = bytearray()
    for character in text:
        parts = unicodedata.normalize("NFD", character)
        tone = "".join(part for part in parts if part in tones)
        letter = unicodedata.normalize("NFC", "".join(part for part in parts if part not in tones))
        out += (letter + tone).encode("cp1258", "replace")
    return bytes(out)


HEADERS: dict[str, dict[str, str]] = {
    "thuy_hung": {
        "STT": "TT",
        "Chỉ tiêu": "Tên chỉ tiêu",
        "Đơn vị": "ĐVT",
        "Kết quả": "Mục tiêu năm 2026",
        "Cơ quan chủ trì theo dõi, đánh giá": "Cơ quan, đơn vị chủ trì",
    },
    "loi_bac": {
        "Chỉ tiêu": "Nội dung",
        "Đơn vị": "Đơn vị tính (%)",
        "Kết quả (tỉnh)": "Chỉ tiêu tỉnh giao",
        "Kết quả xã": "Chỉ tiêu xã phấn đấu",
        "Cơ quan chủ trì theo dõi, đánh giá": "Đơn vị chịu trách nhiệm",
    },
    "vu_duong": {
        "<b>Nội dung chỉ tiêu</b>": "Nhiệm vụ, chỉ tiêu",
        "<b>Chỉ tiêu</b>": "Mục tiêu",
        "<b>Cơ quan chủ trì thực hiện các chỉ tiêu</b>": "Cơ quan thực hiện",
        "<b>Đơn vị phối hợp thực hiện</b>": "Phối hợp",
        "<b>Thời gian hoàn thành</b>": "Tiến độ",
    },
    "xuan_hung": {
        "Nội dung chỉ tiêu": "Tên chỉ tiêu",
        "Mức chỉ tiêu": "Mục tiêu qua các năm",
        "\t2026\t2030\t2035": "\tNăm 2026\tĐến năm 2030\tNăm 2035",
        "Cơ quan chủ trì thực hiện chỉ tiêu": "Đơn vị thực hiện",
    },
    "dang_uy_xa": {
        "Tên/Mục tiêu cụ thể": "Nội dung mục tiêu",
        "Đơn vị chủ trì tổ chức thực hiện": "Cơ quan thực hiện",
        "Đơn vị phối hợp thực hiện": "Cơ quan phối hợp",
    },
}


@pytest.mark.parametrize("plan", PLANS)
def test_other_wordings_over_the_columns_mean_the_same(plan: str) -> None:
    text = plan_text(plan)
    for print_, other in HEADERS[plan].items():
        # Only whole header cells: the words stand in names and titles too.
        pattern = rf"(?<![^\t\n]){re.escape(print_)}(?![^\t\n])"
        assert re.search(pattern, text), print_
        text = re.sub(pattern, other, text)
    words, key = in_words(read(text)), key_of(plan)
    if plan == "thuy_hung":
        # "Mục tiêu năm 2026" dates the column, so nothing need be asked.
        for row in key:
            row["targets"] += " due 2026-12-31"
    assert words == key


@pytest.mark.parametrize("plan", PLANS)
def test_numbering_the_columns_adds_no_indicator(plan: str) -> None:
    lines = plan_text(plan).split("\n")
    heads = [index for index, line in enumerate(lines) if re.match(r"(?:<b>)?S?TT\b", line)]
    for index in reversed(heads):
        width = lines[index].count("\t") + 1
        below = index + (2 if lines[index + 1].startswith("\t") else 1)
        lines[below:below] = ["\t".join(f"({number})" for number in range(1, width + 1))]
    words, key = in_words(read("\n".join(lines))), key_of(plan)
    assert [{**row, "lines": ""} for row in words] == [{**row, "lines": ""} for row in key]


@pytest.mark.parametrize("plan", ["thuy_hung", "loi_bac", "vu_duong", "xuan_hung"])
def test_a_ward_has_its_own_vocabulary(plan: str) -> None:
    ward = re.sub(r"\bxã\b(?! hội)", "phường", plan_text(plan))
    draft = read(ward)
    names = {agency.name for agency in draft.agencies}
    assert draft.document.commune_type == "phường"
    assert draft.questions == () or {q.kind for q in draft.questions} == {q.kind for q in draft_of(plan).questions}
    assert not any(name.endswith(" xã") for name in names)
    assert "Phòng Kinh tế" not in names
    assert ("Phòng Kinh tế, Hạ tầng và Đô thị" in names) == any(
        agency.name == "Phòng Kinh tế" for agency in draft_of(plan).agencies
    )


def test_another_commune_of_the_same_kind_is_only_another_name() -> None:
    renamed = plan_text("vu_duong").replace("Vũ Dương", "Tân Thành").replace("Công an xã", "Công an xã Tân Thành")
    draft = read(renamed)
    assert draft.document.commune == "Tân Thành"
    assert [i.coordinating_agencies for i in draft.indicators] == [
        i.coordinating_agencies for i in draft_of("vu_duong").indicators
    ]
    assert draft.questions == ()


def test_an_empty_result_column_beside_the_target_is_no_target() -> None:
    text = plan_text("thuy_hung").replace("\tKết quả\t", "\tChỉ tiêu giao\tKết quả\t")
    lines = []
    for line in text.split("\n"):
        cells = line.split("\t")
        if len(cells) == 5:
            cells.insert(4, "")
        lines.append("\t".join(cells))
    words = in_words(read("\n".join(lines)))
    assert words == key_of("thuy_hung")


def test_the_year_is_the_callers_only_where_nothing_is_printed() -> None:
    undated = plan_text("thuy_hung").replace(" ngày 26/3/2026", "")
    assert read(undated, year=2031).document.year == 2031
    assert read(plan_text("thuy_hung"), year=2031).document.year == 2026
    assert read(plan_text("xuan_hung").replace("/4/2026", ""), year=2031).document.year == 2026


def test_a_plan_signed_in_december_is_for_the_year_of_its_deadlines() -> None:
    text = plan_text("vu_duong").replace("/5/2026", "15/12/2026").replace("Năm 2026", "Năm 2027")
    assert read(text.replace("Tháng 11/2026", "Tháng 11/2027")).document.year == 2027


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(PLANS), st.integers(0, 2**32))
def test_blank_lines_anywhere_only_move_the_line_numbers(plan: str, seed: int) -> None:
    lines = plan_text(plan).split("\n")
    position = 3 + seed % (len(lines) - 3)
    words = in_words(read("\n".join([*lines[:position], "", " ", *lines[position:]])))
    assert [{**row, "lines": ""} for row in words] == [{**row, "lines": ""} for row in key_of(plan)]


def test_the_same_bytes_give_the_same_draft() -> None:
    assert draft_of("xuan_hung") == draft_of("xuan_hung")
    assert plan_bytes("xuan_hung") == plan_text("xuan_hung").encode()
