from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.checks import CODES, Concern, concern
from domain.model import Target

SHARE = Target("number", ">=", D(90), unit="%")
SMALL_SHARE = Target("number", ">=", D(2), unit="%")
INDEX_1 = Target("number", ">=", D("0.70"), unit="Chỉ số")
MILLIONS = Target("number", ">=", D(1500), unit="triệu đồng")
COUNT = Target("number", ">=", D(30), unit="Sản phẩm")


@pytest.mark.parametrize(
    ("value", "target", "last", "found"),
    [
        ("0.72", SHARE, None, Concern("percent_as_ratio", D(72))),
        ("0.85", Target("number", ">=", D(85), unit="% GRDP"), None, Concern("percent_as_ratio", D(85))),
        ("1.5", SMALL_SHARE, None, None),  # a small target makes a small share likely
        ("0.9", SMALL_SHARE, None, None),
        ("72", INDEX_1, None, Concern("ratio_as_percent", D("0.72"))),
        ("0.72", INDEX_1, None, None),
        ("12", Target("number", ">=", D(1), unit="trường"), None, None),  # things counted have no scale to mistake
        ("1.6", MILLIONS, None, Concern("thousand_fold", D(1600))),
        ("1600000", MILLIONS, None, Concern("thousand_fold", D(1600))),
        ("1400", MILLIONS, None, None),
        ("9.21", SHARE, "92.1", Concern("ten_fold", D("92.1"))),
        ("90", COUNT, "9", Concern("ten_fold", D(9))),
        ("60", COUNT, "10", Concern("jump")),
        ("2", COUNT, "15", Concern("jump")),
        ("50", COUNT, "10", None),  # five times is much and may be
        ("85", SHARE, "80", None),
        ("0", COUNT, None, None),
        ("3", COUNT, "0", None),  # from nothing every figure is a jump
    ],
)
def test_an_unlikely_figure_is_asked_about_with_what_may_be_meant(value, target, last, found):
    assert concern(D(value), target, D(last) if last else None) == found


def test_a_total_counted_up_cannot_shrink_but_a_share_may():
    assert concern(D(12), COUNT, D(15), cumulative=True) == Concern("went_down")
    assert concern(D(12), COUNT, D(15)) is None


positive = st.decimals(min_value="0.01", max_value=10**6, places=2)


@given(positive, positive, st.one_of(st.none(), positive), st.sampled_from(["%", "Chỉ số", "triệu đồng", None]))
def test_a_concern_has_words_and_never_suggests_the_figure_itself(value, wanted, last, unit):
    found = concern(value, Target("number", ">=", wanted, unit=unit), last)
    if found is not None:
        assert found.code in CODES
        assert found.suggestion != value


@given(positive, positive)
def test_the_same_figure_as_last_time_is_never_a_jump(value, wanted):
    found = concern(value, Target("number", ">=", wanted), value)
    assert found is None or found.code in ("percent_as_ratio", "ratio_as_percent", "thousand_fold")
