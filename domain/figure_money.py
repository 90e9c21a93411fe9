"""Thousands, millions and billions, converted to the indicator's unit; always confirmed, or asked about."""

from __future__ import annotations

from domain.figure_digits import judge, normal
from domain.figure_scales import HUNDRED, THOUSAND, Scale
from domain.figure_types import Reading, ask
from domain.number_words import WordNumber


def read_scaled(number: WordNumber | None, scale: Scale, *, in_full: bool) -> Reading:
    """Return the Reading of a number with words in it; `in_full` means an amount in plain đồng or dollars."""
    if number is None:
        return ask("malformed_number")
    if number.short and scale.family not in {"money", "count", "measured"}:
        return ask("other_unit")
    if in_full or (number.scale > 1 and scale.family == "money"):
        return _money(number, scale)
    if number.short and scale.family == "count" and number.scale == 10**6:
        # "tr" may be short for trường: 2 of them, or two million
        return ask("two_readings", normal(number.values[0] / number.scale), normal(number.values[0]))
    fitting = [value for value in map(normal, number.values) if judge(value, scale).action in {"accept", "confirm"}]
    if len(fitting) != 1 or len(number.values) > 1:
        return ask("two_readings", *fitting) if fitting else judge(normal(number.values[0]), scale)
    return Reading("confirm", fitting[0], reason="converted" if number.short else "word_number")


def _money(number: WordNumber, scale: Scale) -> Reading:
    """Convert an amount in đồng to the unit, unless the big word may have been meant in the unit itself."""
    values = [normal(value / scale.factor) for value in number.values]
    if len(values) > 1:
        return ask("two_readings", *values)
    value, target = values[0], scale.target
    doubtful = number.scale <= scale.factor and scale.factor > 1 and (not target or value < target / HUNDRED)
    if doubtful and number.scale < scale.factor and number.scale > 1:
        return ask("two_readings", normal(number.values[0]), value)
    if doubtful and number.scale == scale.factor:
        return ask("two_readings", value, normal(value * THOUSAND))
    if doubtful:
        return ask("two_readings", value)
    if value > 10**15 or value == 0:
        return ask("out_of_scale")
    return Reading("confirm", value, reason="converted")
