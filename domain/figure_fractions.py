"""x of y: a share for a percentage, a place among several for a rank, two numbers for anything else."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from itertools import pairwise

from domain.figure_digits import judge, normal, numbers_in
from domain.figure_items import Item
from domain.figure_scales import HUNDRED, Scale
from domain.figure_types import Reading, ask

_CENT = Decimal("0.01")
_NOUN = 4  # "12 nhà văn hóa thôn trên 15": at most so many words name what is counted


def read_fraction(items: Sequence[Item], numbers: Sequence[int], scale: Scale) -> Reading | None:
    """Return the Reading of "12/15", "12 trên 15 thôn", also with the percentage beside it, or None."""
    pair = next(((a, b) for a, b in pairwise(numbers) if _joined(items[a + 1 : b])), None)
    if pair is None:
        return None
    top, bottom = _counted(items[pair[0]]), _counted(items[pair[1]])
    others = [place for place in numbers if place not in pair]
    if top is None or bottom is None or len(others) > 1 or not _only_nouns(items, pair, others):
        return ask("several_numbers" if others else "fraction")
    if bottom <= 0 or top > bottom:
        return ask("fraction")
    if scale.family == "rank":
        reading = judge(top, scale)
        return _kept(top, top, bottom) if reading.action == "accept" and not others else ask("fraction")
    if scale.family == "index" and scale.high == bottom and not others:
        return _kept(top, top, bottom)
    if scale.family != "percent":
        return _elsewhere(top, bottom, scale)
    if not others and pair[1] + 1 < len(items) and items[pair[1] + 1].text in {"%", "phần trăm"}:
        return ask("fraction", *([top] if scale.fits(top) else []))  # "85/90%": 85 against a target of 90 %
    share = rounded_share(top, bottom, scale.target)
    if not others:
        return _kept(share, top, bottom)
    stated = _counted(items[others[0]])
    # "80% (12/15)": the two must say the same, within the last decimal that was typed.
    if stated is None or abs(stated - top * HUNDRED / bottom) >= _last_place(stated):
        return ask("several_numbers", *([share] if stated is None else [stated, share]))
    return _kept(stated, top, bottom)


def _kept(value: Decimal, top: Decimal, bottom: Decimal) -> Reading:
    return Reading("confirm", value, numerator=top, denominator=bottom, reason="fraction")


def _elsewhere(top: Decimal, bottom: Decimal, scale: Scale) -> Reading:
    if scale.family == "index" and scale.high is not None:
        return ask("fraction", normal((top * scale.high / bottom).quantize(Decimal("0.0001"), ROUND_HALF_UP)))
    return ask("fraction", *([top] if judge(top, scale).action == "accept" else []))


def rounded_share(top: Decimal, bottom: Decimal, target: Decimal | None) -> Decimal:
    """Return 100 * top / bottom to two decimals, never rounded across `target` or up to a full 100."""
    exact = top * HUNDRED / bottom
    share = exact.quantize(_CENT, ROUND_HALF_UP)
    for limit in (HUNDRED, target):
        if limit is not None and (share >= limit) != (exact >= limit):
            share = exact.quantize(_CENT, ROUND_DOWN)
        if limit is not None and (share <= limit) != (exact <= limit):
            share = exact.quantize(_CENT, ROUND_UP)
    return normal(share)


def _last_place(value: Decimal) -> Decimal:
    exponent = value.as_tuple().exponent
    return Decimal(1).scaleb(exponent) if isinstance(exponent, int) and exponent < 0 else Decimal(1)


def _joined(between: Sequence[Item]) -> bool:
    """Tell whether what stands between two numbers makes them a fraction."""
    links = [item for item in between if item.text == "/" or "out_of" in item.tags]
    rest = [item for item in between if item not in links]
    return 0 < len(links) <= 2 and len(rest) <= _NOUN and all(_is_noun(item) for item in rest)


def _is_noun(item: Item) -> bool:
    return item.unknown or (bool(item.tags) and item.tags <= {"lead", "polite", "thing"})


def _counted(item: Item) -> Decimal | None:
    """Return a number of things counted; a dot or comma with three digits can only group thousands here."""
    if len(item.run) != 1 or item.run[0].kind != "number" or len(item.text) > 24:
        return None
    values, _ = numbers_in(item.text)
    return next((value for value in values if value == value.to_integral_value()), values[0] if values else None)


def _only_nouns(items: Sequence[Item], pair: tuple[int, int], others: Sequence[int]) -> bool:
    """Tell whether nothing beside the fraction is unknown but the name of what is counted, right behind it."""
    unknown = 0
    for place, item in enumerate(items):
        if place < pair[0] and not others and item.unknown:
            return False
        unknown += item.unknown and place > pair[1]
        if item.tags & {"over", "under", "at_least", "at_most", "about", "from"} and not pair[0] < place < pair[1]:
            return False
        if item.sign and item.text in {"<", ">", "<=", ">=", "~", "-", "?", "+", "/"} and not pair[0] < place < pair[1]:
            return False
    return unknown <= _NOUN
