"""Whether a target will be reached at the pace so far. Simple enough to say in one sentence to a leader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from domain.model import Target
from domain.targets import judge

Prospect = Literal["on_track", "at_risk", "unlikely", "unknown"]
# Keeping the pace reaches the target: on track. Up to twice the pace is needed: at risk. More: unlikely.
_RISK_FACTOR = 2


@dataclass(frozen=True, slots=True)
class Outlook:
    """What to expect by the due day, with what the sentence needs: since when, and where the pace leads.

    `expected` is the figure on the due day at the pace since `since`; None where no pace can be told.
    """

    prospect: Prospect
    since: date | None = None
    expected: Decimal | None = None


def outlook(history: Sequence[tuple[date, Decimal]], target: Target, today: date, due: date) -> Outlook:
    """Return the outlook of a target from the figures so far, oldest first, each with the day it is as of.

    The pace is the straight line from the first figure to the last. `today` bounds it: a figure that has not moved
    for weeks is not projected from its own day but held against the days that are left. "unknown" where the target is
    not a number, where all figures are of one day, and from the due day on (then `judge` has the word).
    Raises ValueError for fewer than two figures: nothing can be said from one.
    """
    if len(history) < 2:
        raise ValueError("an outlook needs two figures")
    (first_day, first), (last_day, last) = history[0], history[-1]
    met = judge(target, last) == "met"
    wanted = target.value
    left = (due - max(today, last_day)).days
    passed = (max(today, last_day) - first_day).days
    measured = target.kind in ("number", "range") and target.op != "=="
    if not measured or not isinstance(wanted, Decimal) or passed <= 0 or left <= 0 or last_day <= first_day:
        return Outlook("on_track", first_day, last) if met else Outlook("unknown")
    pace = (last - first) / passed
    expected = last + pace * left
    if judge(target, expected) == "met":
        return Outlook("on_track", first_day, expected)
    if met:  # reached, and on the way down again
        return Outlook("at_risk", first_day, expected)
    # Not yet met, so the gap has a direction; a pace of the other sign leads away from the target.
    needed = (wanted - last) / left
    if pace * needed > 0 and abs(needed) <= abs(pace) * _RISK_FACTOR:
        return Outlook("at_risk", first_day, expected)
    return Outlook("unlikely", first_day, expected)
