"""What is to be reached, read from a printed cell, and whether a figure reaches it. Decimal, never float."""

from __future__ import annotations

import re
from decimal import Decimal

from domain.model import Direction, FigureValue, Operator, Target, Verdict
from domain.vietnamese import clean, fold

MAX_CELL = 300  # a longer cell is text, not a target with a number
NUMBER = r"[0-9]{1,15}(?:[.,][0-9]{1,9}){0,4}"

_SYMBOLS: dict[str, Operator] = {
    "≥": ">=", ">=": ">=", "=>": ">=", "≧": ">=", "⩾": ">=",
    "≤": "<=", "<=": "<=", "=<": "<=", "≦": "<=", "⩽": "<=",
    ">": ">", "<": "<", "=": "==", "＞": ">", "﹥": ">", "＜": "<", "﹤": "<", "＝": "==",
}  # fmt: skip
_WORDS: dict[str, Operator] = {
    "từ": ">=", "ít nhất": ">=", "tối thiểu": ">=", "không dưới": ">=", "không thấp hơn": ">=", "đạt từ": ">=",
    "tối đa": "<=", "không quá": "<=", "không vượt quá": "<=", "không cao hơn": "<=",
    "còn": "<=", "giảm còn": "<=", "giảm xuống còn": "<=", "giảm xuống": "<=", "xuống còn": "<=", "còn dưới": "<",
    "giảm còn dưới": "<", "giảm xuống dưới": "<",
    "trên": ">", "hơn": ">", "đạt trên": ">", "dưới": "<", "thấp hơn": "<",
}  # fmt: skip
OPERATORS: dict[str, Operator] = {**_SYMBOLS, **_WORDS}
OPERATOR = "|".join(re.escape(word) for word in sorted(OPERATORS, key=len, reverse=True))

_LEAD_IN = r"(?:(?:có|đạt|phấn đấu|bảo đảm|đảm bảo)\s+){0,2}"
_ONE_NUMBER = re.compile(
    rf"^{_LEAD_IN}(?P<op>{OPERATOR})?\s*(?P<number>{NUMBER})\s*(?P<unit>%|[^\d%][^\d]{{0,60}})?$", re.IGNORECASE
)
_RANGE = re.compile(
    rf"^(?:từ\s+)?(?P<low>{NUMBER})\s*%?\s*(?:-|–|—|÷|đến)\s*(?P<high>{NUMBER})\s*(?P<unit>%|[^\d%][^\d]{{0,60}})?$",
    re.IGNORECASE,
)
_AND_MORE = re.compile(r"\s*(?P<which>trở lên|trở xuống)$", re.IGNORECASE)
_GROUPED = re.compile(r"^[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]+)?$|^[1-9][0-9]{0,2}(?:,[0-9]{3}){2,}(?:\.[0-9]+)?$")
_NOT_ASSIGNED = frozenset({"-", "–", "—", "--", "_", "/", "không giao"})
_YES = frozenset(
    {"co", "dat", "dap ung", "duy tri", "ung dung", "hoan thanh", "thuc hien", "trien khai", "bao dam", "dam bao",
     "dat chuan", "x", "yes", "xong"}
)  # fmt: skip
_RANK = re.compile(r"\b(?:thu bac|xep hang|thu hang|hang)\b")
_NOT_COUNTABLE = re.compile(r"%|‰|\b(?:grdp|gdp|chi so|lan|diem|thu bac|xep hang|thu hang|ty le|ti le)\b")
_LOWER_OPERATORS = ("<=", "<")


def read_number(text: str) -> Decimal | None:
    """Return the figure written in `text` as a plan prints it: "1,5", "0.70", "08", "1.500", "1.234,5".

    One dot followed by exactly three digits groups thousands, unless the head is 0; any other single mark is the
    decimal mark. None where the marks contradict each other.
    """
    if not re.fullmatch(NUMBER, text):
        return None
    if _GROUPED.match(text):
        last = max(text.rfind("."), text.rfind(","))
        decimals_follow = len({"."} & set(text)) + len({","} & set(text)) == 2
        digits = text[:last] if decimals_follow else text
        whole = digits.replace(".", "").replace(",", "")
        return Decimal(f"{whole}.{text[last + 1 :]}") if decimals_follow else Decimal(whole)
    if text.count(".") + text.count(",") > 1:
        return None
    return Decimal(text.replace(",", "."))


def read_target(cell: str, unit: str | None = None) -> Target:
    """Read a target cell already freed from markup.

    `unit` is the printed unit of measure: it decides which way is better for a bare number and which words after a
    number only repeat it. An empty cell is a task, "-" is not assigned. Never raises: words that are no number
    come back as qualitative, to be judged by a person.
    """
    raw = clean(cell)
    unit = unit or None
    folded = fold(raw)
    if not raw:
        return Target(kind="task", unit=unit, raw=raw)
    if raw.casefold() in _NOT_ASSIGNED:
        return Target(kind="not_assigned", unit=unit, raw=raw)
    if folded in _YES:
        return Target(kind="boolean", op="==", value=True, text=raw, unit=unit, raw=raw)
    if len(raw) <= MAX_CELL:
        found = _read_range(raw, unit) or _read_one(raw, unit)
        if found is not None:
            return found
    return Target(kind="qualitative", text=raw, unit=unit, raw=raw)


def number_target(
    value: Decimal, op_printed: str | None, unit: str | None, raw: str, *, and_more: str | None = None
) -> Target:
    """Return the target for a number with the operator printed before it, or none.

    `and_more` is "trở lên" or "trở xuống". A bare number is a level to reach; of a rank, and where it is 0, one not to
    exceed.
    """
    ranked = unit is not None and _RANK.search(fold(unit)) is not None
    op: Operator = "<=" if ranked or not value else ">="
    if op_printed is not None:
        op = OPERATORS[op_printed.casefold()]
    if and_more is not None:
        # "trên 80 trở lên" says both; "trở lên" includes the number itself.
        op = ">=" if and_more.casefold() == "trở lên" else "<="
        op_printed = op_printed or and_more.casefold()
    direction: Direction = "lower" if op in _LOWER_OPERATORS else "higher"
    return Target(kind="number", op=op, value=value, unit=unit, direction=direction, op_printed=op_printed, raw=raw)


def countable(unit: str | None) -> bool:
    """Whether figures in `unit` are counts, so that "có" is answered by one or more of them."""
    return unit is None or not _NOT_COUNTABLE.search(fold(unit))


def judge(target: Target, value: FigureValue) -> Verdict:
    """Return whether `value` reaches `target`.

    None, and a value of a kind the target cannot be compared with, is "not_assessable"; None is never 0. Targets in
    words, and numbers of which nobody has said what they mean (no `op`), are judged by a person ("needs_judgement").
    """
    if value is None or target.kind == "not_assigned":
        return "not_assessable"
    if isinstance(value, Decimal) and not value.is_finite():
        return "not_assessable"
    if target.kind == "qualitative":
        return "needs_judgement"
    if target.kind == "task":
        return _judge_task(value)
    if target.kind == "boolean":
        return _judge_boolean(target, value)
    # bool is no figure here although Python calls it a number.
    if isinstance(value, bool | str) or not isinstance(target.value, Decimal):
        return "not_assessable"
    if target.op is None:
        return "needs_judgement"
    return "met" if _compare(value, target.op, target.value) else "not_met"


def _judge_task(value: Decimal | bool | str) -> Verdict:
    if isinstance(value, Decimal):
        return "needs_judgement"
    return "met" if value in (True, "done") else "not_met"


def _judge_boolean(target: Target, value: Decimal | bool | str) -> Verdict:
    wanted = target.value is not False
    if isinstance(value, str):
        value = value == "done"
    elif isinstance(value, Decimal):
        if not countable(target.unit):
            return "needs_judgement"
        value = value >= 1
    return "met" if value is wanted else "not_met"


def _compare(value: Decimal, op: Operator, wanted: Decimal) -> bool:
    if op == ">=":
        return value >= wanted
    if op == "<=":
        return value <= wanted
    if op == ">":
        return value > wanted
    return value < wanted if op == "<" else value == wanted


def _read_range(raw: str, unit: str | None) -> Target | None:
    match = _RANGE.match(raw)
    if match is None:
        return None
    low, high = read_number(match["low"]), read_number(match["high"])
    unit_here = _agreed_unit(match["unit"], unit)
    if low is None or high is None or low >= high or unit_here is _NO_UNIT:
        return None
    lower_is_better = unit is not None and _RANK.search(fold(unit)) is not None
    return Target(
        kind="range",
        op="<=" if lower_is_better else ">=",
        # Reached from the easier end: 80 of "80-90", or rank 15 of "10-15".
        value=high if lower_is_better else low,
        value_max=low if lower_is_better else high,
        unit=unit_here,
        direction="lower" if lower_is_better else "higher",
        raw=raw,
    )


def _read_one(raw: str, unit: str | None) -> Target | None:
    more = _AND_MORE.search(raw)
    match = _ONE_NUMBER.match(raw[: more.start()] if more else raw)
    if match is None:
        return None
    value = read_number(match["number"])
    unit_here = _agreed_unit(match["unit"], unit)
    if value is None or unit_here is _NO_UNIT:
        return None
    op = match["op"]
    return number_target(value, op.casefold() if op else None, unit_here, raw, and_more=more["which"] if more else None)


_NO_UNIT = "\0"  # the words after the number are no repetition of the unit


def _agreed_unit(printed: str | None, unit: str | None) -> str | None:
    """Return the unit of a number followed by `printed` words in a column of `unit`, or _NO_UNIT."""
    after = clean(printed or "").strip(" .;,")
    if not after or unit is None:
        return after or unit
    if after == "%":
        # "%" in the cell repeats "%" of "% GRDP"; beside a count it contradicts the unit.
        return unit if "%" in unit or not countable(unit) else _NO_UNIT
    return unit if fold(after) == fold(unit) else _NO_UNIT
