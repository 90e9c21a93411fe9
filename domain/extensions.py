"""Asking for more time in one's own words: "xin gia hạn đến 5/12 vì chờ số liệu của tỉnh"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from domain.figure_scales import any_of
from domain.figure_text import MAX_READ
from domain.moments import read_moment
from domain.periods import WorkCalendar
from domain.vietnamese import clean

_WHO = "dạ|vâng|kính|em|tôi|anh|chị|cơ quan|đơn vị|phòng|cho|được|phép|xin phép"
_ASKS = re.compile(
    rf"(?:(?:{any_of(_WHO)})[\s,]+)*(?:(?:{any_of('xin|đề nghị|đề xuất|mong')})\s+)?(?:(?:{any_of(_WHO)})[\s,]+)*"
    rf"{any_of('gia hạn|lùi hạn|hoãn hạn|kéo dài thời hạn')}(?!\w)[\s,:]*(?:{any_of('báo cáo|nộp|gửi')}\s+)*"
    rf"(?:{any_of('cho đến|đến|tới|sang')}\s+)?(?:{any_of('hết ngày|ngày')}\s+)?",
    re.IGNORECASE,
)
_WHY = re.compile(
    rf"(?:^|[\s,;.-]+)(?:{any_of('với lý do|lý do|bởi vì|vì|bởi|do|tại')})(?!\w)(?:\s+{any_of('là')}(?!\w))?[\s:,]*",
    re.IGNORECASE,
)
# From which day "five days more" is counted, nobody can tell.
_MORE = re.compile(rf"{any_of('thêm')}(?!\w)", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for: until which day (None where it is unclear) and why ("" where they do not say)."""

    day: date | None
    reason: str


def asks_for_time(text: str) -> bool:
    """Tell whether a message asks for a later due day; `text` may be anything of any length."""
    return _ASKS.match(clean(text)[:MAX_READ]) is not None


def read_wish(text: str, now: datetime, calendar: WorkCalendar) -> Wish:
    """Return the day and the reason in an answer, with or without the words that ask; it never raises.

    Days are read as in `domain.moments.read_moment`, seen from `now` (aware).
    """
    said = clean(text)
    if asked := _ASKS.match(said[:MAX_READ]):
        said = said[asked.end() :]
    why = _WHY.search(said)
    when, reason = (said[: why.start()], said[why.end() :]) if why else (said, "")
    moment = None if _MORE.search(when) else read_moment(when, now, calendar)
    return Wish(moment.day if moment else None, reason if _LETTERS.search(reason) else "")
