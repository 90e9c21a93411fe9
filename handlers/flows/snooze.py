"""Putting a reminder off: the person says until when, by a choice or in words."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from domain.conversation import Answer, Done, Flow, Go, Outcome, Stay, Step
from domain.moments import read_moment
from domain.vietnamese import format_day
from handlers.prompts import Offer
from handlers.reach import next_owed
from handlers.turn import Turn
from storage import duties, snoozes

LONGEST = timedelta(days=31)
_AFTERNOON = time(14)
_SOON = timedelta(hours=1)  # nobody puts off by less


async def begin(turn: Turn, what: str) -> Outcome:
    """Ask until when; `what` is "2026-11-30:3" from a digest: what is owed to a unit up to a day, or else what is next.

    It may come from anybody, so it only narrows what the person owes.
    """
    owed = await duties.lines_of(turn.tx, turn.person_id)
    until, _, unit = (what or next_owed(owed)).partition(":")
    waiting = [line for line in owed if line.status != "reported" and str(line.unit_id) == unit]
    dues = [line.due for line in waiting if line.due.isoformat() <= until]
    if not dues:
        turn.say("report/nothing_missing")
        return Done()
    return Go("when", {"unit": waiting[0].unit_id, "first": min(dues).isoformat(), "last": max(dues).isoformat()})


async def _ask_when(turn: Turn) -> Outcome | None:
    turn.say("snooze/ask", offers=[*_likely(turn), Offer("stop")], numbered=False)
    return None


def _likely(turn: Turn) -> list[Offer]:
    """Return the moments people mostly choose: this afternoon, the next working mornings, the coming Monday."""
    calendar = turn.calendar
    afternoon = datetime.combine(turn.today, _AFTERNOON, calendar.zone)
    found: dict[datetime, Offer] = {}
    if afternoon - turn.now >= _SOON and calendar.is_open(afternoon):
        found[afternoon] = Offer(_at(afternoon), "this_afternoon")
    following = calendar.step(turn.today, 1)
    monday = turn.today + timedelta(days=7 - turn.today.weekday())
    for day in (following, calendar.step(following, 1), monday):
        opening = calendar.opening(day)
        if not calendar.is_working_day(day) or opening in found:
            continue
        tomorrow = day - turn.today == timedelta(days=1)
        found[opening] = Offer(_at(opening), "tomorrow") if tomorrow else Offer(_at(opening), words=format_day(day))
    return [found[at] for at in sorted(found)]


def _at(moment: datetime) -> str:
    return f"at:{moment.isoformat()}"


async def _take_when(turn: Turn, answer: Answer) -> Outcome:
    if answer.choice == "stop":
        turn.say("snooze/kept")
        return Done()
    at = _moment(turn, answer)
    if at is None or not turn.now < at <= turn.now + LONGEST:
        turn.say("snooze/when_wanted", aside=True)
        return Stay()
    data: dict[str, Any] = dict(turn.place.data) if turn.place else {}
    snoozes.put_off(turn.tx, turn.person_id, data["unit"], date.fromisoformat(data["last"]), at)
    local = at.astimezone(turn.calendar.zone)
    first = date.fromisoformat(data["first"])
    turn.say("snooze/done", settles=True, at=local, due=first, passed=turn.today <= first < local.date())
    return Done()


def _moment(turn: Turn, answer: Answer) -> datetime | None:
    """Return the moment chosen or said, moved into the hours in which people are written to."""
    if answer.choice is not None:
        return datetime.fromisoformat(answer.choice.removeprefix("at:")) if answer.choice.startswith("at:") else None
    said = read_moment(answer.text, turn.now.astimezone(turn.calendar.zone), turn.calendar)
    if said is None or said.at <= turn.now:
        return None
    return said.at if turn.calendar.is_open(said.at) else turn.calendar.next_opening(said.at)


FLOW = Flow("snooze", {"when": Step(_ask_when, _take_when)}, views=frozenset({"when"}))
