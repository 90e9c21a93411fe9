"""A number in a cell as somebody typed it, and the dates that are none."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.form.cells import of_number

NUMBERS = (
    ("66.5", "General", "66,5"),
    ("66.499999999999994", "General", "66,5"),
    ("66.5", "@", "66,5"),
    ("0.30000000000000004", "General", "0,3"),
    ("0.66500000000000004", "0%", "66,5 %"),
    ("0.665", "0.00%", "66,5 %"),
    ("0.665", "0.665", "0,665"),
    ("1", "0%", "100 %"),
    ("1234567", "#,##0", "1234567"),
    ("1234.5", '#,##0.00\\ "đồng/tháng"', "1234,5"),
    ("1234.5", '_-* #,##0.00\\ [$₫-42A]_-;-* #,##0.00\\ [$₫-42A]_-', "1234,5"),
    ("12", '[Red][<5]0;"dưới ngày"', "12"),
    ("0.5", "# ?/?", "0,5"),
    ("-5", "General", "-5"),
    ("-0", "General", "0"),
    ("1E-7", "General", "0,0000001"),
    ("1.2E+6", "0.00E+00", "1200000"),
    ("1E+300", "General", "1E+300"),
    ("NaN", "General", "NaN"),
    ("7" * 100, "General", "7" * 100),
)  # fmt: skip


@pytest.mark.parametrize(("stored", "code", "typed"), NUMBERS)
def test_a_number_is_what_somebody_typed_without_the_noise_of_fractions(stored: str, code: str, typed: str) -> None:
    found = of_number(stored, code)
    assert (found.text, found.problem) == (typed, None)


DATES = (
    ("46371", "dd/mm/yyyy", "15/12/2026"),
    ("46371", "[$-42A]d mmmm yyyy;@", "15/12/2026"),
    ("46371", "mmm-yy", "12/2026"),
    ("0.5", "h:mm", ""),
    ("1.5", "[h]:mm", ""),
    ("0.5", "mm:ss.0", ""),
)


@pytest.mark.parametrize(("stored", "code", "detail"), DATES)
def test_a_date_typed_by_accident_is_no_figure(stored: str, code: str, detail: str) -> None:
    found = of_number(stored, code)
    assert (found.text, found.problem, found.detail) == ("", "date", detail)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4))
def test_a_decimal_survives_being_a_binary_fraction(value: Decimal) -> None:
    plain = f"{value.normalize():f}".replace(".", ",")
    assert of_number(format(float(value), ".17g"), "General").text == ("0" if plain == "-0" else plain)
