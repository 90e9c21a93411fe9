"""Asking for more time: until which day and why, in one message or two; whoever leads the unit grants or refuses it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from domain.conversation import Answer, Done, Flow, Go, Outcome, Stay, Step
from domain.extensions import read_wish
from domain.model import DutyLine
from domain.vietnamese import format_date, format_day
from handlers.prompts import Offer
from handlers.recording import KEPT_WORDS
from handlers.requests import ask
from handlers.turn import Turn
from storage import duties

LONGEST_ID = 18  # digits; more would not fit the database's integers
LONGEST = timedelta(days=92)  # after the due day or today, whichever is later
_SOON = (3, 5)  # working days more, offered
_LETTERS = re.compile(r"[^\W\d_]{2,}")


async def begin(turn: Turn, what: str) -> Outcome | None:
    """Ask what is missing of a wish for more time: for which due day, until when, why.

    `what` is the id of a line the person owes, the words they asked in, or nothing.
    """
    lines = [line for line in await duties.lines_of(turn.tx, turn.person_id) if line.status != "reported"]
    mine = {line.duty_id: line for line in reversed(lines)}
    if what.isascii() and what.isdecimal() and len(what) < LONGEST_ID:
        mine = {line.duty_id: line for line in lines if line.id == int(what)}
    if not mine:
        turn.say("extend/nothing_open")
        return Done()
    wish = read_wish(what, turn.now, turn.calendar)
    data: dict[str, Any] = {"words": wish.reason[:KEPT_WORDS]} if wish.reason else {}
    data |= {"day": wish.day.isoformat()} if wish.day else {}
    if len(mine) > 1:
        return Go("which", data)
    return await _next(turn, {**data, "duty": next(iter(mine))})


def _data(turn: Turn) -> Mapping[str, Any]:
    return turn.place.data if turn.place else {}


async def _missing(turn: Turn, duty_id: int) -> list[DutyLine]:
    owed = await duties.lines_of(turn.tx, turn.person_id)
    return [line for line in owed if line.duty_id == duty_id and line.status != "reported"]


async def _ask_which(turn: Turn) -> Outcome | None:
    lines = [line for line in await duties.lines_of(turn.tx, turn.person_id) if line.status != "reported"]
    first = {line.duty_id: line for line in reversed(lines)}
    several = len({line.agency for line in first.values()}) > 1
    offers = [
        Offer(f"duty:{line.duty_id}", words=format_date(line.due) + (f" ({line.agency})" if several else ""))
        for line in sorted(first.values(), key=lambda line: (line.due, line.duty_id))
    ]
    turn.say("extend/which", offers=[*offers, Offer("stop")])
    return None


async def _take_which(turn: Turn, answer: Answer) -> Outcome:
    if answer.choice == "stop":
        return _stop(turn)
    if answer.choice is None or not answer.choice.startswith("duty:"):
        turn.say("extend/which_wanted", aside=True)
        return Stay()
    return await _next(turn, {**_data(turn), "duty": int(answer.choice.removeprefix("duty:"))})


def _stop(turn: Turn) -> Done:
    turn.say("extend/stopped")
    return Done()


async def _next(turn: Turn, data: Mapping[str, Any]) -> Outcome:
    """Go to what is not known yet; once all is, store the request and tell who decides."""
    lines = await _missing(turn, data["duty"])
    if not lines:
        turn.say("extend/nothing_open")
        return Done()
    day = date.fromisoformat(data["day"]) if "day" in data else None
    if day is not None and not _fits(turn, day, lines[0].due):
        turn.say("extend/day_wanted", line=lines[0])
        data = {name: value for name, value in data.items() if name != "day"}
        day = None
    if day is None:
        return Go("day", data)
    if "words" not in data:
        return Go("reason", data)
    wanted = {"day": data["day"], "due": lines[0].due.isoformat(), "missing": len(lines)}
    request, told = await ask(turn, "extension", data["duty"], data["words"], wanted)
    turn.say("extend/asked", settles=True, request=request, told=[each.name for each in told])
    return Done()


def _fits(turn: Turn, day: date, due: date) -> bool:
    latest = max(due, turn.today)
    return latest < day <= latest + LONGEST


async def _ask_day(turn: Turn) -> Outcome | None:
    lines = await _missing(turn, _data(turn)["duty"])
    if not lines:
        turn.say("extend/nothing_open")
        return Done()
    after = max(lines[0].due, turn.today)
    days = [turn.calendar.step(after, more) for more in _SOON]
    offers = [Offer(f"on:{day.isoformat()}", words=format_day(day)) for day in days]
    turn.say("extend/ask_day", line=lines[0], count=len(lines), offers=[*offers, Offer("stop")], numbered=False)
    return None


async def _take_day(turn: Turn, answer: Answer) -> Outcome:
    if answer.choice == "stop":
        return _stop(turn)
    if answer.choice is not None:
        return await _next(turn, {**_data(turn), "day": answer.choice.removeprefix("on:")})
    wish = read_wish(answer.text, turn.now, turn.calendar)
    if wish.day is None:
        turn.say("extend/day_unclear", aside=True)
        return Stay()
    said = {"words": wish.reason[:KEPT_WORDS]} if wish.reason else {}
    return await _next(turn, {**_data(turn), **said, "day": wish.day.isoformat()})


async def _ask_reason(turn: Turn) -> Outcome | None:
    day = date.fromisoformat(_data(turn)["day"])
    turn.say("extend/ask_reason", day=day, offers=[Offer("stop")], numbered=False)
    return None


async def _take_reason(turn: Turn, answer: Answer) -> Outcome:
    if answer.choice == "stop":
        return _stop(turn)
    if _LETTERS.search(answer.text) is None:
        turn.say("extend/words_wanted", aside=True)
        return Stay()
    wish = read_wish(answer.text, turn.now, turn.calendar)
    words = wish.reason or answer.text
    return await _next(turn, {**_data(turn), "words": words[:KEPT_WORDS]})


FLOW = Flow(
    "extend",
    {
        "which": Step(_ask_which, _take_which),
        "day": Step(_ask_day, _take_day),
        "reason": Step(_ask_reason, _take_reason),
    },
    views=frozenset({"which"}),
)
