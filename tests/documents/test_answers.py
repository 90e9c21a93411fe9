"""A person's answers, taken into a draft."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.appendix import read_plan
from documents.appendix.answers import apply_answers
from documents.appendix.errors import BadAnswer, UnknownQuestion
from documents.appendix.questions import NOT_BY_CHAT, YES_NO_ONLY
from domain.drafts import BLOCKING, LEFT_FOR_LATER, DraftIndicator, PlanDraft, Question
from tests.documents.plans import PLANS, draft_of, plan_text

VHXH, KT = "Phòng Văn hóa - Xã hội", "Phòng Kinh tế"


def question(draft: PlanDraft, kind: str, seq: int) -> Question:
    return next(q for q in draft.questions if q.kind == kind and seq in q.indicators)


def answered(plan: str, kind: str, seq: int, answer: str) -> DraftIndicator:
    draft = draft_of(plan)
    return apply_answers(draft, {question(draft, kind, seq).id: answer}).indicators[seq - 1]


@pytest.mark.parametrize("answer", ["1", "1.", VHXH, "phòng văn hoá – xã hội", "vhxh", "Phòng VHXXH", " 1 "])
def test_an_agency_is_chosen_by_number_or_any_spelling(answer: str) -> None:
    indicator = answered("thuy_hung", "missing_agency", 7, answer)
    assert indicator.suggested_reporters == (VHXH,)
    assert indicator.lead_agencies == (VHXH,)


def test_the_agency_of_a_group_stays_the_group() -> None:
    indicator = answered("thuy_hung", "no_addressable_agency", 22, "pkt")
    assert indicator.suggested_reporters == (KT,)
    assert indicator.lead_agencies == ("Các phòng ban chuyên môn UBND xã",)


def test_several_agencies_may_report_and_new_ones_join_the_plan() -> None:
    draft = draft_of("thuy_hung")
    after = apply_answers(draft, {"Q1": "Phòng Kinh tế; Hội Nông dân", "Q2": "trường THCS Thụy Hùng"})
    assert after.indicators[6].suggested_reporters == (KT, "Hội Nông dân xã")
    assert after.indicators[16].suggested_reporters == ("Trường THCS Thụy Hùng",)
    added = [agency.name for agency in after.agencies if agency not in draft.agencies]
    assert added == [KT, "Hội Nông dân xã", "Trường THCS Thụy Hùng"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("", "not_an_agency"),
        ("abc", "not_an_agency"),
        ("9", "not_an_agency"),
        ("0", "not_an_agency"),
        ("các trường học", "not_addressable"),
        ("Các doanh nghiệp viễn thông", "not_addressable"),
        ("Phòng Kinh tế; Viettel", "not_addressable"),
    ],
)
def test_who_cannot_be_reminded_is_refused_with_the_choices(answer: str, reason: str) -> None:
    draft = draft_of("thuy_hung")
    with pytest.raises(BadAnswer) as caught:
        apply_answers(draft, {"Q1": answer})
    assert caught.value.code == "bad_answer"
    assert caught.value.values["question"] == "Q1"
    assert caught.value.values["reason"] == reason
    assert caught.value.values["proposals"] == draft.questions[0].proposals
    assert "Q1" in str(caught.value)
    assert f"1 = {VHXH}" in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "day"),
    [("1", date(2026, 12, 31)), ("31/12/2026", date(2026, 12, 31)), ("30-11-2026", date(2026, 11, 30)),
     ("Tháng 10/2026", date(2026, 10, 31)), ("quý III", date(2026, 9, 30))],
)  # fmt: skip
def test_one_date_answers_for_all_indicators_without_a_deadline(answer: str, day: date) -> None:
    draft = draft_of("loi_bac")
    after = apply_answers(draft, {question(draft, "missing_deadline", 1).id: answer})
    targets = [target for indicator in after.indicators for target in indicator.targets]
    assert {(target.due, target.due_basis) for target in targets} == {(day, "answered")}
    assert all(indicator.deadline.basis == "none" for indicator in after.indicators)  # the print stays the print


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("31/02/2026", "not_a_date"),
        ("mai", "not_a_date"),
        ("hằng năm", "not_a_date"),
        ("31/12/2020", "date_out_of_range"),
    ],
)
def test_what_is_no_day_of_the_plan_is_refused(answer: str, reason: str) -> None:
    draft = draft_of("thuy_hung")
    with pytest.raises(BadAnswer) as caught:
        apply_answers(draft, {"Q5": answer})
    assert caught.value.values["reason"] == reason


@pytest.mark.parametrize("answer", ["để sau", "Để sau", "de sau", "ĐỂ SAU"])
def test_a_question_set_aside_keeps_the_indicator_without_a_reporter(answer: str) -> None:
    indicator = answered("thuy_hung", "missing_agency", 17, answer)
    assert indicator.suggested_reporters == ()
    assert LEFT_FOR_LATER in indicator.flags


def test_answered_questions_are_closed_and_the_others_keep_their_numbers() -> None:
    after = apply_answers(draft_of("thuy_hung"), {"Q2": "1", "Q4": "để sau"})
    assert [q.id for q in after.questions] == ["Q1", "Q3", "Q5"]
    rest = apply_answers(after, {"Q1": "1", "Q3": "1", "Q5": "1"})
    assert rest.questions == ()


def test_answers_are_taken_all_or_none_and_never_change_the_draft_given() -> None:
    draft = draft_of("thuy_hung")
    with pytest.raises(BadAnswer):
        apply_answers(draft, {"Q1": "1", "Q5": "mai"})
    apply_answers(draft, {"Q1": "1", "Q5": "1"})
    assert draft == draft_of("thuy_hung")


@pytest.mark.parametrize("question_id", ["Q99", "", "q1", "1"])
def test_an_answer_to_nothing_open_is_named(question_id: str) -> None:
    with pytest.raises(UnknownQuestion) as caught:
        apply_answers(draft_of("thuy_hung"), {question_id: "1"})
    assert caught.value.values["question"] == question_id


def test_nothing_secret_is_collected_unless_an_admin_allows_a_bare_yes_or_no() -> None:
    kept = answered("loi_bac", "secret_wording", 29, NOT_BY_CHAT)
    assert kept.restricted
    assert answered("loi_bac", "secret_wording", 29, "để sau").restricted
    allowed = answered("loi_bac", "secret_wording", 29, "2")
    assert not allowed.restricted
    assert {target.target.kind for target in allowed.targets} == {"boolean"}
    with pytest.raises(BadAnswer) as caught:
        answered("loi_bac", "secret_wording", 29, "thu hết")
    assert caught.value.values["reason"] == "not_a_choice"


def test_a_doubtful_unit_is_replaced_in_the_indicator_and_its_targets() -> None:
    indicator = answered("loi_bac", "suspect_unit", 8, "1")
    assert (indicator.unit, indicator.unit_raw) == ("%", "% GRDP")
    assert [target.target.unit for target in indicator.targets] == ["%", "%"]
    assert [target.target.value for target in indicator.targets] == [Decimal(90), Decimal(85)]
    assert answered("loi_bac", "suspect_unit", 6, "% GRDP").targets[1].target.value == Decimal("1.5")


def test_a_target_in_words_loses_its_percent_sign() -> None:
    indicator = answered("loi_bac", "suspect_unit", 9, YES_NO_ONLY)
    assert indicator.unit is None
    assert {(target.target.kind, target.target.unit) for target in indicator.targets} == {("boolean", None)}


@pytest.mark.parametrize("answer", ["", "x" * 41, "12 cái", YES_NO_ONLY])
def test_what_is_no_unit_of_a_number_is_refused(answer: str) -> None:
    with pytest.raises(BadAnswer) as caught:
        answered("loi_bac", "suspect_unit", 7, answer)
    assert caught.value.values["reason"] == "not_a_unit"


def test_an_impossible_operator_becomes_what_was_meant() -> None:
    target = answered("dang_uy_xa", "impossible_operator", 15, "1").targets[0].target
    assert (target.op, target.value, target.unit, target.source, target.raw) == ("==", 100, "%", "name", "≥ 100%")
    lower = answered("dang_uy_xa", "impossible_operator", 15, "≥ 95%").targets[0].target
    assert (lower.op, lower.value) == (">=", 95)
    with pytest.raises(BadAnswer) as caught:
        answered("dang_uy_xa", "impossible_operator", 15, "nhiều hơn")
    assert caught.value.values["reason"] == "not_a_target"


def edited(plan: str, old: str, new: str) -> PlanDraft:
    text = plan_text(plan)
    assert old in text
    return read_plan(text.replace(old, new).encode(), "plan.txt")


def test_an_unknown_agency_is_asked_once_and_takes_its_place() -> None:
    draft = edited("vu_duong", "$\\geq 15$\tPhòng Kinh tế\t", "$\\geq 15$\tTrường THCS Vũ Dương\t")
    (asked,) = draft.questions
    assert (asked.kind, asked.subject, asked.indicators) == ("unknown_agency", "Trường THCS Vũ Dương", (25,))
    assert "Trường THCS Vũ Dương" in asked.proposals
    after = apply_answers(draft, {"Q1": "Trường THCS Vũ Dương"}).indicators[24]
    assert after.lead_agencies == after.suggested_reporters == ("Trường THCS Vũ Dương",)
    assert apply_answers(draft, {"Q1": "pkt"}).indicators[24].lead_agencies == (KT,)


def test_one_unknown_name_in_many_rows_is_one_question() -> None:
    draft = edited("vu_duong", "Phòng Kinh tế\tVăn phòng", "Phòng Tài chính\tVăn phòng")
    assert [(q.kind, q.indicators) for q in draft.questions] == [("unknown_agency", (10, 12, 25, 26, 28))]
    after = apply_answers(draft, {"Q1": "Phòng Kinh tế"})
    assert after.indicators[11].suggested_reporters == (KT,)
    assert after.questions == ()


def test_an_unknown_monitor_reports_where_monitors_report() -> None:
    draft = edited("xuan_hung", "\tTrung tâm phục vụ HCC\n", "\tTrường Chính trị\n")
    asked = next(q for q in draft.questions if q.kind == "unknown_agency")
    after = apply_answers(draft, {asked.id: "Trung tâm Phục vụ hành chính công"}).indicators[asked.indicators[0] - 1]
    assert after.suggested_reporters == after.monitor_agencies == ("Trung tâm Phục vụ hành chính công",)
    assert after.lead_agencies == ("Các cơ quan, đơn vị tiếp nhận và giải quyết TTHC",)


def test_deadlines_no_day_can_be_read_from_are_asked_by_their_print() -> None:
    draft = edited("vu_duong", "Tháng 11/2026", "Thường xuyên")
    (asked,) = draft.questions
    assert (asked.kind, asked.subject, asked.indicators) == ("unclear_deadline", "Thường xuyên", (8, 9))
    assert asked.proposals == ("31/12/2026",)
    after = apply_answers(draft, {"Q1": "1"}).indicators[7]
    assert (after.targets[0].due, after.targets[0].due_basis) == (date(2026, 12, 31), "answered")
    assert after.deadline.kind == "continuous"


def test_figures_nobody_can_place_are_asked_about() -> None:
    draft = edited("vu_duong", "\t90\t", "\ttăng 5 điểm\t")
    (asked,) = draft.questions
    assert (asked.kind, asked.subject, asked.indicators) == ("unclear_target", "tăng 5 điểm", (18,))
    after = apply_answers(draft, {"Q1": "≥ 90%"}).indicators[17].targets[0].target
    assert (after.kind, after.op, after.value, after.raw) == ("number", ">=", 90, "tăng 5 điểm")


def test_questions_that_stop_an_import_come_first() -> None:
    for plan in PLANS:
        blocking = [q.kind in BLOCKING for q in draft_of(plan).questions]
        assert blocking == sorted(blocking, reverse=True)


@pytest.mark.parametrize("plan", PLANS)
def test_first_proposals_answer_everything(plan: str) -> None:
    draft = draft_of(plan)
    assert all(q.proposals for q in draft.questions)
    after = apply_answers(draft, {q.id: "1" for q in draft.questions})
    assert after.questions == ()
    for indicator in after.indicators:
        assert indicator.suggested_reporters
        assert all(t.due is not None or t.target.kind == "not_assigned" for t in indicator.targets)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["thuy_hung", "loi_bac", "dang_uy_xa"]), st.text(max_size=40), st.data())
def test_any_answer_is_taken_or_refused_by_name(plan: str, answer: str, data: st.DataObject) -> None:
    draft = draft_of(plan)
    asked = data.draw(st.sampled_from(draft.questions))
    try:
        after = apply_answers(draft, {asked.id: answer})
    except BadAnswer as error:
        assert error.values["question"] == asked.id  # noqa: PT017 - refusing is as right as taking
    else:
        assert asked not in after.questions


def test_a_slip_of_the_keys_makes_no_new_agency() -> None:
    draft = draft_of("thuy_hung")
    with pytest.raises(BadAnswer) as refused:
        apply_answers(draft, {"Q2": "Phòng Kinhh tế"})
    assert refused.value.values["reason"] == "mistyped_agency"
    assert refused.value.values["proposals"] == ("Phòng Kinh tế",)
    taken = apply_answers(draft, {"Q2": "mới: Phòng Kinhh tế"})
    assert "Phòng Kinhh tế" in {agency.name for agency in taken.agencies}
    assert apply_answers(draft, {"Q2": "Trường Tiểu học Thụy Hùng"}).agencies
