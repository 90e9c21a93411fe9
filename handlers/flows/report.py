"""Reporting: the lines a person's agencies owe, one figure at a time; each is recorded the moment it is understood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from domain.amendments import way_of_answering
from domain.bulk import read_bulk
from domain.conversation import Answer, Done, Flow, Go, Outcome, Place, Stay, Step
from domain.figures import Reading, measure_of, read_reply
from domain.model import DutyLine, FigureValue
from domain.unchanged import is_unchanged
from domain.urgency import worst_first
from handlers import aftermath, many, reopening, speaking
from handlers.notes import note_admins
from handlers.prompts import Offer, named
from handlers.recording import (
    KEPT_WORDS,
    candidate,
    carried,
    doubt,
    example,
    following,
    kept,
    needs_a_reason,
    noted,
    store,
    unchanged,
)
from handlers.render import words_of_figure
from handlers.speaking import Speaker
from handlers.turn import Turn
from storage import duties, people, remarks
from storage.values import figure, read_figure

LONGEST_ID = 18  # digits; more would not fit the database's integers
LITTLE_TIME = 3  # working days to the due day; then more may be asked for with one tap
PATIENCE = 3  # unclear answers to one question, then an admin is asked to help and the next question comes
_VALUES: dict[str, FigureValue] = {
    "yes": True,
    "no": False,
    "done": "done",
    "in_progress": "in_progress",
    "not_started": "not_started",
}
_OFFERED = {
    "boolean": ("yes", "no"),
    "qualitative": ("yes", "no"),
    "task": ("done", "in_progress", "not_started"),
}


async def begin(turn: Turn, what: str = "", preface: str | None = None) -> Outcome | None:
    """Start with the first line that has no figure, of those due by an ISO day and owed to a unit, if `what` says so.

    `what` is "2026-11-30:3" or a part of it, from a button, and so perhaps from anybody: it only narrows what the
    person owes anyway. "::12" is an agency of theirs, whom they speak for from now on; where it is not known of
    several that lack figures, that is asked.

    `preface` names a template to be said before the first question, if there is one.

    A report in progress is not started over: its question is repeated instead.
    """
    until, _, rest = what.partition(":")
    unit, _, agency = rest.partition(":")
    if turn.place is not None and turn.place.step in ("figure", "confirm") and not agency:
        return await FLOW.steps[turn.place.step].ask(turn)
    last_day = _day(until)
    owed = await duties.lines_of(turn.tx, turn.person_id, last_day, None if last_day else turn.today)
    who = await speaking.speaker(turn, agency)
    at_large = last_day is None and not unit  # it is not said whose figures are meant
    if at_large and who.chosen is None and len(who.owing(owed)) > 1:
        speaking.ask(turn, who, owed, "go:report:::")
        return Done()
    asked = who.of(owed) if at_large else [line for line in owed if str(line.unit_id) == unit] or owed
    lines = sorted(asked, key=worst_first)
    waiting = [line for line in lines if line.status != "reported"]
    if not waiting:
        speaking.say_nothing_missing(turn, who if at_large else None, owed)
        return Done()
    if preface is not None:
        turn.say(preface)
    start = {"lines": _numbered_as_seen(turn, lines, waiting), "at": 0, "tries": 0}
    return Go("figure", start | {"what": _what(last_day, unit, waiting[0], who)} | _whose(who.several))


def _what(last_day: date | None, unit: str, first: DutyLine, who: Speaker) -> str:
    """Return what a report is about, as `begin` reads it when it is taken up again."""
    if last_day is None and not unit:
        return f"::{who.chosen.agency_id}" if who.chosen else ""
    return f"{last_day.isoformat() if last_day else ''}:{first.unit_id if unit else ''}".rstrip(":")


def _numbered_as_seen(turn: Turn, lines: Sequence[DutyLine], waiting: Sequence[DutyLine]) -> list[int]:
    """Return the lines to ask for; those of the list shown last come first, for its numbers may be answered by."""
    known = {line.id for line in lines}
    seen = turn.listed if known.issuperset(turn.listed) and {line.id for line in waiting} & set(turn.listed) else []
    return [*seen, *(line.id for line in waiting if line.id not in seen)]


async def answer_list(turn: Turn, text: str) -> Outcome | None:
    """Take several figures at once, by the numbers of the list shown last; None when the text is no such answer."""
    bulk = read_bulk(text, len(turn.listed)) if turn.listed else None
    if bulk is None:
        return None
    several = len(await people.memberships(turn.tx, turn.person_id)) > 1
    start = {"lines": turn.listed, "at": 0, "tries": 0, "what": ""} | _whose(several)
    return Go("figure", await many.take(turn, start, bulk))


async def one(turn: Turn, line_id: str) -> Outcome | None:
    """Ask for one line, answered before or not; a report in progress then goes on where it was.

    The choice may come from anybody: only a line of the person's own agencies is found.
    """
    line = None
    if line_id.isascii() and line_id.isdecimal() and len(line_id) < LONGEST_ID:
        line = await duties.line_of(turn.tx, turn.person_id, int(line_id))
    if line is None:
        turn.say("common/old_choice", aside=True)
        return None
    if turn.place is not None:
        return _turn_aside(_data(turn), line)
    turn.read_ahead[line.id] = line
    lines = turn.listed if line.id in turn.listed else [line.id]
    place = {"at": lines.index(line.id), "then": len(lines), "tries": 0, "again": True}
    several = len(await people.memberships(turn.tx, turn.person_id)) > 1
    return Go("figure", {"lines": lines, "what": f"{line.due.isoformat()}:{line.unit_id}"} | place | _whose(several))


async def revise(turn: Turn, line_id: str) -> Outcome | None:
    """Ask again for one line already answered, without an id for the first whose figure was sent back; see `one`."""
    begun = turn.place is None
    if not line_id:
        returned = (line.id for line in await duties.lines_of(turn.tx, turn.person_id) if line.returned)
        line_id = str(next(returned, ""))
        if not line_id:
            turn.say("revise/nothing_returned", aside=True)
            return None
    outcome = await one(turn, line_id)
    if begun and isinstance(outcome, Go):
        only = {"lines": [int(line_id)], "at": 0, "then": 1, "revising": True}
        return Go(outcome.step, {**outcome.data, **only})
    return outcome


def _turn_aside(data: Mapping[str, Any], line: DutyLine) -> Go:
    """Return the step to a line out of turn, from which the report goes back to where it is now."""
    lines = data["lines"] if line.id in data["lines"] else [*data["lines"], line.id]
    place = {"at": lines.index(line.id), "tries": 0, "again": True, "then": data.get("then", data["at"])}
    return Go("figure", carried(data) | {"lines": lines} | place)


def _whose(several: bool) -> dict[str, Any]:
    return {"whose": True} if several else {}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _data(turn: Turn) -> dict[str, Any]:
    return dict(turn.place.data) if turn.place else {}


async def _current(turn: Turn, data: Mapping[str, Any]) -> DutyLine | None:
    """Return the line asked about; the one after it comes along, for this turn will most likely ask for that."""
    ids: list[int] = data["lines"][data["at"] : data["at"] + 2]
    if not ids:
        return None
    if ids[0] not in turn.read_ahead:
        turn.read_ahead = await duties.line_and_next(turn.tx, turn.person_id, ids[0], ids[-1])
    return turn.read_ahead.pop(ids[0], None)


async def _ask_figure(turn: Turn) -> Outcome | None:
    data = _data(turn)
    line = await _current(turn, data)
    # Passed over: what a colleague has reported meanwhile, and what the person no longer answers for.
    while data["at"] < len(data["lines"]) and (line is None or _is_answered(line, data)):
        data["at"] += 1
        line = await _current(turn, data)
    if line is None:
        return await _end(turn, data)
    if (text := data.get("heard", {}).get(str(line.id))) is not None:
        asked = {**data, "seen": line.submission_id, "measure": way_of_answering(line.target)}
        outcome = await _read(turn, asked, line, text, heard=True)
        return None if isinstance(outcome, Stay) else outcome
    turn.keep({**data, "seen": line.submission_id, "measure": way_of_answering(line.target)})
    turn.say(
        "report/ask_figure",
        line=line,
        position=data["at"] + 1,
        total=len(data["lines"]),
        whose="whose" in data,
        remarks=await remarks.of_figure(turn.tx, line.submission_id) if line.submission_id else {},
        offers=[*_offers(line, data), *_more_time(turn, line)],
        numbered=False,
    )
    return None


def _more_time(turn: Turn, line: DutyLine) -> list[Offer]:
    """Return the choice to ask for more time, once there is little left or none."""
    if line.status == "reported" or turn.calendar.working_days_until(turn.today, line.due) > LITTLE_TIME:
        return []
    return [Offer(f"go:extend:{line.id}", "ask_extension")]


def _is_answered(line: DutyLine, data: Mapping[str, Any]) -> bool:
    if data.get("again"):
        return False
    return line.status == "reported" or line.id in data.get("done", ())


def _offers(line: DutyLine, data: Mapping[str, Any]) -> list[Offer]:
    names = ["no_data", "skip", *(["back"] if data["at"] > 0 else []), "stop"]
    answers = [Offer(name) for name in _OFFERED.get(line.target.kind, ())]
    before = [Offer("unchanged", shown=words_of_figure(line.previous, line.target))] if _may_stay(line) else []
    return [*before, *answers, *map(Offer, names)]


def _may_stay(line: DutyLine) -> bool:
    """Tell whether "as before" is an answer: there is a figure of the period before, and none of this one yet."""
    return line.previous is not None and line.status != "reported"


async def _take_figure(turn: Turn, answer: Answer) -> Outcome:
    data = _data(turn)
    match answer.choice:
        case "stop":
            return await _close(turn, data, "report/stopped")
        case "skip":
            return following(data)
        case "back" if data["at"] > 0:
            return Go("figure", {**data, "at": data["at"] - 1, "tries": 0, "again": True})
    if answer.choice is None and "whose" in data and (agency := await speaking.named(turn, answer.text)):
        return await begin(turn, f"::{agency}") or Stay()
    if answer.choice is None and (listed := await many.answer(turn, data, answer.text)) is not None:
        return listed
    line = await _current(turn, data)
    if line is None or _measured_otherwise(data, line):
        return _amended(turn, data, line)
    if answer.choice == "no_data":
        return _record(turn, data, line, None, answer.text, {"choice": "no_data"})
    if answer.choice == "unchanged" or (answer.choice is None and is_unchanged(answer.text)):
        return await _take_unchanged(turn, data, line, answer.text)
    if answer.choice in _VALUES:
        return _record(turn, data, line, _VALUES[answer.choice], answer.text, {"choice": answer.choice})
    if answer.choice is not None and answer.choice.startswith("value:"):
        value = read_figure(answer.choice.removeprefix("value:"))
        return _record(turn, data, line, value, answer.text or data.get("typed", ""), {"choice": "candidate"})
    return await _read(turn, data, line, answer.text)


async def _take_unchanged(turn: Turn, data: dict[str, Any], line: DutyLine, text: str) -> Outcome:
    """Take "as before": of a line answered already nothing changes; without a figure before, the figure is asked."""
    if line.status == "reported":
        return following(data)
    before = unchanged(line)
    if before is None:
        return await _read(turn, data, line, text)
    return _record(turn, data, line, before[0], text, before[1])


def _measured_otherwise(data: Mapping[str, Any], line: DutyLine) -> bool:
    """Tell whether the plan was amended since the question, and a figure is now read otherwise: 72 of what?"""
    return "measure" in data and data["measure"] != way_of_answering(line.target)


def _amended(turn: Turn, data: Mapping[str, Any], line: DutyLine | None) -> Go:
    """Say that the answer was not kept, and ask anew; of a line the person owes no longer, the next one is asked."""
    turn.say("report/amended", line=line)
    if line is None:
        return following(data)
    return following(data, at=data["at"], again=True)


async def _read(turn: Turn, data: dict[str, Any], line: DutyLine, text: str, *, heard: bool = False) -> Outcome:
    reading = read_reply(text, measure_of(line.target))
    told = kept(reading)
    match reading.action:
        case "accept":
            concern = doubt(reading.value, line, turn)
            if concern is None or data.get("value") == figure(reading.value):  # typed twice is meant
                return _record(turn, data, line, reading.value, text, told)
            return _confirm(data, reading, text, {**told, "reason": concern.code}, concern.suggestion)
        case "no_data":
            return _record(turn, data, line, None, text, told)
        case "confirm" if reading.value is not None:
            return _confirm(data, reading, text, told)
        case "refuse":
            turn.say("common/refused", reason=reading.reason, offers=_offers(line, data), numbered=False)
            return Stay()
    return await _unclear(turn, data, line, reading, text, heard=heard)


def _confirm(
    data: Mapping[str, Any], reading: Reading, text: str, told: dict[str, Any], suggestion: Decimal | None = None
) -> Go:
    asked = {"value": figure(reading.value), "typed": text[:KEPT_WORDS], "reading": told}
    return Go("confirm", {**data, **asked, "suggestion": figure(suggestion and suggestion.normalize())})


async def _unclear(
    turn: Turn, data: dict[str, Any], line: DutyLine, reading: Reading, text: str, *, heard: bool
) -> Outcome:
    data["tries"] += 1
    if data["tries"] >= PATIENCE:
        name = turn.received.person_name
        told = await note_admins(turn.tx, turn.now, line.unit_id, "notes/unclear_figure", line=line, name=name)
        turn.say("report/handed_over", line=line, told=told)
        return following(data)
    # The words stay with the question, so that a candidate chosen next is recorded with what was typed.
    turn.keep({**data, "typed": text[:KEPT_WORDS]})
    ready = [_VALUES[name] for name in _OFFERED.get(line.target.kind, ())]
    candidates = [candidate(value, line) for value in reading.candidates if value not in ready]
    turn.say(
        "report/unclear",
        line=line,
        reading=reading,
        typed=text,
        heard=heard,
        example=example(line.target),
        offers=[*candidates, *_offers(line, data)],
        numbered=False,
    )
    return Stay()


def _record(
    turn: Turn, data: dict[str, Any], line: DutyLine, value: FigureValue, typed: str, reading: Mapping[str, Any]
) -> Outcome:
    # What is replaced is what the person saw when asked: a colleague's figure they have not seen is not written over.
    if line.status == "reported" and data.get("seen", line.submission_id) != line.submission_id:
        turn.say("report/overtaken", settles=True, line=line)
        return following({**data, "last": line.id})
    if reopening.is_to_be_asked_for(turn, line):
        return reopening.ask_why(data, line, value, typed, reading)
    verdict = store(turn, line, value, typed, reading)
    turn.say("report/recorded", settles=True, about=line.id, line=line, value=value, judged=verdict)
    done = noted(data, line.id, missed=needs_a_reason(turn, line, verdict), absent=value is None)
    return following({**done, "last": line.id, "changed": True})


async def _end(turn: Turn, data: dict[str, Any]) -> Outcome:
    """Say how the report stands, and ask once what is to be asked about its figures."""
    asked = aftermath.next_question(data)
    if asked is None:
        return await _close(turn, data, "report/all_kept" if "told" in data else "report/finished")
    if "told" not in data:
        await _sum_up(turn, {**data, "told": True}, "report/finished", [])
    return Go(asked, {**data, "told": True})


async def _close(turn: Turn, data: Mapping[str, Any], template: str) -> Outcome:
    offers = [Offer(f"go:revise:{data['last']}", "revise")] if "last" in data else []
    await _sum_up(turn, data, template, offers)
    return Done()


async def _sum_up(turn: Turn, data: Mapping[str, Any], template: str, offers: list[Offer]) -> None:
    lines = [line for line in await duties.lines_of(turn.tx, turn.person_id) if line.id in set(data["lines"])]
    missing = [line for line in lines if line.status != "reported"]
    if missing and "told" not in data:
        offers = [Offer(f"go:report:{data['what']}", "resume"), *offers]
    turn.say(
        template if lines else "report/not_yours",
        lines=lines,
        missing=missing,
        revising="revising" in data,
        revised="changed" in data,
        offers=offers,
        listed=data["lines"] if missing else (),  # what is left is answered, or asked for, by the same numbers
    )


async def _ask_confirm(turn: Turn) -> Outcome | None:
    data = _data(turn)
    line = await _current(turn, data)
    if line is None or _measured_otherwise(data, line):
        return _amended(turn, data, line)
    turn.say(
        "report/confirm",
        line=line,
        value=read_figure(data["value"]),
        reading=data["reading"],
        whose="whose" in data,
        offers=[Offer("right"), *_suggested(data, line), Offer("again")],
        numbered=False,
    )
    return None


def _suggested(data: Mapping[str, Any], line: DutyLine) -> list[Offer]:
    suggestion = read_figure(data.get("suggestion"))
    return [] if suggestion is None else [candidate(suggestion, line)]


async def _take_confirm(turn: Turn, answer: Answer) -> Outcome:
    data = _data(turn)
    line = await _current(turn, data)
    if line is None or _measured_otherwise(data, line):
        return _amended(turn, data, line)
    plain = {name: value for name, value in data.items() if name not in ("value", "typed", "reading", "suggestion")}
    if answer.choice == "right":
        return _record(turn, plain, line, read_figure(data["value"]), data["typed"], data["reading"])
    if answer.choice is not None and answer.choice.startswith("value:"):
        meant = read_figure(data["suggestion"])
        return _record(turn, plain, line, meant, answer.text or data["typed"], {"choice": "suggestion"})
    if answer.choice == "again":
        return Go("figure", {**plain, "again": True})
    # Anything else is a new answer to the question itself: the figure once more, "chưa có", "dừng".
    turn.place = Place(FLOW.name, "figure", plain)
    if read_bulk(answer.text, len(data["lines"])) is not None:
        return await _take_figure(turn, Answer(answer.text))
    if (choice := named(answer.text, _offers(line, plain))) is not None:
        return await _take_figure(turn, Answer(answer.text, choice))
    return await _read(turn, {**plain, "value": data["value"]}, line, answer.text)


FLOW = Flow(
    "report",
    {
        "figure": Step(_ask_figure, _take_figure),
        "confirm": Step(_ask_confirm, _take_confirm),
        **aftermath.STEPS,
        **reopening.STEPS,
    },
)
