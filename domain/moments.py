"""When: the moment a person names to be reminded at or to have something done by, and the days they are away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from domain.deadlines import parse_day
from domain.figure_scales import any_of
from domain.figure_text import MAX_READ, tidy
from domain.moment_days import LONGEST, NUMBER, Today, coming, count_of, day_at, months_later
from domain.periods import WorkCalendar
from domain.reply_vocabulary import PHRASES
from domain.reply_words import known_leftover
from domain.vietnamese import clean


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment as a person named it.

    `day` is the day they said, also where it is a day off; `at` the instant to act on it: the time said (`exact_time`),
    else the start of the part of the day said, else the opening of the sending window, of the next working day where
    `day` is off. `text` keeps the words.
    """

    at: datetime
    day: date
    exact_time: bool
    text: str


_HOUR = timedelta(hours=1)
# When a part of the day begins, and until when people still call it that.
_PARTS = {
    "sáng": (None, time(12)),
    "trưa": (time(11, 30), time(13, 30)),
    "cuối giờ chiều|cuối giờ|cuối chiều|cuối buổi chiều|cuối ngày": (time(16), time(18)),
    "chiều": (time(14), time(18)),
    "tối": (time(19), time(22)),
}
_DAY_ENDS = time(22)
_PART = re.compile(
    "|".join(
        f"(?P<p{number}>(?:{any_of('buổi|đầu giờ|đầu buổi')}\\s+)?{any_of(names)})(?!\\w)"
        for number, names in enumerate(_PARTS)
    ),
    re.IGNORECASE,
)
_EARLY = 7  # "3h" without a part of the day is 3 or 15
_CLOCK = re.compile(
    rf"(?P<h>[0-9]{{1,2}})(?:\s?:\s?(?P<m>[0-5][0-9])|\s?(?:h|g|{any_of('giờ')})(?:\s?(?P<min>[0-5]?[0-9])"
    rf"(?:\s?(?:p|{any_of('phút')}))?|\s+(?P<half>{any_of('rưỡi')}))?)(?!\w|\s+{any_of('nữa')})",
    re.IGNORECASE,
)
_HOURS = any_of("tiếng đồng hồ|tiếng")
_SPAN = re.compile(
    rf"(?P<after>{any_of('sau')}\s+)?(?:(?P<some>{any_of('nửa')}\s+(?:{_HOURS}|{any_of('giờ')}))"
    rf"|(?P<hours>{NUMBER})\s?(?P<word>{_HOURS}|{any_of('giờ')}|h|g)(?:\s?(?P<minutes>{NUMBER})\s?(?:{any_of('phút')}|p)"
    rf"|\s+(?P<half>{any_of('rưỡi')}))?"
    rf"|(?P<only>{NUMBER})\s?(?:{any_of('phút')}|p))(?P<more>\s+{any_of('nữa')})?(?!\w)",
    re.IGNORECASE,
)
_SAID = (
    "vào lúc|vào|lúc|hồi|khoảng|tầm|chừng|cỡ|chậm nhất là|chậm nhất|muộn nhất|trễ nhất|đến|tới|hạn|hẹn"
    "|xin lùi|xin hoãn|hoãn|lùi|để|nhắc lại|nhắc|báo lại|báo|gửi lại|gửi|nộp|bổ sung|báo cáo|cập nhật|trả lời|nhập"
    "|làm xong|làm|hoàn thành|hoàn tất|xong|sẽ|cho em|cho tôi|cho|giúp|đi|lại|được|số liệu|thêm|trong|mới|có"
)
_AROUND = re.compile(rf"(?:{any_of(_SAID + '|' + PHRASES['polite'])}(?!\w)|[,.!;-])\s*", re.IGNORECASE)
_EVENING_OR_I = re.compile(r"toi(?!\w)")  # tối, tôi or tới, with the marks left out
# Before a day is by that day; before a week or a month is another.
_BEFORE = re.compile(rf"{any_of('trước')}\s+(?!{any_of('tuần|đầu|cuối|hết|tháng|quý|năm|trong')}(?!\w))", re.IGNORECASE)


def _plain(text: str) -> str:
    """Return `text` in lower case and one spelling of the characters, ready for the patterns; "" when too long."""
    if len(text) > MAX_READ:
        return ""
    words = re.sub(r"[^\W_]{4,}", lambda m: known_leftover(m[0]) or m[0], tidy(text).lower())
    return " ".join(words.split())


def read_moment(text: str, now: datetime, calendar: WorkCalendar) -> Moment | None:
    """Return the moment that the whole of `text` names, seen from `now` (aware); None where it is unclear or past.

    `text` may be anything of any length; it never raises. Marks may be left out. Read are times ("14h30", "2 tiếng
    nữa"), parts of days ("chiều mai") and days (`domain.moment_days`), with "dạ", "nhắc lại", "gửi", "xong" around.

    * "trước 20/12" is the day itself, as in a plan (`domain.deadlines`); "sau 20/12" names no day.
    * A time alone that has passed today is the next working day's. "3h" is 3 or 15: only "3h chiều" is read.
    * A part of today that has begun is an hour from now, within that part.
    * "thứ năm" said on a Thursday, "27/11" in December, "quý sau", "mai mốt", "mùng 5", Tết: nobody can tell; None.
    """
    local = now.astimezone(calendar.zone)
    said = _plain(text)
    today = Today(local.date(), calendar)
    place = 0
    clock = part = day = None
    doubtful = False
    while place < len(said):
        rest = _AROUND.match(said, place) or _BEFORE.match(said, place)
        if (span := _SPAN.match(said, place)) and (later := _later(span, now)) is not None:
            alone = clock is None and part is None and day is None and not _AROUND.sub("", said[span.end() :]).strip()
            return Moment(later, calendar.today(later), exact_time=True, text=clean(text)) if alone else None
        if unmarked := _EVENING_OR_I.match(said, place):
            doubtful, end = True, unmarked.end()
        elif clock is None and (found := _CLOCK.match(said, place)):
            clock, end = found, found.end()
        elif day is None and (named := day_at(said, place, today)):
            day, end = named
            if day is None:
                return None
        elif part is None and (found := _PART.match(said, place)):
            part, end = found, found.end()
        elif rest:
            end = rest.end()
        else:
            return None
        place = end + (said[end : end + 1] == " ")
    if doubtful and part is None:
        return None
    return _moment(clock, part, day, local, calendar, clean(text))


def _later(span: re.Match[str], now: datetime) -> datetime | None:
    """Return the instant of "2 tiếng nữa"; None for "2 giờ" and "sau 2 giờ", which may be a time of day."""
    if span["word"] and not span["more"] and not re.fullmatch(_HOURS, span["word"], re.IGNORECASE):
        return None
    hours = count_of(span["hours"]) if span["hours"] else 0
    minutes = count_of(span["minutes"] or span["only"]) if span["minutes"] or span["only"] else 0
    minutes += 30 if span["half"] or span["some"] else 0
    length = timedelta(hours=hours, minutes=minutes)
    return (now.astimezone(UTC) + length).astimezone(now.tzinfo) if length else None


def _moment(
    clock: re.Match[str] | None,
    part: re.Match[str] | None,
    day: date | None,
    now: datetime,
    calendar: WorkCalendar,
    text: str,
) -> Moment | None:
    name = next((name for n, name in enumerate(_PARTS) if part and part[f"p{n}"]), None)
    if clock is not None:
        return _at_time(clock, name, day, now, calendar, text)
    if name is None and day is None:
        return None
    starts, ends = _PARTS[name] if name else (None, _DAY_ENDS)
    if name == "sáng" and day is None:
        return None  # of today or of tomorrow
    said = day or now.date()
    at = datetime.combine(said, starts or calendar.opens, calendar.zone)
    if said == now.date() and at <= now:
        at = min(now + _HOUR, datetime.combine(said, ends, calendar.zone))
        if at <= now:
            return None
    if not calendar.is_working_day(said):
        at = calendar.next_opening(calendar.opening(said))
    return Moment(at, said, exact_time=False, text=text)


def _at_time(
    clock: re.Match[str], part: str | None, day: date | None, now: datetime, calendar: WorkCalendar, text: str
) -> Moment | None:
    hour = _hour(int(clock["h"]), part)
    if hour is None:
        return None
    minute = 30 if clock["half"] else int(clock["m"] or clock["min"] or 0)
    at = datetime.combine(day or now.date(), time(hour, minute), calendar.zone)
    if at <= now:
        if day is not None or part is not None:
            return None
        at = datetime.combine(calendar.step(now.date(), 1), time(hour, minute), calendar.zone)
    return Moment(at, at.date(), exact_time=True, text=text)


def _hour(hour: int, part: str | None) -> int | None:
    """Return the hour of the day that "3 giờ chiều" says, or None where hour and part do not fit."""
    if part is None:
        return hour if _EARLY <= hour <= 23 else None
    first, last = {"sáng": (4, 11), "trưa": (10, 14), "tối": (18, 23)}.get(part, (12, 18))
    return next((h for h in (hour, hour + 12) if first <= h <= last), None)


_ABSENCES = (
    "xin phép|nghỉ phép|nghỉ ốm|nghỉ thai sản|thai sản|nghỉ mát|nghỉ|đi công tác|công tác|đi học|học|đi làm|đi|vắng mặt"
    "|vắng|phép|ốm|bận|tập huấn|bắt đầu|kể|cả|em|tôi|sẽ|lại|mới"
)
_AWAY = re.compile(rf"{any_of(_ABSENCES + '|' + PHRASES['polite'])}(?!\w)\s*|[,.!]\s*", re.IGNORECASE)
_TRAILING = re.compile(rf"(?:\s+{any_of(_ABSENCES + '|ạ|nhé|nha|mình')}|[\s.!])+$", re.IGNORECASE)
_FROM = rf"(?:{any_of('từ')}\s+)"
_UNTIL = any_of("cho đến hết|đến hết|tới hết|cho đến|đến|tới|hết")
_COMPACT = re.compile(
    rf"{_FROM}?(?:{any_of('ngày')}\s*)?(?P<a>[0-9]{{1,2}})\s*(?:-+>?|{any_of('đến|tới')}(?:\s+{any_of('hết')})?)"
    rf"\s*(?:{any_of('ngày')}\s*)?(?P<b>[0-9]{{1,2}})\s?/\s?(?P<m>[0-9]{{1,2}})(?:\s?/\s?(?P<y>20[0-9]{{2}}|[0-9]{{2}}))?"
)
_PLAIN_DAY = re.compile(rf"(?:{any_of('ngày')}\s*)?(?P<d>[0-9]{{1,2}})\s?/\s?(?P<m>[0-9]{{1,2}})", re.IGNORECASE)
_LENGTH = (
    rf"(?P<n>{NUMBER})\s?(?:(?P<days>{any_of('ngày làm việc|ngày|hôm|bữa')})|(?P<weeks>{any_of('tuần')})"
    rf"|{any_of('tháng')})"
)
_COUNTED = (
    re.compile(rf"{_LENGTH}[\s,]+{_FROM}(?P<from>.+)", re.IGNORECASE),
    re.compile(rf"{_FROM}(?P<from>.+?)[\s,]+(?:{any_of('trong')}\s+)?(?:{any_of('nghỉ')}\s+)?{_LENGTH}", re.IGNORECASE),
)
_WEEK = re.compile(
    rf"(?:{any_of('hết')}\s+)?{any_of('tuần')}\s+(?:(?P<this>{any_of('này|nay')})|{any_of('sau|tới')})", re.IGNORECASE
)
# Counted from today also at the end of a span.
_FROM_TODAY = re.compile(rf"\b(?:{any_of('mai|nay|này|kia|mốt|nữa|sau|tới')})\b", re.IGNORECASE)


def read_span(text: str, today: date, calendar: WorkCalendar) -> tuple[date, date] | None:
    """Return the first and the last day that the whole of `text` says somebody is away, both included, or None.

    `text` may be anything of any length; it never raises. The span has not ended before `today` and is at most a year
    long. "nghỉ 3 ngày từ thứ hai" counts working days, weeks and months count every day; "đến hết 30/11" begins today,
    "tuần sau" is its working days. A span without an end, "3 ngày" without a beginning and days read as in
    `read_moment` to be unclear are None, and so are half days.
    """
    said = _plain(text)
    while found := _AWAY.match(said):
        said = said[found.end() :]
    said = _TRAILING.sub("", said)
    span = _span(said, Today(today, calendar))
    if span is None or span[1] < today or not timedelta(0) <= span[1] - span[0] <= timedelta(days=LONGEST):
        return None
    return span


def _span(said: str, today: Today) -> tuple[date, date] | None:
    if found := _COMPACT.fullmatch(said):
        last = coming(int(found["b"]), int(found["m"]), found["y"], today)
        first = parse_day(f"{found['a']}/{found['m']}/{last.year}") if last else None
        return (first, last) if first and last else None
    for pattern in _COUNTED:
        if found := pattern.fullmatch(said):
            return _counted(found, today)
    if found := _WEEK.fullmatch(said):
        monday = today.day - timedelta(days=today.day.weekday())
        first = today.day if found["this"] else monday + timedelta(days=7)
        return first, today.calendar.last_working_day(monday + timedelta(days=6 if found["this"] else 13))
    for link in re.finditer(rf"(?:^|\s){_UNTIL}\s+|\s*-+>?\s*", said):
        if span := _between(said[: link.start()].strip(), said[link.end() :].strip(), today):
            return span
    day = None if "-" in said else _whole_day(said, today)
    ending = day and re.match(rf"{any_of('hết|cuối|trong')}\s", said)
    return (today.day if ending else day, day) if day else None


def _between(left: str, right: str, today: Today) -> tuple[date, date] | None:
    """Return the span between two days as typed; without the first it begins today."""
    named = re.sub(rf"^{_FROM}", "", left)
    first = _whole_day(named, today) if left else today.day
    if first is None and (plain := _PLAIN_DAY.fullmatch(named)):
        # Away already: the first day has passed, the last has not.
        last = _whole_day(right, today)
        first = parse_day(f"{plain['d']}/{plain['m']}/{last.year}") if last else None
    if first is None:
        return None
    seen = today if _FROM_TODAY.search(right) or first < today.day else today._replace(day=first)
    last = _whole_day(right, seen) or _whole_day(f"hết {right}", seen)
    return (first, last) if last else None


def _whole_day(said: str, today: Today) -> date | None:
    if re.fullmatch(_LENGTH, said, re.IGNORECASE):
        return None  # "nghỉ 3 ngày" does not say from when
    named = day_at(said, 0, today)
    return named[0] if named and named[1] == len(said) else None


def _counted(found: re.Match[str], today: Today) -> tuple[date, date] | None:
    first, count = _whole_day(found["from"], today), count_of(found["n"])
    if first is None or not 1 <= count <= LONGEST:
        return None
    if found["days"]:
        first = first if today.calendar.is_working_day(first) else today.calendar.step(first, 1)
        return first, today.calendar.step(first, count - 1)
    after = first + timedelta(days=7 * count) if found["weeks"] else months_later(first, count)
    return first, after - timedelta(days=1)
