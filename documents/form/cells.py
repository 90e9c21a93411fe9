"""One cell as somebody would have typed it: 0.665 shown as a percentage is "66,5 %", 66.499999999999994 is "66,5"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Context, Decimal, InvalidOperation

from documents.appendix.cell_formats import as_printed
from documents.form.model import ProblemCode
from domain.vietnamese import clean

_SHOWN = Context(prec=15)  # digits a spreadsheet shows at most; what is stored beyond them is noise of binary fractions
_LONGEST_NUMBER = 60
_LONGEST_TEXT = 20_000  # letters; a form writes fewer into a cell (`documents.form.layout.LONGEST_TEXT`)
_LARGEST_EXPONENT = 30
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_DAY_OR_TIME = re.compile(r"[dmyhs]")
_ERROR = re.compile(r"#[A-Z0-9/!?_]{1,20}")


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says, and why it says nothing of use where that is so; `detail` as in a FormProblem."""

    text: str = ""
    problem: ProblemCode | None = None
    detail: str = ""


def of_text(text: str) -> Cell:
    """Return the cell of a text, on one line; what is longer than any cell of a form is cut."""
    return Cell(clean(text[:_LONGEST_TEXT]))


def of_error(code: str) -> Cell:
    """Return the cell of an error; only what looks like one is repeated."""
    return Cell("", "error_value", code if _ERROR.fullmatch(code) else "")


def of_number(stored: str, code: str, *, since_1904: bool = False) -> Cell:
    """Return the cell of a number under the number format `code`: exact, with a decimal comma and no thousands dots.

    The format says only whether it is a share or a date. The decimals it hides are kept: 0.665 under "0%" is what
    somebody typed, "67 %" is not.
    """
    exact = _exact(stored)
    if exact is None:
        return of_text(stored)
    first = code.split(";")[0]
    bare = _LITERAL.sub("", first).lower()
    if _ELAPSED.search(first) or _DAY_OR_TIME.search(bare):
        printed = as_printed(stored, code, since_1904=since_1904)
        return Cell("", "date", printed if "/" in printed else "")
    if "%" in bare:
        return Cell(f"{_written(exact * 100)} %")
    return Cell(_written(exact))


def _exact(stored: str) -> Decimal | None:
    if len(stored) > _LONGEST_NUMBER:
        return None
    try:
        exact = _SHOWN.create_decimal(stored)
    except InvalidOperation:
        return None
    return exact if exact.is_finite() and (not exact or abs(exact.adjusted()) <= _LARGEST_EXPONENT) else None


def _written(exact: Decimal) -> str:
    text = f"{exact:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text.replace(".", ",")
