"""Correcting a figure that is closed: the officer says why, the head of the agency or an admin decides with one tap."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from domain.closing import needs_leave
from domain.conversation import Answer, Go, Outcome, Stay, Step
from domain.cycles import as_of
from domain.model import DutyLine, FigureValue
from domain.targets import judge
from handlers.notices import notify
from handlers.prompts import Offer
from handlers.recording import KEPT_WORDS, following
from handlers.render import words_of_figure
from handlers.requests import ask, say_why
from handlers.turn import Stored, Turn
from storage import duties, oversight, permissions, requests, submissions
from storage.requests import Decided, Request
from storage.values import figure, read_figure

_LETTERS = re.compile(r"[^\W\d_]{2,}")


def is_to_be_asked_for(turn: Turn, line: DutyLine) -> bool:
    """Tell whether a new figure for a line must be granted first."""
    return needs_leave(line, turn.today, turn.calendar)


def ask_why(data: Mapping[str, Any], line: DutyLine, value: FigureValue, typed: str, reading: Mapping[str, Any]) -> Go:
    """Return the step of a report that asks why a closed figure is to be another."""
    # What is asked for; granted, it is stored only if the line is still as the officer saw it.
    wish = {
        "value": figure(value),
        "typed": typed[:KEPT_WORDS],
        "reading": dict(reading),
        "seen": line.submission_id,
        "target": line.target_id,
        "indicator": line.indicator,
        "before": words_of_figure(line.value, line.target),
        "after": words_of_figure(value, line.target),
    }
    return Go("reopen", {**data, "wish": wish, "closed": line.id})


def _data(turn: Turn) -> dict[str, Any]:
    return dict(turn.place.data) if turn.place else {}


async def _ask(turn: Turn) -> Outcome | None:
    data = _data(turn)
    line = await duties.line_of(turn.tx, turn.person_id, data["closed"])
    if line is None:
        return following(data)
    turn.say("reopening/ask", line=line, wish=data["wish"], offers=[Offer("keep_old")], numbered=False)
    return None


async def _take(turn: Turn, answer: Answer) -> Outcome:
    data = _data(turn)
    line = await duties.line_of(turn.tx, turn.person_id, data["closed"])
    if answer.choice == "keep_old" or line is None:
        turn.say("reopening/kept")
        return following(data)
    if _LETTERS.search(answer.text) is None:
        turn.say("report/words_wanted", aside=True)
        return Stay()
    words = answer.text[:KEPT_WORDS]
    request, told = await ask(turn, "correction", line.duty_id, words, data["wish"], line_id=line.id)
    turn.say("reopening/asked", settles=True, request=request, told=[each.name for each in told])
    return following(data)


STEPS = {"reopen": Step(_ask, _take)}


async def grant(turn: Turn, request: Request) -> Decided:
    """Store the figure asked for, as given by whoever asked; unless the line has changed since, or they have left."""
    line = await oversight.line_of(turn.tx, turn.person_id, "reopen", request.line_id or 0)
    wish = request.wanted
    moot = line is None or line.submission_id != wish["seen"] or line.target_id != wish["target"]
    left = not await permissions.may(turn.tx, request.person_id, "report", line=request.line_id or 0)
    moot = moot or left
    requests.decide(turn.tx, request, "withdrawn" if moot else "granted", turn.person_id, turn.now)
    if line is None or moot:
        turn.say("requests/correction_moot", request=request, line=line, left=left)
        await _tell(turn, request, "requests/correction_moot", line=line, left=left)
        return "withdrawn"
    value = read_figure(wish["value"])
    verdict = judge(line.target, value)
    submissions.record(
        turn.tx,
        line,
        request.person_id,
        value,
        verdict,
        wish["typed"],
        {**wish["reading"], "request": request.id},
        turn.received.id,
        turn.now,
        as_of=as_of(wish["reading"].get("as_of"), line.cut_off or line.due, turn.today) if value is not None else None,
        remind_at=turn.calendar.next_opening(turn.now),
    )
    turn.stored.append(Stored(line, value, verdict))
    turn.say("requests/correction_decided", request=request, granted=True)
    await _tell(turn, request, "requests/correction_answer", granted=True)
    return "granted"


async def refuse(turn: Turn, request: Request) -> Decided:
    """Leave the figure as it is."""
    requests.decide(turn.tx, request, "refused", turn.person_id, turn.now)
    turn.say("requests/correction_decided", request=request, granted=False, offers=say_why(request))
    await _tell(turn, request, "requests/correction_answer", granted=False)
    return "refused"


async def _tell(turn: Turn, request: Request, template: str, **values: Any) -> None:
    officers = await oversight.officers_of(turn.tx, request.duty_id)
    notify(turn, officers, template, (), request=request, by=turn.received.person_name, **values)
