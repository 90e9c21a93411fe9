"""When people say: to be reminded, to have something done."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.moments import Moment, read_moment, read_span
from domain.periods import WorkCalendar
from domain.vietnamese import format_date, strip_marks

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
CALENDAR = WorkCalendar(ZONE)
NOW = datetime(2026, 11, 24, 9, 10, tzinfo=ZONE)  # a Tuesday
TODAY = NOW.date()


def seen(text: str, now: datetime = NOW) -> tuple[str, str, bool] | None:
    """The instant, the day and whether a time was said, short enough for a table."""
    found = read_moment(text, now, CALENDAR)
    return found and (f"{found.at:%d/%m/%Y %H:%M}", f"{found.day:%d/%m}", found.exact_time)


def at(text: str) -> datetime:
    """An instant by the clock of Hà Nội."""
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("text", "instant", "day"),
    [
        ("chiều nay", "24/11/2026 14:00", "24/11"),
        ("chiều", "24/11/2026 14:00", "24/11"),
        ("trưa", "24/11/2026 11:30", "24/11"),
        ("tối nay", "24/11/2026 19:00", "24/11"),
        ("cuối giờ chiều nay", "24/11/2026 16:00", "24/11"),
        ("cuối ngày", "24/11/2026 16:00", "24/11"),
        ("cuối ngày mai", "25/11/2026 16:00", "25/11"),
        ("sáng nay", "24/11/2026 10:10", "24/11"),  # has begun: in an hour
        ("hôm nay", "24/11/2026 10:10", "24/11"),
        ("trong hôm nay", "24/11/2026 10:10", "24/11"),
        ("24/11", "24/11/2026 10:10", "24/11"),
        ("sáng mai", "25/11/2026 08:00", "25/11"),
        ("mai", "25/11/2026 08:00", "25/11"),
        ("ngày mai", "25/11/2026 08:00", "25/11"),
        ("Mai nhé", "25/11/2026 08:00", "25/11"),
        ("để mai ạ", "25/11/2026 08:00", "25/11"),
        ("mai em gửi", "25/11/2026 08:00", "25/11"),
        ("nhắc lại sáng mai", "25/11/2026 08:00", "25/11"),
        ("ngayf mai", "25/11/2026 08:00", "25/11"),
        ("ngày kia", "26/11/2026 08:00", "26/11"),
        ("mốt", "26/11/2026 08:00", "26/11"),
        ("ngay mot", "26/11/2026 08:00", "26/11"),
        ("thứ Năm", "26/11/2026 08:00", "26/11"),
        ("thứ 5", "26/11/2026 08:00", "26/11"),
        ("t5", "26/11/2026 08:00", "26/11"),
        ("THỨ NĂM", "26/11/2026 08:00", "26/11"),
        ("chiều thứ năm", "26/11/2026 14:00", "26/11"),
        ("thứ năm này", "26/11/2026 08:00", "26/11"),
        ("thứ năm tới", "26/11/2026 08:00", "26/11"),
        ("thứ năm tuần này", "26/11/2026 08:00", "26/11"),
        ("thứ năm tuần sau", "03/12/2026 08:00", "03/12"),
        ("thứ hai tuần sau", "30/11/2026 08:00", "30/11"),
        ("t2 tuần tới", "30/11/2026 08:00", "30/11"),
        ("thứ hai", "30/11/2026 08:00", "30/11"),
        ("thứ ba tuần này", "24/11/2026 10:10", "24/11"),
        ("thứ ba tới", "01/12/2026 08:00", "01/12"),
        ("thứ 7", "30/11/2026 08:00", "28/11"),  # off: the next opening
        ("cn", "30/11/2026 08:00", "29/11"),
        ("chủ nhật", "30/11/2026 08:00", "29/11"),
        ("sáng thứ bảy", "30/11/2026 08:00", "28/11"),
        ("cuối tuần", "27/11/2026 08:00", "27/11"),
        ("hết tuần này", "27/11/2026 08:00", "27/11"),
        ("trong tuần", "27/11/2026 08:00", "27/11"),
        ("cuối tuần sau", "04/12/2026 08:00", "04/12"),
        ("tuan toi", "30/11/2026 08:00", "30/11"),
        ("chieu mai toi gui", "25/11/2026 14:00", "25/11"),
        ("tuần sau", "30/11/2026 08:00", "30/11"),
        ("đầu tuần sau", "30/11/2026 08:00", "30/11"),
        ("27/11", "27/11/2026 08:00", "27/11"),
        ("27-11", "27/11/2026 08:00", "27/11"),
        ("27/11/2026", "27/11/2026 08:00", "27/11"),
        ("27/11/26", "27/11/2026 08:00", "27/11"),
        ("ngày 27/11", "27/11/2026 08:00", "27/11"),
        ("27 tháng 11", "27/11/2026 08:00", "27/11"),
        ("ngày 27 tháng 11 năm 2026", "27/11/2026 08:00", "27/11"),
        ("ngày 27", "27/11/2026 08:00", "27/11"),
        ("ngày 20", "21/12/2026 08:00", "20/12"),  # of the next month, a Sunday
        ("ngày 4 tháng sau", "04/12/2026 08:00", "04/12"),
        ("5/1", "05/01/2027 08:00", "05/01"),  # said in November
        ("1/1", "04/01/2027 08:00", "01/01"),
        ("trước 20/12", "21/12/2026 08:00", "20/12"),
        ("xong trước 18/12 ạ", "18/12/2026 08:00", "18/12"),
        ("trước thứ sáu", "27/11/2026 08:00", "27/11"),
        ("chậm nhất 27/11", "27/11/2026 08:00", "27/11"),
        ("khoảng 27/11", "27/11/2026 08:00", "27/11"),
        ("cuối tháng", "30/11/2026 08:00", "30/11"),
        ("hết tháng này", "30/11/2026 08:00", "30/11"),
        ("cuối tháng sau", "31/12/2026 08:00", "31/12"),
        ("cuối tháng 12", "31/12/2026 08:00", "31/12"),
        ("hết tháng 1", "29/01/2027 08:00", "29/01"),  # 31/01/2027 is a Sunday
        ("cuối tháng 1/2027", "29/01/2027 08:00", "29/01"),
        ("đầu tháng 12", "01/12/2026 08:00", "01/12"),
        ("đầu tháng sau", "01/12/2026 08:00", "01/12"),
        ("hết quý", "31/12/2026 08:00", "31/12"),
        ("hết quý IV", "31/12/2026 08:00", "31/12"),
        ("cuối năm", "31/12/2026 08:00", "31/12"),
        ("sau 2 ngày", "26/11/2026 08:00", "26/11"),
        ("2 ngày nữa", "26/11/2026 08:00", "26/11"),
        ("2 ngày", "26/11/2026 08:00", "26/11"),
        ("hoãn 2 ngày", "26/11/2026 08:00", "26/11"),
        ("trong vòng 2 ngày", "26/11/2026 08:00", "26/11"),
        ("3 hôm nữa", "27/11/2026 08:00", "27/11"),
        ("hai ngày nữa", "26/11/2026 08:00", "26/11"),
        ("sau ngay nua", "30/11/2026 08:00", "30/11"),  # sáu
        ("năm ngày nữa", "30/11/2026 08:00", "29/11"),
        ("10 ngày làm việc nữa", "08/12/2026 08:00", "08/12"),
        ("sau 1 tuần", "01/12/2026 08:00", "01/12"),
        ("2 tuần nữa", "08/12/2026 08:00", "08/12"),
        ("1 tháng nữa", "24/12/2026 08:00", "24/12"),
    ],
)
def test_a_day_is_understood(text: str, instant: str, day: str) -> None:
    assert seen(text) == (instant, day, False)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("14h", "24/11/2026 14:00"),
        ("14:30", "24/11/2026 14:30"),
        ("14h30", "24/11/2026 14:30"),
        ("14g30", "24/11/2026 14:30"),
        ("14 giờ 30 phút", "24/11/2026 14:30"),
        ("lúc 10 giờ rưỡi", "24/11/2026 10:30"),
        ("3h chiều", "24/11/2026 15:00"),
        ("3 gio chieu nay", "24/11/2026 15:00"),
        ("1h trưa", "24/11/2026 13:00"),
        ("8h tối", "24/11/2026 20:00"),
        ("8h", "25/11/2026 08:00"),  # has passed: tomorrow
        ("8h sáng mai", "25/11/2026 08:00"),
        ("sáng mai 8h", "25/11/2026 08:00"),
        ("mai lúc 9h", "25/11/2026 09:00"),
        ("chiều mai 2h30", "25/11/2026 14:30"),
        ("15h ngày 27/11", "27/11/2026 15:00"),
        ("27/11 lúc 9h", "27/11/2026 09:00"),
        ("thứ hai 8:30", "30/11/2026 08:30"),
        ("trước 10h thứ hai tuần sau", "30/11/2026 10:00"),
        ("8h thứ 7", "28/11/2026 08:00"),  # a day off, but the hour was said
        ("30 phút nữa", "24/11/2026 09:40"),
        ("30p nữa", "24/11/2026 09:40"),
        ("sau 30 phút", "24/11/2026 09:40"),
        ("2 tiếng nữa", "24/11/2026 11:10"),
        ("2h nữa", "24/11/2026 11:10"),
        ("hai giờ nữa", "24/11/2026 11:10"),
        ("nhắc lại sau 2 tiếng", "24/11/2026 11:10"),
        ("nửa tiếng nữa", "24/11/2026 09:40"),
        ("1 tiếng rưỡi nữa", "24/11/2026 10:40"),
        ("1h30p nữa", "24/11/2026 10:40"),
    ],
)
def test_a_time_is_understood(text: str, instant: str) -> None:
    assert seen(text) == (instant, instant[:5], True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "85",
        "12/15",
        "không",
        "chưa biết",
        "quý sau",
        "quý này",
        "tháng sau",
        "tháng 12",
        "năm sau",
        "vài ngày nữa",
        "mấy hôm nữa",
        "mai mốt",
        "mai kia",
        "mot",
        "mai?",
        "mai hoặc ngày kia",
        "mai không gửi được",
        "thứ ba",  # today is one
        "t3",
        "thứ hai tuần này",  # has passed
        "thứ 8",
        "tn",  # tối nay, thứ năm, tuần này
        "thu nam toi",  # tới or tối
        "mai toi gui",  # tôi or tối
        "kìa",
        "ngày kìa",
        "hôm qua",
        "hôm kia",
        "hôm sau",
        "sáng",
        "23/11",  # has passed
        "23/11/2026",
        "27/11/2025",
        "31/2",
        "ngày 31",  # November has none
        "ngày 20 tháng này",
        "ngày 0",
        "5/8",
        "giữa tháng",
        "đầu tuần",
        "cuối quý III",
        "sau 20/12",
        "từ 20/12",
        "trước tuần sau",
        "trước Tết",
        "Tết",
        "30 Tết",
        "rằm",
        "mùng 5",
        "mồng 5/12",
        "27/11 âm lịch",
        "ra giêng",
        "3h",
        "3h mai",
        "2 giờ",
        "sau 2 giờ",
        "sau 14h",
        "8h sáng nay",
        "9h chiều",
        "13h sáng",
        "24h",
        "25:00",
        "14:60",
        "0 ngày nữa",
        "400 ngày nữa",
        "60 tuần nữa",
        "0 phút nữa",
        "27/11 và 28/11",
        "14h 15h",
        "để sau",
        "lúc nào cũng được",
        "mai " * 100,
    ],
)
def test_what_is_unclear_or_past_is_no_moment(text: str) -> None:
    assert read_moment(text, NOW, CALENDAR) is None


@pytest.mark.parametrize(
    ("text", "now", "expected"),
    [
        ("chiều nay", "24/11/2026 15:00", ("24/11/2026 16:00", "24/11", False)),
        ("chiều nay", "24/11/2026 17:30", ("24/11/2026 18:00", "24/11", False)),
        ("chiều nay", "24/11/2026 18:00", None),
        ("sáng nay", "24/11/2026 12:00", None),
        ("hôm nay", "24/11/2026 07:00", ("24/11/2026 08:00", "24/11", False)),
        ("hôm nay", "24/11/2026 21:30", ("24/11/2026 22:00", "24/11", False)),
        ("hôm nay", "28/11/2026 09:00", ("30/11/2026 08:00", "28/11", False)),  # a Saturday
        ("thứ năm", "26/11/2026 07:00", None),  # said on a Thursday: this one or the next?
        ("cuối tuần", "27/11/2026 09:00", ("27/11/2026 10:00", "27/11", False)),
        ("cuối tuần", "28/11/2026 09:00", None),
        ("tuần sau", "29/11/2026 09:00", ("30/11/2026 08:00", "30/11", False)),  # said on a Sunday
        ("27/11", "01/12/2026 09:00", None),  # of last month, or of next year
        ("5/1", "01/12/2026 09:00", ("05/01/2027 08:00", "05/01", False)),
        ("cuối tháng 2", "01/12/2026 09:00", ("26/02/2027 08:00", "26/02", False)),
        ("cuối tháng 6", "01/12/2026 09:00", None),
        ("cuối tháng", "31/10/2026 09:00", None),  # a Saturday: the last working day was yesterday
        ("1 tháng nữa", "31/01/2027 09:00", ("01/03/2027 08:00", "28/02", False)),
        ("14h", "24/11/2026 15:00", ("25/11/2026 14:00", "25/11", True)),
        ("8h", "27/11/2026 16:00", ("30/11/2026 08:00", "30/11", True)),  # said on a Friday
        ("30 phút nữa", "24/11/2026 23:50", ("25/11/2026 00:20", "25/11", True)),
    ],
)
def test_the_same_words_mean_another_moment_at_another_time(
    text: str, now: str, expected: tuple[str, str, bool] | None
) -> None:
    assert seen(text, at(now)) == expected


def test_a_holiday_moves_the_instant_and_not_the_day() -> None:
    tet = WorkCalendar(ZONE, days_off=frozenset(date(2027, 2, 4) + timedelta(days=n) for n in range(7)))
    found = read_moment("8/2", at("01/02/2027 09:00"), tet)
    assert found == Moment(at("11/02/2027 08:00"), date(2027, 2, 8), exact_time=False, text="8/2")


def test_now_may_be_of_any_zone() -> None:
    assert read_moment("mai", NOW.astimezone(UTC), CALENDAR) == read_moment("mai", NOW, CALENDAR)
    later = read_moment("2 tiếng nữa", NOW.astimezone(UTC), CALENDAR)
    assert later is not None
    assert later.at == NOW + timedelta(hours=2)


INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31), timezones=st.just(ZONE))
WORDS = (
    "mai|ngày kia|mốt|hôm nay|thứ hai|thứ năm|t6|cn|tuần sau|tuần này|cuối|đầu|hết|tháng|tháng 12|quý|năm|27/11"
    "|24-28/11|ngày 31|14h|3h|8:30|sáng|chiều|tối|2 ngày nữa|30 phút nữa|sau|trước|đến|từ|nghỉ|3 ngày|nữa|em gửi|ạ|,|-"
)
PHRASES = st.lists(st.sampled_from(WORDS.split("|")), min_size=1, max_size=6).map(" ".join)


@given(st.one_of(PHRASES, st.text(max_size=400)), INSTANTS)
def test_no_text_raises_and_no_moment_has_passed(text: str, now: datetime) -> None:
    found = read_moment(text, now, CALENDAR)
    if found is not None:
        assert found.at > now
        assert found.day >= now.date()
        assert found.exact_time or found.day <= found.at.date()
    span = read_span(text, now.date(), CALENDAR)
    if span is not None:
        assert span[0] <= span[1] >= now.date()
        assert (span[1] - span[0]).days <= 366


@given(PHRASES, INSTANTS)
def test_a_moment_is_the_same_however_it_is_typed(text: str, now: datetime) -> None:
    def said(typed: str) -> tuple[datetime, date, bool] | None:
        found = read_moment(typed, now, CALENDAR)
        return found and (found.at, found.day, found.exact_time)

    for typed in (unicodedata.normalize("NFD", text), text.upper(), f"  {text.replace(' ', '   ')}\u00a0", f"{text}."):
        assert said(typed) == said(text)
    marked = said(text)
    # Without marks these are other words as well: tôi, tới; một; sang.
    if not {"tối", "mốt", "sáng"} & set(text.split()):
        assert said(strip_marks(text)) in {marked, None}


@given(st.dates(date(2026, 11, 25), date(2027, 3, 20)))
def test_a_coming_day_written_by_us_reads_back(day: date) -> None:
    for text in (format_date(day), f"{day.day}/{day.month}", f"trước {day.day}/{day.month} ạ"):
        found = read_moment(text, NOW, CALENDAR)
        assert found is not None
        assert found.day == day
        assert CALENDAR.is_working_day(found.at.date())
        assert found.at.time() == time(8)
