"""Five real plans are read exactly as a person read them, in every column."""

from __future__ import annotations

import json
from datetime import date

import pytest

from documents.appendix.as_json import draft_to_json
from documents.samples import vu_duong
from domain.drafts import BLOCKING
from tests.documents.plans import PLANS, draft_of, in_words, key_of, plan_bytes

COUNTS = {"thuy_hung": 22, "loi_bac": 29, "vu_duong": 28, "xuan_hung": 46, "dang_uy_xa": 29}


@pytest.mark.parametrize("plan", PLANS)
def test_every_cell_of_every_indicator_is_read_as_a_person_read_it(plan: str) -> None:
    read, key = in_words(draft_of(plan)), key_of(plan)
    assert len(read) == COUNTS[plan]
    for ours, theirs in zip(read, key, strict=True):
        assert ours == theirs


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ("thuy_hung", {"I": 3, "II": 3, "III": 3, "IV": 13}),
        ("loi_bac", {"I": 5, "II": 6, "III": 14, "IV": 4}),
        ("vu_duong", {"A": 2, "B": 26, "B/I": 2, "B/II": 5, "B/III": 3, "B/IV": 16}),
        ("xuan_hung", {"I": 4, "II": 6, "III": 2, "IV": 6, "V": 28}),
        ("dang_uy_xa", {"I": 4, "II": 5, "III": 3, "IV": 2, "V": 15}),
    ],
)
def test_sections_nest_and_hold_as_many_indicators_as_printed(plan: str, expected: dict[str, int]) -> None:
    sections = draft_to_json(draft_of(plan))["sections"]
    assert {section["id"]: section["count"] for section in sections} == expected


@pytest.mark.parametrize(
    ("plan", "number", "day", "issuer", "commune"),
    [
        ("thuy_hung", "87/KH-UBND", date(2026, 3, 26), "Ủy ban nhân dân xã Thụy Hùng", "Thụy Hùng"),
        ("loi_bac", "136/KH-UBND", date(2026, 4, 29), "Ủy ban nhân dân xã Lợi Bác", "Lợi Bác"),
        ("vu_duong", None, None, "UBND xã Vũ Dương", "Vũ Dương"),
        ("xuan_hung", None, None, "UBND xã Xuân Hưng", "Xuân Hưng"),
        ("dang_uy_xa", "54-KH/ĐU", date(2026, 4, 13), "Ban Thường vụ Đảng ủy xã", None),
    ],
)
def test_the_lines_above_the_table_name_the_plan(
    plan: str, number: str | None, day: date | None, issuer: str, commune: str | None
) -> None:
    document = draft_of(plan).document
    assert (document.plan_number, document.plan_date, document.issuer, document.commune) == (
        number,
        day,
        issuer,
        commune,
    )
    assert (document.commune_type, document.year) == ("xã", 2026)


def test_a_blank_number_and_day_are_kept_as_printed() -> None:
    document = draft_of("vu_duong").document
    assert document.plan_number_raw == "Kế hoạch số: /KH-UBND ngày /5/2026"
    assert document.plan_month == "2026-05"
    assert draft_of("xuan_hung").document.plan_number_raw == "Kế hoạch số/KH-UBND ngày /4/2026"


def test_titles_are_free_of_markup() -> None:
    titles = {plan: draft_of(plan).document.title for plan in PLANS}
    assert titles["thuy_hung"] == "CÁC MỤC TIÊU CỤ THỂ CỦA KẾ HOẠCH"
    assert titles["vu_duong"] == "Danh mục các mục tiêu cụ thể và phân công thực hiện"
    assert titles["dang_uy_xa"] == "MỤC TIÊU CỤ THỂ THỰC HIỆN NGHỊ QUYẾT SỐ 57-NQ/TW"


def test_the_shipped_sample_asks_nothing() -> None:
    assert vu_duong() == plan_bytes("vu_duong")
    assert draft_of("vu_duong").questions == ()


def test_each_plan_asks_only_what_cannot_be_read() -> None:
    asked = {plan: [(q.kind, q.indicators) for q in draft_of(plan).questions] for plan in PLANS}
    assert asked == {
        "thuy_hung": [
            ("missing_agency", (7,)),
            ("missing_agency", (17,)),
            ("missing_agency", (18,)),
            ("no_addressable_agency", (22,)),
            ("missing_deadline", tuple(range(1, 23))),
        ],
        "loi_bac": [
            ("missing_deadline", tuple(range(1, 30))),
            ("secret_wording", (29,)),
            ("suspect_unit", (6,)),
            ("suspect_unit", (7, 8)),
            ("suspect_unit", (9, 11)),
        ],
        "vu_duong": [],
        "xuan_hung": [("no_addressable_agency", (32,)), ("no_addressable_agency", (36,))],
        "dang_uy_xa": [("missing_deadline", tuple(range(1, 30))), ("impossible_operator", (15,))],
    }


def test_only_the_indicator_about_secret_papers_is_restricted() -> None:
    restricted = {plan: [i.seq for i in draft_of(plan).indicators if i.restricted] for plan in PLANS}
    assert restricted == {"thuy_hung": [], "loi_bac": [29], "vu_duong": [], "xuan_hung": [], "dang_uy_xa": []}
    assert "state_secret_mention" in draft_of("thuy_hung").indicators[21].flags
    assert "state_secret_mention" in draft_of("loi_bac").indicators[20].flags


@pytest.mark.parametrize(
    ("plan", "flag", "seqs"),
    [
        ("thuy_hung", "missing_agency", [7, 17, 18]),
        ("thuy_hung", "no_addressable_agency", [7, 17, 18, 22]),
        ("thuy_hung", "agency_typo", [1, 2, 3, 4, 5, 6, 8, 10]),
        ("thuy_hung", "coordinator_inside_lead_cell", [1, 2, 3]),
        ("thuy_hung", "unit_repeated_in_target", [11, 12]),
        ("loi_bac", "unit_suspect", [6, 7, 8, 9, 11]),
        ("loi_bac", "commune_differs_from_province", [1, 2, 8, 10, 22, 26]),
        ("loi_bac", "ocr_in_unit", [5]),
        ("loi_bac", "split_over_page_break", [16]),
        ("vu_duong", "lead_is_external", [3, 4]),
        ("vu_duong", "lower_is_better", [12]),
        ("vu_duong", "missing_separator_in_agencies", [6, 8, 24]),
        ("vu_duong", "lead_also_in_coordinating", [14]),
        ("vu_duong", "no_unit_no_target", [1, 2]),
        ("xuan_hung", "monitor_is_external", [32, 36]),
        ("xuan_hung", "person_role_in_agency_cell", [8, 39, 44, 46]),
        ("xuan_hung", "numbering_gap_before", [35, 42]),
        ("xuan_hung", "not_monotone", [44]),
        ("xuan_hung", "split_over_page_break", [7]),
        ("xuan_hung", "range", [10]),
        ("dang_uy_xa", "impossible_operator", [15]),
        ("dang_uy_xa", "two_targets_in_one_name", [9]),
        ("dang_uy_xa", "missing_coordinator", [6, 24, 25, 26]),
        ("dang_uy_xa", "strict_greater", [24]),
    ],
)
def test_oddities_of_the_print_are_flagged(plan: str, flag: str, seqs: list[int]) -> None:
    assert [indicator.seq for indicator in draft_of(plan).indicators if flag in indicator.flags] == seqs


def test_only_nineteen_of_forty_six_have_a_target_in_the_plans_year() -> None:
    indicators = draft_of("xuan_hung").indicators
    assert sum("no_2026_target" in indicator.flags for indicator in indicators) == 27


@pytest.mark.parametrize("plan", PLANS)
def test_a_draft_can_be_written_as_json(plan: str) -> None:
    draft = draft_of(plan)
    data = json.loads(json.dumps(draft_to_json(draft), ensure_ascii=False))
    assert data["counts"]["indicators"] == COUNTS[plan]
    assert [question["blocking"] for question in data["questions"]] == [q.kind in BLOCKING for q in draft.questions]
    assert draft.source_name == f"{plan}.txt"
    assert len(draft.source_sha256) == 64


def test_targets_given_are_counted_without_what_is_not_assigned() -> None:
    assigned = {plan: draft_to_json(draft_of(plan))["counts"]["targets_assigned"] for plan in PLANS}
    assert assigned == {"thuy_hung": 22, "loi_bac": 58, "vu_duong": 28, "xuan_hung": 186, "dang_uy_xa": 30}
