"""Raised, circled, halved and foreign digits: Python's answers to "is it a digit" differ; none may hang a reader."""

from __future__ import annotations

from datetime import date, datetime

from hypothesis import example, given
from hypothesis import strategies as st

from domain.agencies import find_agency, read_cell
from domain.bulk import read_bulk
from domain.deadlines import parse_day, read_deadline
from domain.extensions import read_wish
from domain.figure_types import measure_of
from domain.figures import read_reply, screen
from domain.model import Target
from domain.moments import read_moment, read_span
from domain.named_targets import read_targets_in_name
from domain.periods import WorkCalendar
from domain.references import read_reference
from domain.targets import read_number, read_target
from domain.unchanged import is_unchanged
from tests.cast import ZONE

CALENDAR = WorkCalendar(ZONE)
NOW = datetime(2026, 11, 23, 9, tzinfo=ZONE)
SHARE = measure_of(read_target("≥ 65", "%"))
TASK = measure_of(Target(kind="task"))
ODD = st.lists(
    st.sampled_from([*"²³¹½①⑩٣௩０Ⅳ𝟙ᵃª", *"0123456789", *"aoOlIđé%.,:;/-+ \n", "tháng ", "ngày ", "số ", "nghìn "]),
    max_size=40,
).map("".join)


@given(ODD)
@example("²3")
@example("I\U000dcc35ßzÉ²3")
@example("1: ²3; 2: a²3")
def test_every_reader_comes_to_an_end(text: str) -> None:
    for measure in (SHARE, TASK):
        read_reply(text, measure)
    is_unchanged(text)
    screen(text)
    read_bulk(text, 12)
    read_moment(text, NOW, CALENDAR)
    read_span(text, date(2026, 11, 23), CALENDAR)
    read_reference(text)
    read_wish(text, NOW, CALENDAR)
    parse_day(text)
    read_deadline(text, 2026)
    read_target(text, "%")
    read_targets_in_name(text)
    read_number(text)
    find_agency(text)
    read_cell(text)
