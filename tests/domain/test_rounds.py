"""Who is told at a bell: the rungs of the ladder, those on leave, those nobody can reach, one digest a day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.periods import WorkCalendar
from domain.reminders import bells, next_reminder
from domain.rounds import Contact, Heard, Notice, OpenDuty, Round, plan_round
from domain.rungs import RUNGS, ReminderRules, Rung
from tests.cast import DUE, ZONE

CALENDAR = WorkCalendar(ZONE)
LAN, HOA, SON, MAI, MINH = 1, 2, 3, 4, 5
OFFICE = 7
STAFF = (Contact(LAN, "officer"), Contact(SON, "alternate"), Contact(MAI, "head"))
LEADERS = (Contact(MINH, "leader"),)


def morning(day: int, month: int = 11) -> datetime:
    """The opening of the sending window."""
    return datetime(2026, month, day, 8, tzinfo=ZONE)


def rung(
    at: datetime,
    *staff: Contact,
    told: dict[Rung, date] | None = None,
    bell: datetime | None = None,
    heard: dict[int, set[date]] | None = None,
    due: date = DUE,
) -> Round:
    """The round of one duty at an instant."""
    duty = OpenDuty(10, OFFICE, due, bell or at, told=told or {})
    days = Heard({person: frozenset(found) for person, found in (heard or {}).items()})
    return plan_round([duty], {OFFICE: staff or STAFF}, LEADERS, days, at, CALENDAR)


def told(found: Round) -> dict[int, Rung]:
    """Who is told, on which rung."""
    return {person: notices[0].rung for person, notices in found.notices.items()}


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (morning(10), {LAN: "officer"}),
        (morning(30), {LAN: "officer"}),
        (morning(1, 12), {LAN: "officer", SON: "alternate"}),
        (morning(3, 12), {LAN: "officer", SON: "alternate", MAI: "head"}),
    ],
)
def test_the_later_it_is_the_higher_it_goes(at: datetime, expected: dict[int, Rung]) -> None:
    day = at.date() - timedelta(days=1)
    found = rung(at, told={"officer": day, "alternate": day} if at.day == 3 else {"officer": day})
    assert told(found) == expected


def test_leaders_are_told_on_the_fifth_day_and_officers_are_not_nagged_then() -> None:
    third = date(2026, 12, 3)
    found = rung(morning(7, 12), told={"officer": third, "alternate": third, "head": third})
    assert told(found) == {MINH: "leader"}
    assert found.bells == {10: morning(8 + 2, 12)}


def test_whoever_was_told_since_the_latest_step_is_not_told_again() -> None:
    third = date(2026, 12, 3)
    found = rung(morning(4, 12), bell=morning(3, 12), told=dict.fromkeys(RUNGS, third))
    assert found.notices == {}
    assert found.nobody == frozenset()


def test_a_bell_that_was_asked_for_rings_for_the_officers_whatever_they_were_told() -> None:
    fourth = morning(4, 12).replace(hour=14)
    found = rung(fourth, bell=fourth, told=dict.fromkeys(RUNGS, date(2026, 12, 3)))
    assert told(found) == {LAN: "officer"}


def test_of_the_steps_missed_only_the_latest_counts_and_each_is_told_once() -> None:
    found = rung(morning(4, 12), bell=morning(19))
    assert told(found) == {LAN: "officer", SON: "alternate", MAI: "head"}
    assert found.bells == {10: morning(7, 12)}


def test_in_the_stead_of_somebody_on_leave_their_stand_in_is_told() -> None:
    away = Contact(LAN, "officer", away=True, stand_in=HOA)
    assert rung(morning(30), away, *STAFF[1:]).notices == {HOA: (Notice(10, "officer", "stand_in"),)}


@pytest.mark.parametrize("lan", [Contact(LAN, "officer", reachable=False), Contact(LAN, "officer", away=True)])
def test_where_no_officer_can_be_told_the_next_contact_is(lan: Contact) -> None:
    assert rung(morning(30), lan, *STAFF[1:]).notices == {SON: (Notice(10, "officer", "nobody_else"),)}
    blocked = Contact(SON, "alternate", reachable=False)
    assert rung(morning(30), lan, blocked, STAFF[2]).notices == {MAI: (Notice(10, "officer", "nobody_else"),)}


def test_a_duty_nobody_can_be_told_of_is_said_to_be_one() -> None:
    nobody = rung(morning(30), Contact(LAN, "officer", reachable=False))
    assert nobody.nobody == {10}
    assert nobody.bells == {10: morning(1, 12)}


def test_who_had_a_digest_today_waits_for_the_next_morning() -> None:
    found = rung(morning(30), heard={LAN: {date(2026, 11, 30)}})
    assert found.notices == {}
    assert (found.deferred, found.bells) == ({10}, {10: morning(1, 12)})


def test_nobody_gets_more_than_the_weekly_cap() -> None:
    week = {date(2026, 11, day) for day in (24, 25, 26, 27)}
    assert rung(morning(30), heard={LAN: week}).deferred == {10}
    assert rung(morning(30), heard={LAN: week - {date(2026, 11, 24)} | {date(2026, 11, 23)}}).deferred == frozenset()


def test_one_person_gets_one_digest_of_all_their_duties() -> None:
    duties = [OpenDuty(number, OFFICE, DUE, morning(30)) for number in (1, 2, 3)]
    found = plan_round(duties, {OFFICE: STAFF}, LEADERS, Heard(), morning(30), CALENDAR)
    assert {person: [notice.duty_id for notice in mine] for person, mine in found.notices.items()} == {LAN: [1, 2, 3]}


def test_a_plan_may_have_steps_of_its_own() -> None:
    duty = OpenDuty(10, OFFICE, DUE, morning(20), steps=(-2, 0))
    found = plan_round([duty], {OFFICE: STAFF}, LEADERS, Heard(), morning(20), CALENDAR)
    assert found.bells == {10: morning(26)}


@pytest.mark.parametrize(
    ("rules", "problem"),
    [
        (ReminderRules(), None),
        (ReminderRules(steps=()), "no_steps"),
        (ReminderRules(steps=(-3, -7)), "steps_order"),
        (ReminderRules(steps=(0, 0)), "steps_order"),
        (ReminderRules(steps=(-1000, 0)), "steps_order"),
        (ReminderRules(steps=(5, 10), alternate_after=3), "escalation_first"),
        (ReminderRules(head_after=9), "escalation_order"),
        (ReminderRules(alternate_after=-5, head_after=-2), "escalation_early"),
    ],
)
def test_rules_that_cannot_be_followed_are_found_out(rules: ReminderRules, problem: str | None) -> None:
    assert rules.problem() == problem


spans = st.lists(st.integers(-40, 20), min_size=1, max_size=8, unique=True).map(sorted).map(tuple)
rules_that_hold = st.builds(
    ReminderRules,
    spans,
    st.integers(1, 20),
    st.integers(-5, 10),
    st.integers(1, 15),
    st.integers(1, 30),
    st.integers(1, 7),
).filter(lambda rules: rules.problem() is None)


@settings(deadline=None)
@given(rules_that_hold, st.dates(date(2025, 1, 1), date(2029, 12, 31)))
def test_bells_ring_on_working_days_in_order_and_for_every_rung(rules: ReminderRules, due: date) -> None:
    calendar = WorkCalendar(ZONE, rules=rules)
    found = list(islice(bells(due, calendar), 40))
    assert all(one < other for one, other in pairwise(found))
    assert all(calendar.is_open(at) for at in found)
    assert all(next_reminder(due, one, calendar) == other for one, other in pairwise(found))
    anchor = calendar.last_working_day(due)
    days = {calendar.today(at) for at in found}
    for each in RUNGS:
        assert {calendar.step(anchor, day) for day in islice(rules.days(each), 3)} <= days


@settings(deadline=None)  # the first of a kind works out years of steps
@given(rules_that_hold)
def test_somebody_who_never_answers_is_told_on_every_day_of_their_rung_and_no_other(rules: ReminderRules) -> None:
    calendar = WorkCalendar(ZONE, rules=ReminderRules(**{**_fields(rules), "weekly_cap": 7}))
    due = date(2026, 6, 30)
    anchor = calendar.last_working_day(due)
    last: dict[Rung, date] = {}
    heard: dict[Rung, list[date]] = {each: [] for each in RUNGS}
    bell = next(bells(due, calendar))
    staff = (Contact(LAN, "officer"), Contact(SON, "alternate"), Contact(MAI, "head"))
    for _ in range(25):
        duty = OpenDuty(1, OFFICE, due, bell, told=dict(last))
        found = plan_round([duty], {OFFICE: staff}, LEADERS, Heard(), bell, calendar)
        for notices in found.notices.values():
            for notice in notices:
                heard[notice.rung].append(calendar.today(bell))
                last[notice.rung] = calendar.today(bell)
        bell = found.bells[1]
    for each in RUNGS:
        wanted = (calendar.step(anchor, day) for day in rules.days(each))
        expected = [day for day in islice(wanted, 60) if heard[each] and heard[each][0] <= day <= heard[each][-1]]
        assert heard[each] == expected


def _fields(rules: ReminderRules) -> dict[str, object]:
    return {name: getattr(rules, name) for name in rules.__slots__}
