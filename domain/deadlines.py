"""Deadlines as plans print them, read to the last day: "Tháng 11/2026" is 2026-11-30.

A printed day is kept as the last day, also after "trước ngày": offices file on that day, and reminders go out long
before it. Before a whole month, quarter or year ("trước tháng 6/2026") means by the end of what precedes it, because
there is no day to keep. What names no day ("Thường xuyên", "Hằng năm", nonsense, 31/02) gives date None: a person
is asked, nothing is guessed.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

from domain.model import Deadline
from domain.vietnamese import clean, fold

MAX_CELL = 300
FIRST_YEAR, LAST_YEAR = 2000, 2100

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_DAY = re.compile(r"(?<!\d)(?<!thang )(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})(?!\d)")
_DAY_IN_WORDS = re.compile(r"(?<!\d)(\d{1,2})\s+thang\s+(\d{1,2})\s+nam\s+(\d{4})\b")
_DAY_NO_YEAR = re.compile(r"\b(?:ngay|truoc)\s+(\d{1,2})\s*[/.\-]\s*(\d{1,2})(?![\d/.\-])|^(\d{1,2})/(\d{1,2})$")
_QUARTER = re.compile(
    r"\bq(?:u[yi])?\s*(iv|i{1,3}|[1-4])(?:\s*[,\-]\s*(iv|i{1,3}|[1-4]))?(?:\s*[/,.]?\s*(?:nam\s*)?(\d{4}))?(?!\w)"
)
_ANY_QUARTER = re.compile(r"\bqu[yi]\s+[a-z\d]")
_MONTH = re.compile(
    r"\bt(?:hang)?\s*(\d{1,2})(?:\s*[,\-]\s*(?:thang\s*)?(\d{1,2}))?(?:\s*[/.\-,]?\s*(?:nam\s*)?(\d{4}))?"
    r"(?!\d|\s*[,\-]\s*\d)"
)
_ANY_MONTH = re.compile(r"\bthang\s*\d")
_BARE_MONTH = re.compile(r"(?<![\w/.\-])(\d{1,2})\s*[/.\-]\s*(\d{4})(?![\d/])")
_HALF = re.compile(r"\b(?:0?6|sau) thang (dau|cuoi)(?: nam)?(?:\s*(\d{4}))?")
_NINE = re.compile(r"\b(?:0?9|chin) thang(?: dau)?(?: nam)?(?:\s*(\d{4}))?")
_YEARS = re.compile(r"(?<!\d)(\d{4})\s*(?:-|–|—|den|den nam)\s*(?:nam\s*)?(\d{4})(?!\d)")
_YEAR = re.compile(r"(?<![\d/])(\d{4})(?![\d/])")
_THIS_YEAR = re.compile(r"^(?:(?:trong|het|den het|cuoi) )*(?:ca )?nam(?: nay)?$|^cuoi nam$")
_VAGUE = re.compile(r"\b(?:dau|giua) nam\b|\btheo\b")
# Less than what stands beside it: no day can be read from the month or years alone.
_PART = re.compile(
    r"\b(?:dau|giua|trung tuan|thuong tuan|tuan (?:dau|thu)\b.{0,12}) (?:thang|quy)\b|\btuan \d|\bnam hoc\b"
)
_DAY_AND_MONTH = re.compile(r"(?<![\d/.\-])\d{1,2}\s*/\s*\d{1,2}(?![\d/.\-])")
_YEARLY = re.compile(r"\bhang nam\b|\bmoi nam\b")
_ALWAYS = re.compile(r"\bthuong xuyen\b|\blien tuc\b|\bhang (?:thang|quy|tuan|ngay)\b|\bdinh ky\b")
_ONWARDS = re.compile(
    r"\btro di\b|^(?:ke )?sau (?:nam|thang|quy|ngay|\d)|^ke tu\b|^tu (?:nam|thang|quy|ngay|\d)(?!.*\bden\b)"
)
_BEFORE = re.compile(r"\btruoc\b")

_Found = tuple[date | None, str]  # the last day, and the kind of print it was read from


@lru_cache(maxsize=512)
def read_deadline(printed: str | None, year: int | None = None) -> Deadline:
    """Read a deadline cell already freed from markup.

    `year` completes a print without one ("Tháng 11", "15/12"); without it such a print is unclear. Never raises.
    """
    raw = clean(printed or "")
    if not raw or fold(raw) == "":
        return Deadline(raw=raw or None, date=None, basis="none", kind=None)
    if len(raw) > MAX_CELL:
        return Deadline(raw=raw, date=None, basis="stated", kind="unclear")
    day, kind = _read(_fold_keeping_dashes(raw), year)
    return Deadline(raw=raw, date=day, basis="stated", kind=kind)


def parse_day(text: str) -> date | None:
    """Return the day a person typed as "31/12/2026", "31-12-2026" or "31.12.2026"; None for anything else."""
    match = _DAY.fullmatch(clean(text)[:40])
    return _day(int(match[3]), int(match[2]), int(match[1])) if match else None


def end_of_year(year: int) -> date:
    """Return the last day of `year`."""
    return date(year, 12, 31)


def target_year(deadline: Deadline) -> int | None:
    """Return the year a deadline's target belongs to: "trước ngày 01/01/2030" closes the year 2029."""
    if deadline.date is None:
        return None
    closing = deadline.kind == "before_date" and (deadline.date.month, deadline.date.day) == (1, 1)
    return deadline.date.year - 1 if closing else deadline.date.year


def _fold_keeping_dashes(text: str) -> str:
    """Fold each word, but keep "-" and "/": they separate days, months and years here."""
    kept = re.sub(r"\s*([-‐‑‒–—−/&])\s*", lambda m: "\x1e" if m[1] == "/" else "\x1f", text)
    folded = "".join(part if part in "\x1e\x1f" else fold(part) for part in re.split(r"([\x1e\x1f])", kept))
    return folded.replace("\x1e", "/").replace("\x1f", "-")


def _read(text: str, year: int | None) -> _Found:
    if _ONWARDS.search(text):
        return None, "open_ended"
    if _PART.search(text) and not _DAY.search(text):
        return None, "unclear"
    recurring = "recurring_yearly" if _YEARLY.search(text) else "continuous" if _ALWAYS.search(text) else None
    for reader in _READERS:
        found = reader(text, year)
        if found is not None:
            day, kind = found
            return day, recurring or kind if day else "unclear"
    return None, recurring or "unclear"


def _read_day(text: str, year: int | None) -> _Found | None:
    kind = "before_date" if _BEFORE.search(text) else "on_date"
    days = [(int(m[3]), int(m[2]), int(m[1])) for m in _DAY.finditer(text)]
    days += [(int(m[3]), int(m[2]), int(m[1])) for m in _DAY_IN_WORDS.finditer(text)]
    if days:
        # "từ 01/3/2026 đến 15/12/2026" ends with the later day; two unrelated days are for a person.
        if len(days) + len(_DAY_AND_MONTH.findall(text)) > 1 and not re.search(r"\bden\b|\d-\d", text):
            return None, "unclear"
        read = [_day(*parts) for parts in days]
        return (None, "unclear") if None in read else (max(day for day in read if day), kind)
    match = _DAY_NO_YEAR.search(text)
    if match is None:
        return None
    day_number, month = int(match[1] or match[3]), int(match[2] or match[4])
    return (_day(year, month, day_number) if year else None), kind


def _read_half(text: str, year: int | None) -> _Found | None:
    if match := _HALF.search(text):
        year = int(match[2]) if match[2] else year
        return _end_of_month(year, 6 if match[1] == "dau" else 12), "half_year"
    if match := _NINE.search(text):
        return _end_of_month(int(match[1]) if match[1] else year, 9), "month"
    return None


def _read_quarter(text: str, year: int | None) -> _Found | None:
    matches = list(_QUARTER.finditer(text))
    if not matches:
        return (None, "unclear") if _ANY_QUARTER.search(text) else None
    if len(matches) > 1:
        return None, "unclear"
    match = matches[0]
    quarter = _ROMAN[match[2] or match[1]]
    return _period_end(text, int(match[3]) if match[3] else _only_year(text) or year, quarter * 3, 3, "quarter")


def _read_month(text: str, year: int | None) -> _Found | None:
    matches = list(_MONTH.finditer(text))
    if len(matches) > 1:
        return None, "unclear"
    if matches:
        match = matches[0]
        year = int(match[3]) if match[3] else _only_year(text) or year
        return _period_end(text, year, int(match[2] or match[1]), 1, "month")
    if _ANY_MONTH.search(text):
        return None, "unclear"
    bare = list(_BARE_MONTH.finditer(text))
    if len(bare) != 1:
        return (None, "unclear") if bare else None
    return _period_end(text, int(bare[0][2]), int(bare[0][1]), 1, "month")


def _read_year(text: str, year: int | None) -> _Found | None:
    if _VAGUE.search(text):
        return None, "unclear"
    if match := _YEARS.search(text):
        first, last = int(match[1]), int(match[2])
        return (_end_of_month(last, 12) if first <= last else None), "year_range"
    if (only := _only_year(text)) is not None:
        return _period_end(text, only, 12, 12, "year")
    if _THIS_YEAR.match(text) and year:
        return _end_of_month(year, 12), "year"
    return None


_READERS: tuple[Callable[[str, int | None], _Found | None], ...] = (
    _read_day,
    _read_half,
    _read_quarter,
    _read_month,
    _read_year,
)


def _only_year(text: str) -> int | None:
    years = {int(found) for found in _YEAR.findall(text)}
    return years.pop() if len(years) == 1 else None


def _period_end(text: str, year: int | None, month: int, length: int, kind: str) -> _Found:
    """Return the end of the period of `length` months ending with `month`, or, after "trước", of what precedes it."""
    last = _end_of_month(year, month)
    if last is None or not _BEFORE.search(text):
        return last, kind
    first_month = month - length + 1
    return _day(last.year, first_month, 1, minus=1), "before_date"


def _end_of_month(year: int | None, month: int) -> date | None:
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR or not 1 <= month <= 12:
        return None
    return date(year, month, monthrange(year, month)[1])


def _day(year: int, month: int, day: int, minus: int = 0) -> date | None:
    if year < 100:
        year += 2000
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day) - timedelta(days=minus)
    except ValueError:
        return None
