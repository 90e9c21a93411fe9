"""Replies as people type them, and what must be understood of each: the table is fixtures/figures.json."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from domain.figure_types import REASON_MEANINGS, REASONS, Measure, Reading, measure_of
from domain.figures import read_reply
from domain.model import Target
from domain.vietnamese import strip_marks

FIXTURE = json.loads((Path(__file__).parent.parent / "fixtures" / "figures.json").read_text(encoding="utf-8"))
DECIMAL_FIELDS = ("numerator", "denominator", "progress")


def number(printed: Any) -> Any:
    """Return a Decimal for digits kept as text; words, yes and no stay as they are."""
    return Decimal(printed) if isinstance(printed, str) and printed.lstrip("-")[:1].isdigit() else printed


def measure(name: str) -> Measure:
    kept = FIXTURE["measures"][name]
    return Measure(kept["kind"], kept["unit"], kept["op"], number(kept["target"]))


def expected(action: str, kept: dict[str, Any]) -> Reading:
    fields = {key: number(value) if key in (*DECIMAL_FIELDS, "value") else value for key, value in kept.items()}
    fields["candidates"] = tuple(number(value) for value in kept.get("candidates", ()))
    return Reading(action, **fields)  # type: ignore[arg-type]


REPLIES = [(name, *row) for name, rows in FIXTURE["replies"].items() for row in rows]
SHARE = measure("share")


@pytest.mark.parametrize(("name", "text", "action", "kept"), REPLIES, ids=lambda part: repr(part)[:40])
def test_a_reply_is_read_as_the_table_says(name: str, text: str, action: str, kept: dict[str, Any]) -> None:
    reading, wanted = read_reply(text, measure(name)), expected(action, kept)
    assert reading == wanted
    assert type(reading.value) is type(wanted.value)  # True is not Decimal(1)


def test_the_table_shows_every_reason() -> None:
    shown = {kept.get("reason") for _, _, _, kept in REPLIES} - {None}
    assert shown | {"too_long"} == REASONS
    assert set(REASON_MEANINGS) == REASONS
    assert read_reply("85 " * 200, SHARE).reason == "too_long"


@pytest.mark.parametrize(("name", "text", "action", "kept"), REPLIES, ids=lambda part: repr(part)[:40])
def test_only_accepted_and_confirmed_replies_carry_a_value(
    name: str, text: str, action: str, kept: dict[str, Any]
) -> None:
    reading = read_reply(text, measure(name))
    if action in {"ask", "no_data", "refuse"}:
        assert reading.value is None
    if action == "refuse":
        assert reading == Reading("refuse", reason=reading.reason)
    assert (reading.reason is None) == (action in {"accept", "no_data"})


@pytest.mark.parametrize(
    ("target", "wanted"),
    [
        (Target("number", ">=", Decimal(65), unit="%"), Measure("number", "%", ">=", Decimal(65))),
        (Target("range", ">=", Decimal(80), Decimal(90), unit="%"), Measure("number", "%", ">=", Decimal(80))),
        (Target("boolean", "==", True, unit="%"), Measure("boolean", "%", "==", True)),
        (Target("task"), Measure("task")),
        (Target("qualitative", text="Ứng dụng mạnh mẽ"), Measure("qualitative")),
    ],
)
def test_a_target_says_how_it_is_measured(target: Target, wanted: Measure) -> None:
    assert measure_of(target) == wanted


def test_what_is_not_assigned_is_not_measured() -> None:
    with pytest.raises(ValueError, match="not assigned"):
        measure_of(Target("not_assigned"))


@pytest.mark.parametrize(
    ("unit", "target", "text", "value"),
    [
        ("Đô thị", 1, "2 đô thị", 2),  # not dollars
        ("Đồng chí", 3, "4 đồng chí", 4),  # not money
        ("Điểm cầu", 3, "5 điểm cầu", 5),  # not an index
        ("Hàng hóa", 3, "5", 5),  # not a rank
        ("%", 120, "135,5", Decimal("135.5")),  # a target above 100 is no share
        ("ha", 10, "12,5 ha", Decimal("12.5")),
        ("triệu đồng/người/năm", 60, "62,5", Decimal("62.5")),
        ("triệu đồng/người/năm", 60, "62,5 triệu đồng/người/năm", Decimal("62.5")),
        ("triệu đồng/người/năm", 60, "62,5 triệu đồng/người", Decimal("62.5")),
        ("USD/người", 3665, "3665 USD/người", 3665),
        ("Xã", 3, "4 xã", 4),
        ("đồng", 10**10, "84.912.345.678", 84912345678),  # no telephone number
        ("Ứng dụng", 1, "2 ung dung", 2),
    ],
)
def test_a_unit_is_known_by_its_whole_name(unit: str, target: int, text: str, value: Decimal) -> None:
    assert read_reply(text, Measure("number", unit, ">=", Decimal(target))) == Reading("accept", Decimal(value))


def test_a_target_below_zero_allows_a_minus() -> None:
    growth = Measure("number", "%", ">=", Decimal(-2))
    assert read_reply("-1,5", growth) == Reading("accept", Decimal("-1.5"))
    assert read_reply("-1,5", SHARE).action == "ask"


@pytest.mark.parametrize(
    ("top", "bottom", "share"), [(19999, 20000, "99.99"), (89996, 100000, "89.99"), (2, 3, "66.67")]
)
def test_a_share_is_never_rounded_across_the_target_or_up_to_all(top: int, bottom: int, share: str) -> None:
    assert read_reply(f"{top}/{bottom}", SHARE).value == Decimal(share)


@pytest.mark.parametrize("op", [">=", ">", "<=", "<", "=="])
@pytest.mark.parametrize(("words", "sign"), [("trên", ">"), ("dưới", "<"), ("ít nhất", ">="), ("không quá", "<=")])
@pytest.mark.parametrize("limit", [49, 50, 51])
def test_a_bound_settles_only_what_every_figure_within_it_would(op: Any, words: str, sign: str, limit: int) -> None:
    within = [v for v in (Decimal(n) / 4 for n in range(401)) if eval(f"v {sign} limit", {"v": v, "limit": limit})]
    settled = all(eval(f"v {op} 50", {"v": v}) for v in within)
    reading = read_reply(f"{words} {limit}", Measure("number", "%", op, Decimal(50)))
    assert (reading.action, reading.bound) == ("confirm" if settled else "ask", f"{sign}{limit}")


@pytest.mark.parametrize(
    "word", ["mật", "tối mật", "tuyệt mật", "TUYỆT MẬT", "Mật", "toi mat", "tuyet mat", "tooif mật"]
)
@pytest.mark.parametrize("frame", ["{}", "85 ({})", "số 12/{}.", "{}: 85,5%", "đạt 85\n{}"])
@pytest.mark.parametrize("name", ["share", "yes or no", "task", "judgement"])
def test_secrecy_is_refused_wherever_it_stands(word: str, frame: str, name: str) -> None:
    assert read_reply(frame.format(word), measure(name)) == Reading("refuse", reason="secret")


@pytest.mark.parametrize("words", ["bảo mật", "mật độ", "mật ong", "mật khẩu", "mặt bằng", "mất điện", "phòng họp mát"])
def test_everyday_words_are_no_secrets(words: str) -> None:
    assert read_reply(f"{words} 85", SHARE).action == "ask"


@pytest.mark.parametrize(
    "text",
    [
        "0912345678",
        "0912 345 678",
        "0912,345,678",
        "0912/345/678",
        "0 912 345 678",
        "091 2345678",
        "+84912345678",
        "+84 912-345-678",
        "84 912 345 678",
        "84-912-345-678",
        "001099012345",
        "O912345678",
    ],
)
@pytest.mark.parametrize("frame", ["{}", "85 {}", "sđt {}, đạt 85%", "({})", "{}\n85"])
@pytest.mark.parametrize("name", ["share", "count", "yes or no", "task"])
def test_numbers_of_people_are_refused(text: str, frame: str, name: str) -> None:
    assert read_reply(frame.format(text), measure(name)) == Reading("refuse", reason="personal_data")


def test_a_secret_deep_in_a_long_message_is_refused() -> None:
    assert read_reply("85 " * 1200 + "tuyệt mật", SHARE).reason == "secret"


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("không phẩy không năm", "0.05"),
        ("chín mươi chín phẩy chín", "99.9"),
        ("mười lăm", "15"),
        ("hai mươi mốt", "21"),
        ("ba mươi tư", "34"),
        ("một trăm linh hai", "102"),
        ("một trăm hai mươi", "120"),
        ("một trăm hai", "120"),
        ("trăm rưỡi", "150"),
        ("năm trăm lẻ năm", "505"),
        ("một nghìn không trăm linh năm", "1005"),
        ("hai nghìn ba trăm bốn mươi lăm", "2345"),
        ("hai ngàn rưỡi", "2500"),
        ("ba chục rưỡi", "35"),
        ("một vạn hai", "12000"),
        ("một triệu hai trăm nghìn", "1200000"),
        ("bẩy mươi nhăm", "75"),
    ],
)
def test_numbers_in_words_are_confirmed_with_and_without_marks(words: str, value: str) -> None:
    anything = Measure("number", "ha", ">=", Decimal(50))
    assert read_reply(words, anything) == Reading("confirm", Decimal(value), reason="word_number")
    assert read_reply(strip_marks(words), anything).value == Decimal(value)
    assert read_reply(words.upper(), anything).value == Decimal(value)


@pytest.mark.parametrize(
    "words", ["hai ba", "tám chín", "mươi", "linh năm", "phẩy năm", "năm mươi mươi", "tỷ triệu", "hai triệu tỷ"]
)
def test_words_that_make_no_number_are_asked_about(words: str) -> None:
    assert read_reply(words, Measure("number", "ha", ">=", Decimal(50))).action == "ask"
