"""More than, less than, at least: a bound is never a figure, but it may settle that the target is met."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from domain.figure_items import Item
from domain.figure_scales import Scale
from domain.figure_types import Reading, ask
from domain.model import Operator

_SIGNS: dict[str, Operator] = {">": ">", ">=": ">=", "=>": ">=", "<": "<", "<=": "<=", "=<": "<="}
_TAGS: tuple[tuple[str, Operator], ...] = (("at_least", ">="), ("at_most", "<="), ("over", ">"), ("under", "<"))


def read_bound(items: Sequence[Item], place: int, reading: Reading, scale: Scale) -> Reading | None:
    """Return the Reading of a bound around the only number, at `place` and read alone as `reading`, or None.

    A bound that proves the target met is confirmed without a value and kept; any other is asked about.
    """
    operator = _operator(items, place)
    if operator is None:
        return ask("bound_only") if any("from" in item.tags for item in items) else None
    if any(item.unknown and item.text not in {"đ", "d", "đồng", "dong", "usd"} for item in items):
        return ask("bound_only")
    limit = reading.value if isinstance(reading.value, Decimal) else None
    foreign = any(item.text == "%" or "percent" in item.tags for item in items) and scale.family != "percent"
    if limit is None or foreign:
        return ask("bound_only")
    if operator == ">" and scale.high is not None and limit >= scale.high:
        return ask("out_of_scale")
    bound = f"{operator}{limit:f}"
    if _proves(operator, limit, scale):
        return Reading("confirm", bound=bound, reason="bound_only")
    return Reading("ask", bound=bound, reason="bound_only")


def _operator(items: Sequence[Item], place: int) -> Operator | None:
    for item in items[:place]:
        if item.sign and item.text in _SIGNS:
            return _SIGNS[item.text]
        for tag, operator in _TAGS:
            if tag in item.tags:
                return operator
    for item in items[place + 1 :]:
        if "upward" in item.tags:
            return ">" if item.text == "hơn" else ">="
        if "downward" in item.tags:
            return "<="
        if item.sign and item.text == "+":
            return ">="
    return None


def _proves(operator: Operator, limit: Decimal, scale: Scale) -> bool:
    """Tell whether every figure within the bound meets the target."""
    wanted, target = scale.op, scale.target
    if target is None:
        return False
    if wanted == ">=":
        return operator in {">", ">="} and limit >= target
    if wanted == ">":
        return limit >= target if operator == ">" else operator == ">=" and limit > target
    if wanted == "<=":
        return operator in {"<", "<="} and limit <= target
    if wanted == "<":
        return limit <= target if operator == "<" else operator == "<=" and limit < target
    return False
