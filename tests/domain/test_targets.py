"""Targets as printed in a cell or inside a name, and figures judged by them."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.model import FigureValue, Target
from domain.named_targets import read_targets_in_name
from domain.targets import countable, judge, read_number, read_target


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("65", "65"),
        ("08", "8"),
        ("1,5", "1.5"),
        ("0.70", "0.70"),
        ("0,7", "0.7"),
        ("0.725", "0.725"),
        ("1.500", "1500"),
        ("12.345.678", "12345678"),
        ("1,234,567", "1234567"),
        ("1.234,5", "1234.5"),
        ("1,234,567.8", "1234567.8"),
        ("66.25", "66.25"),
    ],
)
def test_figures_of_a_plan_are_read_exactly(text: str, value: str) -> None:
    assert read_number(text) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["", "abc", "1.2.3", "1,2,3", "1.23,4,5", "12.34.567", "٣", "１２", "1e5", "-5", "1 000"]
)
def test_what_is_no_figure_or_contradicts_itself_is_none(text: str) -> None:
    assert read_number(text) is None


@pytest.mark.parametrize(
    ("cell", "unit", "op", "value", "op_printed"),
    [
        ("≥ 65", "%", ">=", "65", "≥"),
        ("≥35", "%", ">=", "35", "≥"),
        (">= 30", "Sản phẩm", ">=", "30", ">="),
        ("≥ 60%", "%", ">=", "60", "≥"),
        ("≥ 1,5", "%", ">=", "1.5", "≥"),
        ("≥ 0.70", "Chỉ số", ">=", "0.70", "≥"),
        ("≥ 01", "Cán bộ", ">=", "1", "≥"),
        ("100", "%", ">=", "100", None),
        ("08", "Người/ vạn dân", ">=", "8", None),
        ("> 80", "%", ">", "80", ">"),
        ("trên 80%", "%", ">", "80", "trên"),
        ("Từ 80%", "%", ">=", "80", "từ"),
        ("80% trở lên", "%", ">=", "80", "trở lên"),
        ("trên 80% trở lên", "%", ">=", "80", "trên"),
        ("ít nhất 5", "Dự án", ">=", "5", "ít nhất"),
        ("Đạt 95%", "%", ">=", "95", None),
        ("30 sản phẩm", "Sản phẩm", ">=", "30", None),
        ("= 100%", "%", "==", "100", "="),
        ("≥ 10", "Lần GRDP", ">=", "10", "≥"),
        ("1,5%", "% GRDP", ">=", "1.5", None),
    ],
)
def test_a_number_is_a_level_to_reach(cell: str, unit: str, op: str, value: str, op_printed: str | None) -> None:
    target = read_target(cell, unit)
    assert (target.kind, target.op, target.value, target.op_printed) == ("number", op, Decimal(value), op_printed)
    assert (target.unit, target.direction, target.raw) == (unit, "higher", cell)


@pytest.mark.parametrize(
    ("cell", "unit", "op"),
    [("≤ 15", "Thứ bậc", "<="), ("15", "Thứ bậc", "<="), ("< 5", "%", "<"), ("không quá 3", "vụ", "<="),
     ("5% trở xuống", "%", "<="), ("dưới 2", "%", "<"), ("Giảm còn 1,5%", "%", "<="), ("còn dưới 2", "%", "<"),
     ("0", "vụ", "<="), ("＜ 5", "%", "<")],
)  # fmt: skip
def test_some_numbers_are_not_to_be_exceeded(cell: str, unit: str, op: str) -> None:
    target = read_target(cell, unit)
    assert (target.kind, target.op, target.direction) == ("number", op, "lower")


@pytest.mark.parametrize("cell", ["80-90", "80 – 90", "80 - 90%", "từ 80 đến 90", "80÷90"])
def test_a_range_is_reached_from_its_near_end(cell: str) -> None:
    target = read_target(cell, "%")
    assert (target.kind, target.op, target.value, target.value_max) == ("range", ">=", Decimal(80), Decimal(90))


def test_a_range_of_ranks_is_reached_from_above() -> None:
    target = read_target("10-15", "Xếp hạng")
    assert (target.op, target.value, target.value_max, target.direction) == ("<=", Decimal(15), Decimal(10), "lower")


@pytest.mark.parametrize("cell", ["có", "Có", "Duy trì", "Đáp ứng", "Ứng dụng", "Đạt", "x", "Hoàn thành"])
def test_words_that_are_answered_yes_or_no(cell: str) -> None:
    target = read_target(cell, "Dự án")
    assert (target.kind, target.op, target.value, target.text) == ("boolean", "==", True, cell)


@pytest.mark.parametrize(
    "cell",
    ["Ứng dụng mạnh mẽ một số CN", "Duy trì, phát triển", "Đạt chuẩn tiên tiến", "80/100", "Tăng 10%", "90-80",
     "5 vạn", "1,2,3", "x" * 500],
)  # fmt: skip
def test_other_words_are_left_to_a_person(cell: str) -> None:
    target = read_target(cell, "%")
    assert (target.kind, target.text, target.value) == ("qualitative", cell, None)


@pytest.mark.parametrize("cell", ["-", "–", "—", " - "])
def test_a_dash_is_not_assigned_and_not_zero(cell: str) -> None:
    assert read_target(cell, "%").kind == "not_assigned"


def test_an_empty_cell_is_a_task() -> None:
    assert read_target("  ").kind == "task"


def test_a_percentage_of_something_counted_is_not_believed() -> None:
    assert read_target("5 %", "Dự án").kind == "qualitative"


def named(name: str) -> list[tuple[object, ...]]:
    return [(t.raw, t.op, t.value, t.unit, t.component) for t in read_targets_in_name(name)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Tỷ lệ phủ sóng 5G trên dân số ≥ 95%", ("≥ 95%", ">=", 95, "%", None)),
        ("Có ≥ 70% người sử dụng có tốc độ trên 01 Gbps.", ("≥ 70%", ">=", 70, "%", None)),
        ("100% đảng viên được cấp chữ ký số", ("100%", ">=", 100, "%", None)),
        ("Có 95% hồ sơ được số hoá", ("95%", ">=", 95, "%", None)),
        ("Có > 60% cơ sở dữ liệu của xã", ("> 60%", ">", 60, "%", None)),
        ("Có ≥ 40% kết quả ứng dụng sau 12 tháng nghiệm thu", ("≥ 40%", ">=", 40, "%", None)),
        ("Có từ 08 người nghiên cứu trên 01 vạn dân", ("từ 08 người", ">=", 8, "người/vạn dân", None)),
        ("Có ≥ 30 nhiệm vụ khoa học", ("≥ 30 nhiệm vụ", ">=", 30, "nhiệm vụ", None)),
        ("Có 1 trường phổ thông hợp tác", ("1 trường", ">=", 1, "trường", None)),
        ("05 mô hình chuyển đổi số được nhân rộng", ("05 mô hình", ">=", 5, "mô hình", None)),
        ("Có sản phẩm đổi mới sáng tạo", ("Có sản phẩm", "==", True, None, None)),
        ("Tỷ lệ người dân hài lòng đạt 90% trở lên", ("90%", ">=", 90, "%", None)),
        ("Tỷ lệ hồ sơ trễ hạn không quá 2%", ("không quá 2%", "<=", 2, "%", None)),
        ("Kinh tế số đạt trên 15% vào năm 2026 của xã", ("trên 15%", ">", 15, "%", None)),
        ("Tỷ lệ hộ nghèo giảm còn 1,5%", ("giảm còn 1,5%", "<=", Decimal("1.5"), "%", None)),
        ("Tỷ lệ hộ nghèo xuống dưới 2% vào năm 2026", ("dưới 2%", "<", 2, "%", None)),
        ("Phấn đấu 82,5% dân số tiếp cận dịch vụ số", ("82,5%", ">=", Decimal("82.5"), "%", None)),
    ],
)
def test_the_target_inside_a_name_is_found(name: str, expected: tuple[object, ...]) -> None:
    assert named(name) == [expected]


def test_one_name_may_hold_two_targets() -> None:
    name = "100% giáo viên và ≥ 65% học sinh phổ thông được tập huấn kỹ năng cơ bản về dạy – học trên nền tảng số"
    assert named(name) == [
        ("100%", ">=", 100, "%", "giáo viên"),
        ("≥ 65%", ">=", 65, "%", "học sinh phổ thông"),
    ]


@pytest.mark.parametrize(
    "name",
    [
        "Ứng dụng AI, IoT, Big Data, ... trong quản lý môi trường",
        "Tỷ lệ người dân từ đủ 14 tuổi trở lên có tài khoản định danh",
        "Hoàn thành số hoá tài liệu lưu trữ trong 3 năm gần đây",
        "Trung tâm xã được phủ sóng 5G",
        "Người dân truy cập với tốc độ từ 1 Gb/s trở lên",
        "12 tháng liên tục không có sự cố",
        "Có 3 năm liên tục hoàn thành nhiệm vụ",
        "Chỉ số đổi mới sáng tạo cấp địa phương (PII)",
        "",
    ],
)
def test_other_numbers_in_a_name_are_no_target(name: str) -> None:
    assert [target.kind for target in read_targets_in_name(name)] == ["task"]


def test_a_range_inside_a_name() -> None:
    for name in ("Tỷ lệ hồ sơ đúng hạn đạt 95% - 98%", "Tỷ lệ hồ sơ đúng hạn đạt 95-98% trong năm"):
        (target,) = read_targets_in_name(name)
        assert (target.kind, target.value, target.value_max) == ("range", Decimal(95), Decimal(98))


@pytest.mark.parametrize(
    "name", ["Giảm 10% số vụ tai nạn", "Tỷ lệ hộ nghèo giảm ít nhất 1,5%", "Đạt 50-60% hoặc 70-80%"]
)
def test_by_how_much_is_no_level_and_is_asked_about(name: str) -> None:
    assert [target.kind for target in read_targets_in_name(name)] == ["qualitative"]


def test_several_shares_none_of_which_is_the_target_are_asked_about() -> None:
    (target,) = read_targets_in_name("Giảm từ 20% năm trước xuống 10% hộ, còn 5% số thôn có hộ nghèo")
    assert target.kind == "qualitative"


NUMBER = Target(kind="number", op=">=", value=Decimal(90), unit="%", direction="higher")
RANK = Target(kind="number", op="<=", value=Decimal(15), unit="Thứ bậc", direction="lower")
STRICT = Target(kind="number", op=">", value=Decimal(80), unit="%", direction="higher")
RANGE = Target(kind="range", op=">=", value=Decimal(80), value_max=Decimal(90), unit="%", direction="higher")
EXACT = Target(kind="number", op="==", value=Decimal(100), unit="%", direction="higher")
BELOW = Target(kind="number", op="<", value=Decimal(5), unit="%", direction="lower")
YES = Target(kind="boolean", op="==", value=True, unit="Dự án")
YES_SHARE = Target(kind="boolean", op="==", value=True, unit="%")
NO = Target(kind="boolean", op="==", value=False, unit="vụ")
TASK = Target(kind="task")
WORDS = Target(kind="qualitative", text="Ứng dụng mạnh mẽ")
NOTHING = Target(kind="not_assigned")


@pytest.mark.parametrize(
    ("target", "value", "verdict"),
    [
        (NUMBER, Decimal(90), "met"),
        (NUMBER, Decimal("89.99"), "not_met"),
        (NUMBER, Decimal(0), "not_met"),
        (NUMBER, None, "not_assessable"),
        (NUMBER, True, "not_assessable"),
        (NUMBER, "done", "not_assessable"),
        (NUMBER, Decimal("NaN"), "not_assessable"),
        (NUMBER, Decimal("sNaN"), "not_assessable"),
        (NUMBER, Decimal("Infinity"), "not_assessable"),
        (RANK, Decimal(15), "met"),
        (RANK, Decimal(1), "met"),
        (RANK, Decimal(16), "not_met"),
        (STRICT, Decimal(80), "not_met"),
        (STRICT, Decimal("80.01"), "met"),
        (RANGE, Decimal(80), "met"),
        (RANGE, Decimal(95), "met"),
        (RANGE, Decimal(79), "not_met"),
        (EXACT, Decimal("100.0"), "met"),
        (EXACT, Decimal(99), "not_met"),
        (BELOW, Decimal(5), "not_met"),
        (BELOW, Decimal("4.9"), "met"),
        (YES, True, "met"),
        (YES, False, "not_met"),
        (YES, Decimal(1), "met"),
        (YES, Decimal(0), "not_met"),
        (YES, "done", "met"),
        (YES, "in_progress", "not_met"),
        (YES, None, "not_assessable"),
        (YES_SHARE, Decimal(60), "needs_judgement"),
        (NO, Decimal(0), "met"),
        (NO, Decimal(2), "not_met"),
        (NO, False, "met"),
        (TASK, "done", "met"),
        (TASK, "in_progress", "not_met"),
        (TASK, "not_started", "not_met"),
        (TASK, "blocked", "not_met"),
        (TASK, True, "met"),
        (TASK, False, "not_met"),
        (TASK, Decimal(60), "needs_judgement"),
        (TASK, None, "not_assessable"),
        (WORDS, True, "needs_judgement"),
        (WORDS, None, "not_assessable"),
        (NOTHING, Decimal(5), "not_assessable"),
        (Target(kind="number"), Decimal(5), "not_assessable"),
    ],
)
def test_a_figure_is_judged_by_its_target(target: Target, value: FigureValue, verdict: str) -> None:
    assert judge(target, value) == verdict


def test_the_same_index_on_two_scales_is_judged_on_its_own() -> None:
    of_hundred, of_one = read_target("≥ 70", "Chỉ số"), read_target("≥ 0.70", "Chỉ số")
    assert judge(of_hundred, Decimal("0.72")) == "not_met"
    assert judge(of_one, Decimal("0.72")) == "met"


@pytest.mark.parametrize(
    ("unit", "expected"),
    [(None, True), ("Dự án", True), ("Sáng kiến", True), ("%", False), ("% GRDP", False), ("Lần GRDP", False),
     ("Chỉ số", False), ("Thứ bậc", False)],
)  # fmt: skip
def test_units_that_are_counted(unit: str | None, expected: bool) -> None:
    assert countable(unit) is expected


FIGURES = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(["done", "in_progress", "not_started", "blocked"]),
    st.decimals(allow_nan=True, allow_infinity=True),
)
CELLS = st.one_of(
    st.text(max_size=40),
    st.tuples(
        st.sampled_from(["", "≥ ", ">", "từ ", "trên ", "không quá ", "đạt "]),
        st.from_regex(r"[0-9]{1,4}([.,][0-9]{1,3}){0,2}", fullmatch=True),
        st.sampled_from(["", "%", " %", " trở lên", "-90", " sản phẩm"]),
    ).map("".join),
)


@settings(max_examples=300)
@given(CELLS, st.sampled_from([None, "%", "Thứ bậc", "Sản phẩm"]), FIGURES)
def test_any_cell_is_read_and_any_figure_judged(cell: str, unit: str | None, value: FigureValue) -> None:
    target = read_target(cell, unit)
    verdict = judge(target, value)
    if value is None:
        assert verdict == "not_assessable"
    assert isinstance(target.value, Decimal) == (target.kind in ("number", "range"))


@given(CELLS)
def test_letters_composed_or_not_and_spaces_around_read_alike(cell: str) -> None:
    plain = unicodedata.normalize("NFC", cell)
    assert read_target(unicodedata.normalize("NFD", cell)) == read_target(plain) == read_target(f" {plain}  ")


@settings(max_examples=200)
@given(st.text(max_size=120))
def test_any_name_holds_a_target_or_is_a_task(name: str) -> None:
    targets = read_targets_in_name(name)
    assert targets
    assert all(target.source == "name" for target in targets)


@given(st.decimals(0, 1000, places=2), st.decimals(0, 1000, places=2))
def test_more_is_never_worse_where_higher_is_better(value: Decimal, more: Decimal) -> None:
    low, high = sorted((value, more))
    if judge(NUMBER, low) == "met":
        assert judge(NUMBER, high) == "met"
    if judge(RANK, high) == "met":
        assert judge(RANK, low) == "met"
