"""Soft checks of a figure that was read without doubt: is it likely? Each is a question with two answers, never a wall.

A wrong figure stored silently is the worst this program could do, so what is unlikely is asked about before it is
kept. Only what cannot be (a share above 100 %) is refused, and that already by the reader in `domain/figures.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from domain.model import Target
from domain.targets import countable

Code = Literal[
    "percent_as_ratio",  # 0,72 where 72 % was probably meant
    "ratio_as_percent",  # 72 where 0,72 was probably meant
    "thousand_fold",  # triệu for tỷ or the other way round, nghìn for đơn vị …
    "ten_fold",  # a comma gone astray: 9,21 after 92,1
    "went_down",  # a total counted up over the year cannot shrink
    "jump",  # more than five times the last figure, or less than a fifth
]
# Every code, what it suspects, worded by a template.
CODES: frozenset[str] = frozenset(
    ("percent_as_ratio", "ratio_as_percent", "thousand_fold", "ten_fold", "went_down", "jump")
)
_JUMP = 5
_NEAR = Decimal("0.15")  # how close to a power of ten a ratio must be to look like a slip of scale


@dataclass(frozen=True, slots=True)
class Concern:
    """Why a figure is asked about, and the figure that may have been meant instead (None: only "right or again?")."""

    code: Code
    suggestion: Decimal | None = None


def concern(value: Decimal, target: Target, last: Decimal | None = None, *, cumulative: bool = False) -> Concern | None:
    """Return the most telling doubt about a figure, or None.

    `last` is the figure before it for the same indicator, in the same unit; `cumulative` says that the indicator is a
    total counted up over the period (lũy kế). One question at the most is asked: the first found below.
    """
    wanted = target.value if isinstance(target.value, Decimal) else None
    return _scale_of_target(value, target, wanted) or _against_last(value, target, last, cumulative)


def _scale_of_target(value: Decimal, target: Target, wanted: Decimal | None) -> Concern | None:
    if wanted is None or wanted <= 0 or value <= 0:
        return None
    if _is_share(target) and wanted > 10 and value <= 1:
        return Concern("percent_as_ratio", value * 100)
    # Of one school wanted there may well be twelve; only what is not counted has a scale to mistake.
    if not _is_share(target) and not countable(target.unit) and wanted <= 1 and 10 < value <= 100:
        return Concern("ratio_as_percent", value / 100)
    # Totals of money and people differ by their size; a rank or an index does not reach such numbers.
    if wanted >= 100 and value >= wanted * 200:
        return Concern("thousand_fold", value / 1000)
    if wanted >= 1000 and value * 200 <= wanted:
        return Concern("thousand_fold", value * 1000)
    return None


def _against_last(value: Decimal, target: Target, last: Decimal | None, cumulative: bool) -> Concern | None:
    if last is None or last <= 0:
        return None
    ratio = value / last
    for factor in (Decimal(1000), Decimal("0.001")):
        if _near(ratio, factor):
            return Concern("thousand_fold", value / factor)
    for factor in (Decimal(10), Decimal("0.1")):
        if _near(ratio, factor) and (not _is_share(target) or value / factor <= 100):
            return Concern("ten_fold", value / factor)
    if cumulative and value < last:
        return Concern("went_down")
    if ratio > _JUMP or ratio * _JUMP < 1:
        return Concern("jump")
    return None


def _near(ratio: Decimal, factor: Decimal) -> bool:
    return abs(ratio / factor - 1) <= _NEAR


def _is_share(target: Target) -> bool:
    return target.unit is not None and target.unit.startswith("%")  # "% GRDP" too
