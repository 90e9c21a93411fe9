"""The day or period a figure is of, named inside the reply: taken out first, so that it is not read as a figure."""

from __future__ import annotations

import re
from typing import NamedTuple

from domain.figure_scales import any_of


class Dated(NamedTuple):
    """`rest` without the day or period, `as_of` as typed, `unsure` where it might be a figure after all."""

    rest: str
    as_of: str | None
    unsure: bool


_DAY = r"(?:0?[1-9]|[12][0-9]|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_YEAR = r"20[0-9]{2}"
_OF_YEAR = rf"(?:\s*[/.-]\s*{_YEAR}|\s+{any_of('năm')}\s+{_YEAR})"
_START, _END = r"(?<![\w.,/-])", r"(?![\w/]|[.,-][0-9])"
_TOWARDS = any_of(
    "tính đến|tính tới|cho đến|cho tới|kể từ|đến hết|từ|đến|tới|hết|trong|vào|của|hôm|sáng|chiều|cuối|đầu|giữa|kỳ|tại"
)
_DAY_WORD = any_of("ngày|đến ngày|tới ngày|hết ngày|tính đến|đến|tới|hết|hôm|vào|từ|sáng|chiều")
_NUMBERED = any_of("một|hai|ba|tư|bốn|năm|sáu|bảy|tám|chín|mười một|mười hai|mười|giêng|chạp")

_FORMS = (
    rf"(?:{any_of('ngày')}\s+)?{_DAY}\s*([/.-])\s*{_MONTH}\s*\1\s*(?:{_YEAR}|[0-9]{{2}})",
    rf"{_YEAR}-{_MONTH}-{_DAY}",
    rf"{any_of('ngày')}\s*{_DAY}\s+{any_of('tháng')}\s+{_MONTH}{_OF_YEAR}?",
    rf"{_DAY}\s+{any_of('tháng')}\s+{_MONTH}{_OF_YEAR}",
    rf"{_DAY_WORD}\s*{_DAY}\s?[/-]\s?{_MONTH}",
    rf"{any_of('ngày')}\s*{_DAY}(?:\.{_MONTH})?",
    rf"{any_of('tháng')}\s*{_MONTH}{_OF_YEAR}?",
    rf"{any_of('tháng')}\s+{_NUMBERED}",
    rf"(?:t|th){_MONTH}{_OF_YEAR}?",
    rf"{any_of('quý')}\s*(?:IV|I{{1,3}}|[1-4]|{any_of('một|hai|ba|bốn|tư')}){_OF_YEAR}?",
    rf"q[1-4]{_OF_YEAR}?",
    rf"{any_of('năm học|năm')}\s*{_YEAR}(?:\s?-\s?{_YEAR})?",
    rf"(?:3|6|9|03|06|09)\s+{any_of('tháng')}(?:\s+{any_of('đầu|cuối')})?(?:\s+{any_of('năm')})?(?:\s+{_YEAR})?",
    rf"{any_of('tuần')}\s*[0-9]{{1,2}}",
    rf"(?:{any_of('lúc')}\s+)?[0-9]{{1,2}}\s?(?:h|{any_of('giờ')})(?:[0-9]{{2}})?",
    rf"{any_of('lúc')}\s+[0-9]{{1,2}}:[0-9]{{2}}",
)
# Tried in this order; a form found is blanked out before the next is looked for.
_PATTERNS = tuple(re.compile(rf"{_START}{form}{_END}", re.IGNORECASE) for form in _FORMS)
# Looked for behind a find only: as a part of every form it would be tried at every letter.
_LEAD = re.compile(rf"(?<!\w)(?:{_TOWARDS}\s+){{1,3}}$", re.IGNORECASE)
_LONGEST_LEAD = 40
_HINT = re.compile(r"[0-9]|th[aá]ng|qu[yý]", re.IGNORECASE)
# "14/11: 85" is a day, or 14 of 11 …; "12 tháng 11" is a day, or 12 in November.
_DAY_AND_COLON = re.compile(rf"{_START}{_DAY}/{_MONTH}(?=\s*:)")
_NUMBER_AND_MONTH = re.compile(rf"{_START}{_DAY}\s+{any_of('tháng')}\s+{_MONTH}{_END}", re.IGNORECASE)


def take_date(text: str) -> Dated:
    """Return `text` (tidied) without the days and periods it names, and these as they were typed."""
    if not _HINT.search(text):
        return Dated(text, None, unsure=False)
    unsure = bool(_NUMBER_AND_MONTH.search(text)) and not re.search(
        rf"{any_of('ngày')}\s*{_DAY}\s", text, re.IGNORECASE
    )
    spans: list[tuple[int, int]] = []
    rest = text
    for pattern in (*_PATTERNS, _DAY_AND_COLON):
        found = [_with_lead(rest, match) for match in pattern.finditer(rest)]
        unsure = unsure or bool(found and pattern is _DAY_AND_COLON)
        for start, end in found:
            rest = rest[:start] + ";" * (end - start) + rest[end:]
        spans += found
    if not spans:
        return Dated(text, None, unsure=False)
    as_of = " ".join(text[start:end].strip() for start, end in sorted(spans))
    return Dated(rest, as_of, unsure)


def _with_lead(text: str, found: re.Match[str]) -> tuple[int, int]:
    """Return the span of a find together with the words that lead to it: "tính đến hết" tháng 11."""
    start = max(0, found.start() - _LONGEST_LEAD)
    lead = _LEAD.search(text[start : found.start()])
    return (start + lead.start() if lead else found.start()), found.end()
