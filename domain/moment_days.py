"""Days as people name them when they promise or plan: "mai", "thứ năm tuần sau", "27/11", "cuối tháng 12".

A day without a year is the coming one. One that has passed this year is next year's only around the turn of the year
(`TURN`); else nobody can tell which was meant, and there is no day. Weeks begin on Monday; what ends a week, month,
quarter or year is its last working day. Days of the lunar calendar are never read.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from domain.deadlines import parse_day, read_deadline
from domain.figure_scales import any_of
from domain.periods import WorkCalendar

TURN = 120  # so many days ahead, "5/1" said in December is next January; "27/11" said in December is unclear
LONGEST = 366  # days; nobody puts anything off for longer

_WEEKDAYS = ("hai", "ba", "tư", "năm", "sáu", "bảy|bẩy")
_COUNTED = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy|bẩy", "tám", "chín", "mười")
NUMBER = r"(?:[0-9]{1,3}|" + "|".join(any_of(word) for word in _COUNTED) + ")"
_THIS = any_of("này|nay")
_NEXT = any_of("sau|tới")
_DM = r"(?P<d>[0-9]{1,2})\s?(?P<sign>[/-])\s?(?P<m>[0-9]{1,2})(?![0-9])(?:\s?(?P=sign)\s?(?P<y>20[0-9]{2}|[0-9]{2}))?"
_ENDS = any_of("cuối|hết|trong|đến hết|đến cuối")
_DAY = timedelta(days=1)


class Today(NamedTuple):
    """The day from which days are counted, and the calendar that says which are worked."""

    day: date
    calendar: WorkCalendar


def count_of(typed: str) -> int:
    """Return the number that digits or a word up to mười (marks optional) say: what `NUMBER` matches."""
    if typed.isdecimal():
        return int(typed)
    return next(n for n, word in enumerate(_COUNTED, 1) if re.fullmatch(any_of(word), typed, re.IGNORECASE))


def _offset(days: int) -> Callable[[re.Match[str], Today], date | None]:
    return lambda _, today: today.day + timedelta(days=days)


def _weekday(found: re.Match[str], today: Today) -> date | None:
    """ "thứ năm": the coming one. Said on a Thursday it may be today or in a week, so that there is none."""
    named = found["number"] or found["short"]
    if named is None:
        weekday = 6
    elif named.isdecimal():
        weekday = int(named) - 2
    else:
        weekday = next(n for n, word in enumerate(_WEEKDAYS) if re.fullmatch(any_of(word), named, re.IGNORECASE))
    if found["week"]:
        this = re.fullmatch(_THIS, found["week"], re.IGNORECASE)
        return _upcoming(today.day + timedelta(days=weekday - today.day.weekday() + (0 if this else 7)), today)
    ahead = (weekday - today.day.weekday()) % 7
    if found["coming"]:
        return today.day + timedelta(days=ahead or 7)
    return today.day + timedelta(days=ahead) if ahead else None


def _upcoming(day: date | None, today: Today) -> date | None:
    return day if day is not None and day >= today.day else None


def _last(day: date | None, today: Today) -> date | None:
    """Return the last working day up to `day`, unless it has passed."""
    return _upcoming(today.calendar.last_working_day(day), today) if day else None


def _first(day: date, today: Today) -> date:
    return day if today.calendar.is_working_day(day) else today.calendar.step(day, 1)


def coming(day: int, month: int, year: str | None, today: Today) -> date | None:
    """Return the day that "27/11" means, or None where it is none, has passed, or may be of this year or the next."""
    if year:
        return _upcoming(parse_day(f"{day}/{month}/{year}"), today)
    this = parse_day(f"{day}/{month}/{today.day.year}")
    if this is not None and this >= today.day:
        return this
    following = parse_day(f"{day}/{month}/{today.day.year + 1}")
    return following if following and following - today.day <= timedelta(days=TURN) else None


def _day_month(found: re.Match[str], today: Today) -> date | None:
    return coming(int(found["d"]), int(found["m"]), found["y"], today)


def _day_alone(found: re.Match[str], today: Today) -> date | None:
    """ "ngày 27": of this month, or the next when it has passed; a day that month lacks is none."""
    number = int(found["d"])
    for ahead in [0] if found["this"] else [1] if found["next"] else [0, 1]:
        months = today.day.year * 12 + today.day.month - 1 + ahead
        day = parse_day(f"{number}/{months % 12 + 1}/{months // 12}")
        if day is None or day >= today.day:
            return day
    return None


def _end_of_week(found: re.Match[str], today: Today) -> date | None:
    weeks = 1 if found["next"] else 0
    return _last(today.day + timedelta(days=6 - today.day.weekday() + 7 * weeks), today)


def _next_week(_: re.Match[str], today: Today) -> date | None:
    return _first(today.day + timedelta(days=7 - today.day.weekday()), today)


def _month_of(found: re.Match[str], today: Today) -> tuple[int, int] | None:
    """Return year and month of "tháng 12", "tháng sau"; without either, of today."""
    if found["m"] is None:
        months = today.day.year * 12 + today.day.month - 1 + (1 if found["next"] else 0)
        return months // 12, months % 12 + 1
    month, year = int(found["m"]), int(found["y"] or today.day.year)
    if not found["y"] and month < today.day.month and (month + 12 - today.day.month) * 30 <= TURN:
        year += 1
    return (year, month) if 1 <= month <= 12 else None


def _end_of_month(found: re.Match[str], today: Today) -> date | None:
    month = _month_of(found, today)
    return _last(read_deadline(f"tháng {month[1]}/{month[0]}").date, today) if month else None


def _start_of_month(found: re.Match[str], today: Today) -> date | None:
    month = _month_of(found, today)
    return _upcoming(_first(date(month[0], month[1], 1), today), today) if month and month[0] >= 2000 else None


def _end_of_quarter(found: re.Match[str], today: Today) -> date | None:
    named = found["q"] or str((today.day.month + 2) // 3)
    return _last(read_deadline(f"quý {named} năm {found['y'] or today.day.year}").date, today)


def _end_of_year(found: re.Match[str], today: Today) -> date | None:
    return _last(read_deadline(f"năm {found['y'] or today.day.year}").date, today)


def _later(found: re.Match[str], today: Today) -> date | None:
    """ "2 ngày nữa", "sau 1 tuần", "10 ngày làm việc nữa", "1 tháng nữa"."""
    number = count_of(found["count"].lower())
    if number == 0:
        return None
    if found["working"]:
        return today.calendar.step(today.day, number) if number <= 250 else None
    if found["months"]:
        return months_later(today.day, number) if number <= 12 else None
    days = number * (7 if found["weeks"] else 1)
    return today.day + timedelta(days=days) if days <= LONGEST else None


def months_later(day: date, months: int) -> date:
    """Return the same day so many months (1 or more) later; the last of the month where that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


_DURATION = (
    rf"(?P<count>{NUMBER})\s?(?:(?P<working>{any_of('ngày làm việc')})|{any_of('ngày|hôm|bữa')}"
    rf"|(?P<weeks>{any_of('tuần')})|(?P<months>{any_of('tháng')}))"
)
# "thu nam toi" may be its evening.
_OF_WEEK = rf"\s+{any_of('tuần')}\s+(?P<week>{_THIS}|{_NEXT})|\s+(?P<coming>t[ớơ]i)|\s+{_THIS}"
_MONTH = (
    rf"{any_of('tháng')}(?:\s*(?P<m>[0-9]{{1,2}})(?:\s*(?:/|{any_of('năm')})\s*(?P<y>20[0-9]{{2}}))?"
    rf"|\s+(?P<next>{_NEXT})|\s+{_THIS})?"
)
_FORMS: tuple[tuple[str, Callable[[re.Match[str], Today], date | None]], ...] = (
    (rf"{any_of('hôm|bữa|trong hôm|trong ngày hôm|ngày hôm')}\s+nay|{any_of('trong ngày|nay')}", _offset(0)),
    (any_of("ngày mai|bữa mai|hôm mai|mai"), _offset(1)),
    # The dictionary's "ngày kia" is the day after tomorrow; "kìa", with its mark, is another.
    (rf"ng[aà]y\s+kia|{any_of('ngày|bữa|hôm')}\s+m[oôố]t|mốt", _offset(2)),
    (
        rf"(?:{any_of('thứ')}\s*(?P<number>[2-7]|{any_of('|'.join(_WEEKDAYS))})|t(?P<short>[2-7])"
        rf"|cn|{any_of('chủ nhật|chúa nhật')})(?!\w)(?:{_OF_WEEK})?",
        _weekday,
    ),
    (rf"(?:{any_of('ngày')}\s*)?{_DM}", _day_month),
    (
        rf"(?:{any_of('ngày')}\s*)?(?P<d>[0-9]{{1,2}})\s+{any_of('tháng')}\s+(?P<m>[0-9]{{1,2}})"
        rf"(?:\s*(?:/|{any_of('năm')})\s*(?P<y>20[0-9]{{2}}))?",
        _day_month,
    ),
    (
        rf"{any_of('ngày')}\s*(?P<d>[0-9]{{1,2}})(?:\s+{any_of('tháng')}\s+(?:(?P<next>{_NEXT})|(?P<this>{_THIS})))?",
        _day_alone,
    ),
    (rf"{_ENDS}\s+{any_of('tuần')}(?:\s+(?:(?P<next>{_NEXT})|{_THIS}))?", _end_of_week),
    (rf"(?:{any_of('đầu|sang')}\s+)?{any_of('tuần')}\s+{_NEXT}|{any_of('sang tuần')}", _next_week),
    (rf"{_ENDS}\s+{_MONTH}", _end_of_month),
    (rf"{any_of('đầu')}\s+{_MONTH}", _start_of_month),
    (
        rf"{_ENDS}\s+{any_of('quý')}(?:\s*(?P<q>IV|I{{1,3}}|[1-4]))?(?:\s+{_THIS})?"
        rf"(?:\s*(?:/|{any_of('năm')})\s*(?P<y>20[0-9]{{2}}))?",
        _end_of_quarter,
    ),
    (rf"{_ENDS}\s+{any_of('năm')}(?:\s+(?P<y>20[0-9]{{2}})|\s+{_THIS})?", _end_of_year),
    (rf"{_DURATION}\s+{any_of('nữa|sau')}", _later),
    (rf"{any_of('sau|trong vòng|trong')}\s+{_DURATION}(?:\s+{any_of('nữa')})?", _later),
    (_DURATION, _later),
)
_PATTERNS = tuple((re.compile(rf"(?:{form})(?!\w)", re.IGNORECASE), reader) for form, reader in _FORMS)


def day_at(text: str, place: int, today: Today) -> tuple[date | None, int] | None:
    """Return the day named at `place` of `text` and where its name ends; the longest name counts; None without one."""
    found = [(match, reader) for pattern, reader in _PATTERNS if (match := pattern.match(text, place))]
    if not found:
        return None
    match, reader = max(found, key=lambda one: one[0].end())
    return reader(match, today), match.end()
