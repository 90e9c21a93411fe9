"""What a leader is told: nothing counted twice, nothing missing counted as done, the worst agency first."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.model import Target
from domain.outlook import Outlook
from domain.status import CommuneTally, Counts, StatusRow, roll_up, summarise, with_outlook

TODAY = date(2026, 11, 30)
TARGET = Target("number", ">=", Decimal(65), unit="%", raw="≥ 65")


def row(name: str = "a", **changes: Any) -> StatusRow:
    """A row of Phòng Kinh tế, due today and missing unless told otherwise."""
    values: dict[str, Any] = {
        "indicator_id": 1,
        "name": name,
        "section": "I",
        "agency": "Phòng Kinh tế",
        "due": TODAY,
        "target": TARGET,
        "status": "missing",
        "value": None,
        "verdict": None,
    }
    return StatusRow(**{**values, **changes})


def test_nothing_to_report_is_a_report_of_nothing() -> None:
    report = summarise([], TODAY)
    assert (report.total, report.overdue_count, report.overdue, report.next_due) == (0, 0, (), ())


def test_reported_figures_are_met_or_not_or_left_to_judge() -> None:
    met, not_met = row("a", status="reported", verdict="met"), row("b", status="reported", verdict="not_met")
    words = row("c", status="reported", verdict="needs_judgement")
    early = row("d", status="reported", verdict="not_assessable")
    report = summarise([met, not_met, words, early], TODAY)
    assert report.reported == (met, not_met, words, early)
    assert (report.met, report.not_met, report.to_judge) == ((met,), (not_met,), (words, early))
    assert report.missing == ()


def test_no_figure_yet_is_missing_and_not_judged() -> None:
    said_so = row(status="no_data", verdict="not_assessable", due=date(2026, 11, 29))
    report = summarise([said_so], TODAY)
    assert (report.missing, report.reported, report.to_judge) == ((said_so,), (), ())
    assert report.overdue_count == 1


def test_zero_is_a_figure() -> None:
    report = summarise([row(status="reported", verdict="not_met", value=Decimal(0))], TODAY)
    assert (len(report.reported), report.missing) == (1, ())


def test_due_today_is_not_late_and_due_yesterday_is() -> None:
    report = summarise([row(due=TODAY), row(due=date(2026, 11, 29))], TODAY)
    assert [(lag.agency, lag.days_late) for lag in report.overdue] == [("Phòng Kinh tế", 1)]
    assert report.next_due == ((TODAY, 1),)


def test_the_agency_with_most_overdue_comes_first_then_the_latest_then_by_name() -> None:
    late, very_late = date(2026, 11, 20), date(2026, 10, 1)
    rows = [
        row(agency="Công an xã", due=late),
        row(agency="Ban Chỉ huy quân sự", due=late),
        row(agency="Trạm Y tế", due=very_late),
        row(agency="Văn phòng", due=late),
        row(agency="Văn phòng", due=very_late),
    ]
    report = summarise(rows, TODAY)
    assert [(lag.agency, len(lag.rows), lag.days_late) for lag in report.overdue] == [
        ("Văn phòng", 2, 60),
        ("Trạm Y tế", 1, 60),
        ("Ban Chỉ huy quân sự", 1, 10),
        ("Công an xã", 1, 10),
    ]


def test_what_nobody_is_assigned_is_counted_and_blamed_on_nobody() -> None:
    nobodys = row(agency=None, due=date(2026, 11, 1))
    report = summarise([nobodys], TODAY)
    assert (report.total, report.unassigned, report.missing, report.overdue) == (1, (nobodys,), (), ())


def test_without_a_due_day_nothing_is_late_or_coming() -> None:
    report = summarise([row(due=None)], TODAY)
    assert (len(report.missing), report.overdue, report.next_due) == (1, (), ())


def test_coming_due_days_are_in_order_with_how_many_fall_on_each() -> None:
    later, sooner = date(2026, 12, 31), date(2026, 12, 15)
    report = summarise([row(due=later), row(due=sooner), row(due=later)], TODAY)
    assert report.next_due == ((sooner, 1), (later, 2))


rows = st.builds(
    row,
    agency=st.sampled_from([None, "A", "B"]),
    due=st.one_of(st.none(), st.dates(date(2026, 11, 1), date(2026, 12, 31))),
    status=st.sampled_from(["missing", "reported", "no_data"]),
    verdict=st.sampled_from(["met", "not_met", "not_assessable", "needs_judgement", None]),
)


@given(st.lists(rows, max_size=12))
def test_the_parts_make_up_the_whole(given_rows: list[StatusRow]) -> None:
    report = summarise(given_rows, TODAY)
    assert report.total == len(given_rows) == len(report.reported) + len(report.missing) + len(report.unassigned)
    assert len(report.reported) == len(report.met) + len(report.not_met) + len(report.to_judge)
    undated = sum(found.due is None for found in report.missing)
    assert len(report.missing) == report.overdue_count + sum(number for _, number in report.next_due) + undated


def test_every_row_is_one_thing_to_a_reader() -> None:
    yesterday = date(2026, 11, 29)
    slow = Outlook("unlikely", yesterday, Decimal(50))
    assert row(agency=None).state(TODAY) == "unassigned"
    assert row().state(TODAY) == "missing"
    assert row(due=yesterday).state(TODAY) == "overdue"
    assert row(status="reported", verdict="met").state(TODAY) == "met"
    assert row(status="reported", verdict="met", outlook=Outlook("at_risk")).state(TODAY) == "at_risk"
    assert row(status="reported", verdict="not_met", outlook=slow).state(TODAY) == "at_risk"
    assert row(status="reported", verdict="not_met", outlook=slow, due=yesterday).state(TODAY) == "not_met"
    assert row(status="reported", verdict="needs_judgement").state(TODAY) == "to_judge"


def test_a_pace_that_does_not_lead_to_the_target_is_a_risk_and_one_figure_is_no_pace() -> None:
    found = row(status="reported", verdict="not_met", due=date(2026, 12, 31))
    first, second = (date(2026, 10, 1), Decimal(10)), (date(2026, 11, 20), Decimal(20))
    assert with_outlook(found, [first], TODAY).outlook is None
    assert with_outlook(found, [first, second], TODAY).state(TODAY) == "at_risk"
    assert with_outlook(found, [first, (second[0], Decimal(60))], TODAY).state(TODAY) == "not_met"


@given(
    st.lists(
        st.builds(
            row,
            agency=st.sampled_from([None, "A", "B"]),
            section=st.sampled_from(["", "I", "II"]),
            status=st.sampled_from(["missing", "reported", "no_data"]),
            verdict=st.sampled_from(["met", "not_met", "needs_judgement"]),
            due=st.sampled_from([None, date(2026, 11, 1), date(2026, 12, 31)]),
        )
    )
)
def test_parts_add_up_to_the_whole_however_it_is_cut(rows: list[StatusRow]) -> None:
    report = summarise(rows, TODAY)
    counts = report.counts
    for groups in (report.agencies, report.sections):
        assert sum((group.counts for group in groups), Counts()) == counts
        assert sorted(id(each) for group in groups for each in group.rows) == sorted(map(id, rows))
    assert counts.total == counts.reported + counts.missing + counts.unassigned
    assert counts.reported == counts.met + counts.not_met + counts.to_judge
    assert (counts.reported, counts.missing) == (len(report.reported), len(report.missing))
    assert counts.overdue == len(report.overdue_rows) <= counts.missing


def test_silence_never_looks_good() -> None:
    silent = CommuneTally(1, "xã Im", 1, Counts(total=10, reported=1, met=1, missing=9))
    busy = CommuneTally(2, "xã Siêng", 1, Counts(total=10, reported=10, met=6, not_met=4))
    new = CommuneTally(3, "xã Mới", 0, Counts())
    found = roll_up([busy, new, silent])
    assert [each.name for each in found.communes] == ["xã Im", "xã Siêng"]
    assert (silent.counts.completeness, silent.counts.result) == (Decimal("10.0"), Decimal("10.0"))
    assert (found.counts.completeness, found.counts.result) == (Decimal("55.0"), Decimal("35.0"))
    assert [each.name for each in found.without_plan] == ["xã Mới"]
