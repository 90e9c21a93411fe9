from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model import Target
from domain.outlook import outlook

DUE = date(2026, 12, 31)
AT_LEAST_90 = Target("number", ">=", Decimal(90), unit="%")
RANK_15 = Target("number", "<=", Decimal(15), unit="Thứ bậc", direction="lower")


def figures(*pairs: tuple[int, str]) -> list[tuple[date, Decimal]]:
    return [(date(2026, month, 1), Decimal(value)) for month, value in pairs]


@pytest.mark.parametrize(
    ("history", "target", "prospect"),
    [
        (figures((1, "40"), (7, "95")), AT_LEAST_90, "on_track"),  # reached already
        (figures((1, "99"), (7, "91")), AT_LEAST_90, "at_risk"),  # reached, and falling
        (figures((1, "95"), (7, "94.9")), AT_LEAST_90, "on_track"),
        (figures((1, "10"), (7, "55")), AT_LEAST_90, "on_track"),  # 0,25 a day, 35 left in 183 days
        (figures((1, "40"), (7, "60")), AT_LEAST_90, "at_risk"),  # half as fast again would do
        (figures((1, "40"), (7, "45")), AT_LEAST_90, "unlikely"),
        (figures((1, "60"), (7, "50")), AT_LEAST_90, "unlikely"),  # going the wrong way
        (figures((1, "50"), (7, "50")), AT_LEAST_90, "unlikely"),  # standing still
        (figures((1, "30"), (7, "20")), RANK_15, "on_track"),
        (figures((1, "30"), (7, "40")), RANK_15, "unlikely"),
        (figures((7, "50"), (7, "60")), AT_LEAST_90, "unknown"),  # one day is no pace
        (figures((1, "1"), (7, "2")), Target("task"), "unknown"),
    ],
)
def test_the_pace_so_far_tells_what_to_expect(history, target, prospect):
    assert outlook(history, target, date(2026, 7, 1), DUE).prospect == prospect


def test_days_without_a_new_figure_count_against_the_pace():
    history = figures((1, "10"), (3, "40"))
    assert outlook(history, AT_LEAST_90, date(2026, 3, 1), DUE).prospect == "on_track"
    assert outlook(history, AT_LEAST_90, date(2026, 12, 1), DUE).prospect == "unlikely"


def test_from_the_due_day_on_only_the_verdict_counts():
    history = figures((1, "10"), (7, "40"))
    assert outlook(history, AT_LEAST_90, DUE, DUE).prospect == "unknown"


def test_one_figure_is_not_enough():
    with pytest.raises(ValueError, match="two figures"):
        outlook(figures((1, "10")), AT_LEAST_90, date(2026, 7, 1), DUE)


numbers = st.decimals(min_value=0, max_value=1000, places=2)


@given(st.lists(st.tuples(st.dates(date(2026, 1, 1), DUE), numbers), min_size=2, max_size=6), numbers)
def test_on_track_means_that_the_expected_figure_meets_the_target(history, wanted):
    target = Target("number", ">=", wanted)
    history.sort()
    found = outlook(history, target, date(2026, 7, 1), DUE)
    assert found.prospect in ("on_track", "at_risk", "unlikely", "unknown")
    if found.prospect == "on_track":
        assert found.expected is not None
        assert found.expected >= wanted
