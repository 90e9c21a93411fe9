"""What is asked once the figures are in: why targets were missed, what is done about it, when the rest will come.

One question for all of them, each skipped by a word: whoever has five minutes gives the figures first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from domain.bulk import read_bulk
from domain.conversation import Answer, Ask, Go, Outcome, Stay, Step, Take
from domain.model import DutyLine
from domain.moments import read_moment
from domain.vietnamese import format_day
from handlers import many
from handlers.prompts import Offer
from handlers.recording import KEPT_WORDS
from handlers.turn import Turn
from storage import duties, remarks

LONGEST_PROMISE = timedelta(days=366)
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_ITEM = re.compile(r"(?:^|[\n;])\s*(\d{1,2})\s*[:.)\-]\s*(?=\S)")


def next_question(data: Mapping[str, Any]) -> str | None:
    """Return the step that asks what is still to be asked about the figures of a report; None when nothing is."""
    if data.get("missed"):
        return "reason"
    return "promise" if data.get("absent") else None


def _data(turn: Turn) -> dict[str, Any]:
    return dict(turn.place.data) if turn.place else {}


async def _lines(turn: Turn, ids: Iterable[int]) -> list[DutyLine]:
    """Return the lines asked about, as far as the person still owes them."""
    wanted = list(ids)
    owed = {line.id: line for line in await duties.lines_of(turn.tx, turn.person_id)}
    return [owed[line_id] for line_id in wanted if line_id in owed]


def _on(data: Mapping[str, Any], asked: str) -> Go:
    """Return to the report, which asks what comes next or ends."""
    return Go("figure", {name: value for name, value in data.items() if name != asked})


def _past(data: Mapping[str, Any], asked: str, choice: str) -> Go:
    """Return to the report without an answer; after "stop" nothing more is asked."""
    if choice == "stop":
        return _on({name: value for name, value in data.items() if name not in ("missed", "absent")}, asked)
    return _on(data, asked)


def _ask_for_words(template: str) -> Ask:
    async def ask(turn: Turn) -> Outcome | None:
        data = _data(turn)
        lines = await _lines(turn, data["missed"])
        if not lines:
            return _on(data, "missed")
        turn.keep({**data, "missed": [line.id for line in lines], "about": [line.submission_id for line in lines]})
        turn.say(template, lines=lines, offers=[Offer("skip"), Offer("stop")], numbered=False)
        return None

    return ask


def _take_words(kind: remarks.RemarkKind, then: str | None) -> Take:
    async def take(turn: Turn, answer: Answer) -> Outcome:
        data = _data(turn)
        if answer.choice is not None:
            return _past(data, "missed", answer.choice)
        if _LETTERS.search(answer.text) is None:
            turn.say("report/words_wanted", aside=True)
            return Stay()
        asked = set(zip(data["missed"], data.get("about", ()), strict=False))
        lines = await _lines(turn, data["missed"])
        standing = {line.id for line in lines if "about" not in data or (line.id, line.submission_id) in asked}
        if not standing:
            turn.say("report/reason_moot")
            return _on(data, "missed")
        for line_id, words in _placed(answer.text, data["missed"]).items():
            if line_id not in standing:
                continue
            remarks.add(turn.tx, line_id, turn.person_id, kind, words[:KEPT_WORDS], turn.now)
        return Go(then, data) if then else _on(data, "missed")

    return take


def _placed(text: str, lines: list[int]) -> dict[int, str]:
    """Return the words for each line: those behind its number in the list, or all of them where none is numbered."""
    marks = [mark for mark in _ITEM.finditer(text) if 1 <= int(mark[1]) <= len(lines)]
    if not marks or len(lines) == 1:
        return dict.fromkeys(lines, text)
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    return {
        lines[int(mark[1]) - 1]: words
        for mark, end in zip(marks, ends, strict=True)
        if (words := text[mark.end() : end].strip(" ;\n"))
    }


async def _ask_day(turn: Turn) -> Outcome | None:
    data = _data(turn)
    lines = await _lines(turn, data["absent"])
    if not lines:
        return _on(data, "absent")
    soon = turn.calendar.step(turn.today, 1)
    due = turn.calendar.last_working_day(min(line.due for line in lines))
    offers = [Offer(f"on:{day.isoformat()}", words=format_day(day)) for day in ([soon, due] if due > soon else [soon])]
    turn.say("report/ask_day", lines=lines, offers=[*offers, Offer("skip"), Offer("stop")], numbered=False)
    return None


async def _take_day(turn: Turn, answer: Answer) -> Outcome:
    data = _data(turn)
    day = _day(turn, answer)
    if day is None and answer.choice is not None:
        return _past(data, "absent", answer.choice)
    if day is None and (listed := await _figures(turn, data, answer.text)) is not None:
        return listed
    if day is None or not turn.today <= day <= turn.today + LONGEST_PROMISE:
        turn.say("report/day_wanted", aside=True)
        return Stay()
    at = max(turn.calendar.opening(turn.calendar.last_working_day(day)), turn.calendar.next_opening(turn.now))
    lines = await _lines(turn, data["absent"])
    duties.hold_all(turn.tx, lines)
    for line in lines:
        duties.promise(turn.tx, line, day, at)
    turn.say("report/promised", settles=True, day=day)
    return _on(data, "absent")


async def _figures(turn: Turn, data: Mapping[str, Any], text: str) -> Go | None:
    """Take figures by their numbers all the same, unless days are given so: "1: 27/11" says when, not how much."""
    bulk = read_bulk(text, len(data["lines"]))
    if bulk is None or any(_said_day(turn, item.text) for item in bulk.items):
        return None
    listed = await many.answer(turn, data, text)
    if listed is None or listed.data.get("heard"):
        return listed
    return Go("figure", {**listed.data, "at": len(data["lines"])})  # whatever was skipped before stays so


def _day(turn: Turn, answer: Answer) -> date | None:
    if answer.choice is not None:
        return date.fromisoformat(answer.choice.removeprefix("on:")) if answer.choice.startswith("on:") else None
    return _said_day(turn, answer.text)


def _said_day(turn: Turn, text: str) -> date | None:
    moment = read_moment(text, turn.now.astimezone(turn.calendar.zone), turn.calendar)
    return moment.day if moment else None


STEPS = {
    "reason": Step(_ask_for_words("report/ask_reason"), _take_words("reason", "remedy")),
    "remedy": Step(_ask_for_words("report/ask_remedy"), _take_words("remedy", None)),
    "promise": Step(_ask_day, _take_day),
}
