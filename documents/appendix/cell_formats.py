"""A number in a workbook as it is printed: 0.65 in the format "0%" is "65 %", 46356 in "dd/mm/yyyy" a date."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

# The formats every workbook has without writing them down; others are plain numbers or never met.
BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 14: "dd/mm/yyyy",
    15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm", 19: "h:mm:ss", 20: "h:mm", 21: "h:mm:ss", 22: "dd/mm/yyyy",
    37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 45: "mm:ss", 46: "h:mm:ss", 47: "mm:ss", 49: "@",
}  # fmt: skip
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_DECIMALS = re.compile(r"[0#?]\.([0#?]+)")
_FIRST_DAY, _FIRST_DAY_1904 = date(1899, 12, 30), date(1904, 1, 1)
_LAST_SERIAL = 2_958_465  # 31/12/9999


def as_printed(value: str, code: str, *, since_1904: bool = False) -> str:
    """Return a stored number as its cell prints it under the number format `code`; other text unchanged."""
    try:
        exact = Decimal(value)
    except InvalidOperation:
        return value
    if not exact.is_finite() or abs(exact.adjusted()) > 30:
        return value
    bare = _LITERAL.sub("", code.split(";")[0]).lower()
    if "%" in bare:
        return f"{_written(exact * 100, _decimals(bare, 2))} %"
    if ("d" in bare or "y" in bare or "mmm" in bare) and "general" not in bare:
        return _date(exact, bare, since_1904) or value
    return _written(exact, _decimals(bare, 10))


def _decimals(code: str, otherwise: int) -> int:
    match = _DECIMALS.search(code)
    if match:
        return min(len(match[1]), 15)
    # "0" prints no decimals; "General" prints what there is.
    return 0 if re.search(r"[0#]", code) else otherwise


def _written(exact: Decimal, decimals: int) -> str:
    rounded = round(exact, decimals)
    text = f"{rounded:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if text == "-0":
        text = "0"
    # A point, as in "1.1" under "1"; a comma where a point would read as one between thousands.
    return text.replace(".", ",") if re.fullmatch(r"-?\d{1,3}\.\d{3}", text) else text


def _date(exact: Decimal, code: str, since_1904: bool) -> str | None:
    days = int(exact)
    if not 0 < days < _LAST_SERIAL - 1_500:
        return None
    day = (_FIRST_DAY_1904 if since_1904 else _FIRST_DAY) + timedelta(days=days)
    if "d" in code:
        return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"
    # "6/2025", typed, is stored as the first of June and printed without a day.
    return f"{day.month}/{day.year:04d}" if "m" in code else f"{day.year:04d}"
