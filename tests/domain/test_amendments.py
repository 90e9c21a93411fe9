"""Two versions of a plan: what is the same in both is found by name and place, what is only alike is asked about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.amendments import (
    NEW,
    RENAMED,
    PlannedIndicator,
    PlannedTarget,
    compare,
    doubts,
    meant,
    same_target,
    way_of_answering,
)
from domain.model import Target
from domain.targets import read_target

DUE = date(2026, 11, 30)


def one(number: int, name: str, cell: str = "≥ 70", unit: str = "%", **more: object) -> PlannedIndicator:
    """An indicator with one target, owed unless `agency` is None."""
    section = more.pop("section", ("Hạ tầng",))
    values = {"year": 2026, "scope": "xa", "agency": "Phòng Kinh tế", "due": DUE, **more}
    target = PlannedTarget(number, read_target(cell, unit), **values)  # type: ignore[arg-type]
    return PlannedIndicator(number, name, section, unit, (target,))  # type: ignore[arg-type]


OLD = [one(1, "Phủ sóng 5G"), one(2, "Hồ sơ trực tuyến"), one(3, "Ban hành kế hoạch", "", "")]


def test_the_same_table_changes_nothing() -> None:
    found = compare(OLD, OLD)
    assert (found.added, found.removed, found.renamed, found.unchanged) == ((), (), (), 3)
    assert [found.target_changed, found.agency_changed, found.deadline_changed, found.to_be_reported_again] == [()] * 4
    assert doubts(OLD, OLD) == []


def test_a_target_printed_in_the_name_is_no_other_name() -> None:
    def named(figure: str) -> PlannedIndicator:
        found = one(4, f"Trên {figure}% hộ dân của 12 thôn dùng nước sạch")
        target = replace(read_target(figure, "%"), source="name")
        return replace(found, targets=(replace(found.targets[0], target=target),))

    old, new = [*OLD, named("85")], [*OLD, named("90")]
    found = compare(old, new)
    assert (found.added, found.removed, found.renamed) == ((), (), ())
    assert [kept.target_changed for kept in found.kept] == [False, False, False, True]
    assert doubts(old, new) == []


def test_every_kind_of_change_is_told() -> None:
    new = [
        one(1, "Hồ sơ trực tuyến", "≥ 80", agency="Công an xã", due=date(2026, 12, 31)),
        one(2, "Mã định danh", "30"),
        one(3, "Ban hành kế hoạch", "", ""),
    ]
    found = compare(OLD, new)
    assert [part.name for part in found.added] == ["Mã định danh"]
    assert [part.name for part in found.removed] == ["Phủ sóng 5G"]
    [kept] = found.target_changed
    assert (kept.old.target.value, kept.new.target.value) == (70, 80)
    assert found.agency_changed == found.deadline_changed == (kept,)
    assert found.unchanged == 1


def test_printed_numbers_and_order_mean_nothing() -> None:
    moved = [replace(each, position=4 - each.position) for each in reversed(OLD)]
    assert compare(OLD, moved).unchanged == 3


def test_spelling_of_a_name_is_no_change() -> None:
    new = [replace(OLD[0], name="PHỦ SÓNG  5g"), *OLD[1:]]
    assert compare(OLD, new).unchanged == 3


@pytest.mark.parametrize(
    ("old", "new", "pairs"),
    [
        # Twice the same name: the section tells them apart, then the unit.
        (
            [one(1, "Tập huấn", section=("A",)), one(2, "Tập huấn", section=("B",))],
            [one(1, "Tập huấn", section=("B",)), one(2, "Tập huấn", section=("A",))],
            {1: 2, 2: 1},
        ),
        (
            [one(1, "Tập huấn", unit="%"), one(2, "Tập huấn", unit="Người")],
            [one(1, "Tập huấn", unit="Người"), one(2, "Tập huấn", unit="%")],
            {1: 2, 2: 1},
        ),
        # A heading above was reworded, or the indicator went to another group.
        ([one(1, "Tập huấn", section=("A", "B"))], [one(1, "Tập huấn", section=("C", "B"))], {1: 1}),
        ([one(1, "Tập huấn", section=("A",))], [one(1, "Tập huấn", section=("B",))], {1: 1}),
        # Printed twice over and alike in everything: in their order. Else a person must say which is which.
        ([one(1, "Tập huấn"), one(2, "Tập huấn")], [one(3, "Tập huấn"), one(4, "Tập huấn")], {3: 1, 4: 2}),
        ([one(1, "Tập huấn"), one(2, "Tập huấn")], [one(3, "Tập huấn"), one(4, "Tập huấn", "≥ 80")], {}),
        ([one(1, "Tập huấn"), one(2, "Tập huấn")], [one(3, "Tập huấn")], {}),
    ],
)
def test_names_that_repeat(old: list[PlannedIndicator], new: list[PlannedIndicator], pairs: dict[int, int]) -> None:
    assert {at: kept.old.id for at, kept in compare(old, new).origins.items()} == pairs


def test_names_only_alike_are_asked_about_and_never_matched() -> None:
    new = [one(1, "Phủ sóng 6G"), *OLD[1:]]
    assert [part.name for part in compare(OLD, new).added] == ["Phủ sóng 6G"]
    [doubt] = doubts(OLD, new)
    assert doubt.question.id == "D1"
    assert doubt.question.subject == "Phủ sóng 5G"
    assert doubt.question.proposals == (RENAMED, NEW)
    agreed = compare(OLD, new, {1: 1})
    assert agreed.renamed == (("Phủ sóng 5G", "Phủ sóng 6G"),)
    assert (agreed.added, agreed.removed, agreed.unchanged) == ((), (), 2)


def test_what_a_person_says_goes_before_what_was_found() -> None:
    twice = [one(1, "Tập huấn"), one(2, "Tập huấn")]
    found = compare(twice, twice, {1: 2})
    assert {at: kept.old.id for at, kept in found.origins.items()} == {1: 2}
    assert [part.targets[0].id for part in (*found.added, *found.removed)] == [2, 1]


def test_a_name_that_became_longer_is_asked_about() -> None:
    old = [one(1, "Tỷ lệ hồ sơ trực tuyến")]
    new = [one(1, "Tỷ lệ hồ sơ trực tuyến toàn trình của các thủ tục đủ điều kiện trên địa bàn")]
    assert len(doubts(old, new)) == 1


def test_an_indicator_is_asked_about_once_and_with_the_nearest() -> None:
    old = [one(1, "Tỷ lệ phủ sóng 5G trên dân số")]
    new = [one(1, "Tỷ lệ phủ sóng 6G trên số dân"), one(2, "Tỷ lệ phủ sóng 6G trên dân số")]
    assert [doubt.new.position for doubt in doubts(old, new)] == [2]


def test_of_whole_other_plans_nobody_is_asked() -> None:
    old = [one(number, f"Chỉ tiêu cũ {number}") for number in range(1, 300)]
    new = [one(number, f"Chỉ tiêu mới {number}") for number in range(1, 300)]
    assert doubts(old, new) == []


@pytest.mark.parametrize(
    ("typed", "means"),
    [("1", RENAMED), ("2.", NEW), ("là chỉ tiêu mới", NEW), ("La chi tieu cu doi ten", RENAMED), ("để sau", NEW)],
)
def test_an_answer_is_a_number_or_the_words(typed: str, means: str) -> None:
    assert meant(typed) == means


@pytest.mark.parametrize("typed", ["", "3", "Phòng Kinh tế", "có"])
def test_anything_else_is_no_answer(typed: str) -> None:
    assert meant(typed) is None


def test_targets_of_one_indicator_are_matched_by_year_level_and_part() -> None:
    def many(*targets: PlannedTarget) -> list[PlannedIndicator]:
        return [PlannedIndicator(1, "Tỷ lệ", (), "%", targets)]

    def target(number: int, year: int | None, scope: str, component: str | None = None) -> PlannedTarget:
        return PlannedTarget(number, replace(read_target("≥ 70", "%"), component=component), year, scope)

    old = many(target(1, 2026, "xa"), target(2, 2030, "xa"), target(3, 2026, "tinh"), target(4, 2026, "xa", "trường"))
    new = many(target(1, 2026, "xa", "trường"), target(2, 2026, "tinh"), target(3, 2026, "xa"), target(4, 2027, "xa"))
    found = compare(old, new)
    assert {at: kept.old.id for at, kept in found.origins.items()} == {1: 4, 2: 3, 3: 1, 4: 2}  # 4: the only one left
    fewer = many(target(1, 2027, "xa"), target(2, 2028, "xa"))
    assert compare(old, fewer).origins == {}
    assert [len(part.targets) for part in compare(old, fewer).removed] == [4]


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        (("≥ 70", "%"), ("70", "%"), True),
        (("≥ 70", "%"), ("từ 70,0", "%"), True),
        (("≥ 70", "%"), ("> 70", "%"), False),
        (("≥ 70", "%"), ("≥ 70", "% GRDP"), False),
        (("80-90", "%"), ("80-95", "%"), False),
        (("Duy trì", ""), ("duy tri", ""), True),
        (("", ""), ("Có", ""), False),
    ],
)
def test_what_is_the_same_target(old: tuple[str, str], new: tuple[str, str], same: bool) -> None:
    assert same_target(read_target(*old), read_target(*new)) is same


@pytest.mark.parametrize(
    ("old", "new", "fits"),
    [
        (("≥ 70", "%"), ("≤ 30", "%"), True),
        (("≥ 70", "%"), ("80-90", "%"), True),
        (("≥ 70", "%"), ("≥ 70", "Người"), False),
        (("≥ 70", "%"), ("Có", ""), False),
        (("≥ 70", "%"), ("", ""), False),
        (("Có", ""), ("Ứng dụng tốt", ""), True),
        (("≥ 0.70", "Chỉ số"), ("≥ 0.80", "Chỉ số"), True),
        (("≥ 0.70", "Chỉ số"), ("≥ 70", "Chỉ số"), False),
    ],
)
def test_whether_a_figure_fits_another_target(old: tuple[str, str], new: tuple[str, str], fits: bool) -> None:
    assert (way_of_answering(read_target(*old)) == way_of_answering(read_target(*new))) is fits


def test_a_figure_is_kept_reported_again_or_left_behind() -> None:
    old = [one(number, f"Chỉ tiêu số {number}", value=Decimal(75)) for number in range(1, 5)]
    new = [
        one(1, "Chỉ tiêu số 1", "≥ 80"),
        one(2, "Chỉ tiêu số 2", "≥ 80", "Người"),
        one(3, "Chỉ tiêu số 3", agency=None),
    ]
    found = compare(old, new)
    assert [kept.name for kept in found.to_be_reported_again] == ["Chỉ tiêu số 2"]
    assert found.figures_kept == 1
    assert found.removed[0].reported == 1
    assert [kept.new.agency for kept in found.agency_changed] == [None]
    assert not found.deadline_changed


def test_what_is_not_assigned_in_one_version_only_is_no_difference() -> None:
    dash = PlannedTarget(9, Target("not_assigned"), 2030, "xa")
    [first, *rest] = OLD
    assert compare(OLD, [replace(first, targets=(*first.targets, dash)), *rest]).unchanged == 3


words = st.sampled_from(["Tập huấn", "tập huấn", "Phủ sóng", "Hồ sơ", "Dữ liệu mở"])
indicators = st.lists(
    st.builds(
        lambda name, cell, unit, section: (name, cell, unit, section),
        words,
        st.sampled_from(["≥ 70", "70", "80", "Có", "", "-"]),
        st.sampled_from(["%", "Người"]),
        st.sampled_from([(), ("A",), ("A", "B")]),
    ),
    max_size=8,
)


def numbered(rows: list[tuple[str, str, str, tuple[str, ...]]]) -> list[PlannedIndicator]:
    return [one(at, name, cell, unit, section=section) for at, (name, cell, unit, section) in enumerate(rows, 1)]


@given(indicators)
def test_any_table_is_the_same_as_itself(rows: list[tuple[str, str, str, tuple[str, ...]]]) -> None:
    version = numbered(rows)
    found = compare(version, version)
    assert found.unchanged == len(version)
    assert {at: kept.old.id for at, kept in found.origins.items()} == {at: at for at in range(1, len(version) + 1)}
    assert doubts(version, version) == []


@given(indicators, indicators)
def test_nothing_is_lost_or_matched_twice(
    old_rows: list[tuple[str, str, str, tuple[str, ...]]], new_rows: list[tuple[str, str, str, tuple[str, ...]]]
) -> None:
    old, new = numbered(old_rows), numbered(new_rows)
    asked = doubts(old, new)
    assert len({doubt.old.position for doubt in asked}) == len({doubt.new.position for doubt in asked}) == len(asked)
    for renamed in ({}, {doubt.new.position: doubt.old.position for doubt in asked}):
        found = compare(old, new, renamed)
        befores = [kept.old.id for kept in found.kept]
        assert len(befores) == len(set(befores))
        assert len(found.kept) == len(found.origins)
        assert len(found.kept) + len(found.added) >= len(new) - sum(not each.targets for each in new)
