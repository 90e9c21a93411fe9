"""Figures typed in digits: which numbers the separators allow, and which of them the unit allows."""

from __future__ import annotations

import re
from decimal import Decimal

from domain.figure_scales import HUNDRED, THOUSAND, Scale
from domain.figure_types import Reading, ask

MOST_DIGITS = 18  # more digits than this on either side of the comma is a slip of the finger
USUAL_DECIMALS = 6
MONEY_SLIP = Decimal(1000)  # so far above its target, an amount was typed in a smaller unit

_PLAIN = re.compile(r"[0-9]+")
_ONE_SEPARATOR = re.compile(r"([0-9]+)([.,])([0-9]+)")
# Two groups or more, one separator throughout; a further, different separator begins the decimals.
_GROUPS = re.compile(r"[0-9]{1,3}([., ])[0-9]{3}(?:\1[0-9]{3})+(?:(?!\1)[.,]([0-9]+))?")
_GROUP_AND_DECIMALS = re.compile(r"[0-9]{1,3}([., ])[0-9]{3}(?!\1)[.,]([0-9]+)")
_SPACED = re.compile(r"[0-9]{1,3} [0-9]{3}")


def normal(value: Decimal) -> Decimal:
    """Return `value` without trailing zeros and without exponent, exactly."""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return Decimal("0") if text in {"-0", ""} else Decimal(text)


def numbers_in(text: str) -> tuple[tuple[Decimal, ...], str | None]:
    """Return every number the digits and separators of `text` can mean, and why there is doubt, if there is.

    The likelier reading comes first. No number at all means the separators are placed as in no number.
    """
    head = re.split("[., ]", text, maxsplit=1)[0]
    if len(head) > 2 and head[0] == "0":
        return (), "malformed_number"
    if _PLAIN.fullmatch(text):
        return (normal(Decimal(text)),), None
    if found := _ONE_SEPARATOR.fullmatch(text):
        return _one_separator(found[1], found[2], found[3])
    grouped = _GROUPS.fullmatch(text) or _GROUP_AND_DECIMALS.fullmatch(text)
    if grouped and head[0] != "0":
        decimals = grouped[2]
        whole = text[: -len(decimals) - 1] if decimals else text
        return (normal(Decimal(re.sub("[., ]", "", whole) + (f".{decimals}" if decimals else ""))),), None
    if _SPACED.fullmatch(text):
        return (Decimal(text.replace(" ", "")),) if head[0] != "0" else (), "several_numbers"
    return (), "malformed_number"


def _one_separator(head: str, separator: str, tail: str) -> tuple[tuple[Decimal, ...], str | None]:
    decimal = normal(Decimal(f"{head}.{tail}"))
    # A thousands separator has exactly three digits behind it, and one to three, not all zero, before it.
    if len(tail) != 3 or len(head) > 3 or not head.strip("0"):
        return (decimal,), None
    thousands = Decimal(head + tail)
    if separator == ".":
        return (thousands, decimal), "thousands_dot"
    return (decimal, thousands), "two_readings"


def read_digits(text: str, scale: Scale) -> Reading:
    """Return the Reading of a bare number (`text`: digits, "." "," and single spaces) on `scale`."""
    if max(map(len, re.split("[., ]", text)), default=0) > MOST_DIGITS or len(text) > 3 * MOST_DIGITS:
        return ask("long_number")
    numbers, doubt = numbers_in(text)
    if not numbers:
        return ask(doubt or "malformed_number")
    if doubt == "several_numbers":
        return _spaced(numbers[0], scale)
    if doubt == "thousands_dot":
        return _dotted(numbers[0], numbers[1], scale)
    if doubt == "two_readings":
        return _comma(numbers[0], numbers[1], scale)
    decimals = re.split("[.,]", text)[-1] if re.search("[.,]", text) else ""
    reading = judge(numbers[0], scale)
    if reading.action == "accept" and _lost_group(text, numbers[0], decimals, scale):
        return ask("malformed_number") if scale.whole else Reading("confirm", numbers[0], reason="two_readings")
    if reading.action == "accept" and len(decimals) > USUAL_DECIMALS and "." not in text[: -len(decimals) - 1]:
        return Reading("confirm", numbers[0], reason="many_decimals")
    return reading


def _lost_group(text: str, value: Decimal, decimals: str, scale: Scale) -> bool:
    """Tell whether decimals may be thousands, with a separator lost or another typed: 1234.567, 1 234.567.

    Things counted have no decimals, so three zeros or more behind a separator are hardly meant as such.
    """
    if len(decimals) < 3 or value == Decimal(re.sub("[., ]", "", text)):
        return False  # none, or the last three digits were read as a group
    if scale.whole:
        return True
    head = text[: -len(decimals) - 1]
    return len(decimals) == 3 and ((head.isdecimal() and len(head) > 3) or (" " in head and text[-4] == "."))


def judge(value: Decimal, scale: Scale) -> Reading:
    """Return whether a single unambiguous `value` may stand on `scale`: accept, confirm (zero) or ask."""
    if value < 0 and scale.low is not None:
        return ask("negative")
    if scale.whole and value != value.to_integral_value():
        return ask("count_not_whole")
    if not scale.fits(value):
        return ask("out_of_scale", *_rescaled(value, scale))
    target = scale.target
    if scale.family == "index" and target is not None and target > 1 and 0 < value <= 1:
        return ask("other_scale", *_rescaled(value, scale), value)
    if scale.family == "money" and scale.factor > 1 and target and value > target * MONEY_SLIP:
        return ask("other_scale", *_smaller_unit(value, scale), value)
    if value == 0:
        return Reading("confirm", value, reason="zero")
    return Reading("accept", value)


def _rescaled(value: Decimal, scale: Scale) -> tuple[Decimal, ...]:
    """Return what `value` would be on the target's own scale: 72 on 0-1 is 0,72, and 0,72 on 0-100 is 72."""
    if scale.family not in {"index", "percent"} or scale.high is None or value <= 0:
        return ()
    if scale.family == "index" and value <= 1 < scale.high:
        return (normal(value * scale.high),)
    if scale.family == "index":
        smaller = (normal(value / step) for step in (Decimal(10), HUNDRED, THOUSAND))
        return tuple([v for v in smaller if v <= scale.high][:1])
    # 855 %: a comma forgotten before the last digit.
    return (normal(value / 10),) if value <= THOUSAND and value >= 110 else ()


def _smaller_unit(value: Decimal, scale: Scale) -> tuple[Decimal, ...]:
    smaller = [normal(value / step) for step in (THOUSAND, Decimal(10**6), scale.factor) if step <= scale.factor]
    near = [v for v in dict.fromkeys(smaller) if scale.target and scale.target / HUNDRED <= v <= scale.target * HUNDRED]
    return tuple(near)


def _spaced(thousands: Decimal, scale: Scale) -> Reading:
    """Read "12 500": one number grouped by a space, or two numbers."""
    if scale.family in {"count", "money"} and judge(thousands, scale).action == "accept":
        return Reading("confirm", thousands, reason="two_readings")
    return ask("several_numbers")


def _dotted(thousands: Decimal, decimal: Decimal, scale: Scale) -> Reading:
    """Read "1.234": thousands as Vietnamese write them, or an English decimal."""
    if scale.family in {"percent", "rank"}:
        return ask("thousands_dot", *(v for v in (thousands, decimal) if scale.fits(v)))
    possible = [v for v in (thousands, decimal) if scale.fits(v)]
    if scale.family == "count":
        possible = [thousands]
    elif scale.family == "money":
        # Amounts in đồng or dollars have no thousandths; millions and billions have.
        possible = [thousands] if scale.factor < 10**6 or (scale.target and scale.target >= HUNDRED) else possible
    if len(possible) != 1:
        return ask("two_readings" if possible else "out_of_scale", *possible)
    reading = judge(possible[0], scale)
    if reading.action != "accept":
        return reading
    return Reading("confirm", possible[0], reason="thousands_dot")


def _comma(decimal: Decimal, thousands: Decimal, scale: Scale) -> Reading:
    """Read "1,234": the decimal comma of Vietnamese, or the English thousands."""
    if scale.whole:
        return ask("count_not_whole", thousands) if scale.fits(thousands) else ask("count_not_whole")
    if not scale.fits(thousands) or scale.family in {"index", "percent"}:
        return judge(decimal, scale)
    return ask("two_readings", thousands, decimal)
