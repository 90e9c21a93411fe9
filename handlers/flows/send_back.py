"""Sending back: whoever looks after a unit returns a figure with a reason, and its officers are told at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from domain.closing import needs_leave
from domain.conversation import Answer, Done, Flow, Go, Outcome, Stay, Step
from domain.model import DutyLine
from domain.reminders import next_reminder
from handlers.notices import notify
from handlers.prompts import Offer
from handlers.recording import KEPT_WORDS
from handlers.turn import Turn
from storage import audit, history, oversight, permissions, reviews

LONGEST_ID = 18  # digits; more would not fit the database's integers
_LETTERS = re.compile(r"[^\W\d_]{2,}")


async def begin(turn: Turn, line_id: str) -> Outcome | None:
    """Ask why a figure is sent back; only one of a unit the person looks after is found."""
    line = None
    if line_id.isascii() and line_id.isdecimal() and len(line_id) < LONGEST_ID:
        line = await oversight.line_of(turn.tx, turn.person_id, "send_back", int(line_id))
    if line is None:
        turn.say("common/old_choice")
        return None
    if line.status != "reported" or await _is_closed_to(turn, line):
        return _gone(turn, line)
    return Go("reason", {"line": line.id, "seen": line.submission_id})


async def _is_closed_to(turn: Turn, line: DutyLine) -> bool:
    """Tell whether a figure is closed, and the person does not decide on closing.

    The head of an agency gives its figures as well: sent back by its head, a closed one would be anybody's to change.
    """
    closed = needs_leave(line, turn.today, turn.calendar)
    return closed and not await permissions.may(turn.tx, turn.person_id, "close", line=line.id)


def _data(turn: Turn) -> Mapping[str, Any]:
    return turn.place.data if turn.place else {}


async def _current(turn: Turn) -> DutyLine | None:
    return await oversight.line_of(turn.tx, turn.person_id, "send_back", _data(turn)["line"])


async def _ask_reason(turn: Turn) -> Outcome | None:
    line = await _current(turn)
    if line is None or line.status != "reported" or await _is_closed_to(turn, line):
        return _gone(turn, line)
    events = await history.of_line(turn.tx, line.id)
    said = [event for event in events if event.at >= (line.reported_at or event.at)]
    turn.keep({**_data(turn), "seen": line.submission_id})
    offers = [Offer(f"go:lichsu:{line.id}", "history"), Offer("stop")]
    turn.say(
        "send_back/ask",
        line=line,
        given=next((event for event in said if event.kind == "figure"), None),
        reasons=[event.words for event in said if event.kind == "reason"],
        zone=turn.calendar.zone,
        offers=offers,
        numbered=False,
    )
    return None


def _gone(turn: Turn, line: DutyLine | None) -> Done:
    """Say that there is nothing to send back any more: not the person's to see, sent back already, or closed."""
    if line is None:
        turn.say("common/old_choice")
    elif line.status == "reported":
        turn.say("send_back/closed", line=line)
    else:
        turn.say("send_back/nothing_to_return", line=line)
    return Done()


async def _take_reason(turn: Turn, answer: Answer) -> Outcome:
    if answer.choice == "stop":
        turn.say("send_back/kept")
        return Done()
    if _LETTERS.search(answer.text) is None:
        turn.say("send_back/words_wanted", aside=True)
        return Stay()
    return await _return(turn, answer.text[:KEPT_WORDS])


async def _return(turn: Turn, words: str) -> Outcome:
    """Send the figure back that the person saw; where another has been given since, ask about that one."""
    line = await _current(turn)
    if line is None or line.status != "reported" or await _is_closed_to(turn, line):
        return _gone(turn, line)
    if line.submission_id != _data(turn)["seen"]:
        return Go("changed", {**_data(turn), "seen": line.submission_id, "words": words})
    remind_at = next_reminder(line.due, turn.now, turn.calendar)
    reviews.send_back(turn.tx, line, turn.person_id, words, turn.now, remind_at=remind_at)
    audit.note(
        turn.tx,
        "figure.returned",
        f"line:{line.id}",
        turn.now,
        turn.person_id,
        unit_id=line.unit_id,
        submission=line.submission_id,
    )
    officers = await oversight.officers_of(turn.tx, line.duty_id)
    turn.say("send_back/done", settles=True, line=line, told=[each.name for each in officers])
    offers = [Offer(f"go:revise:{line.id}", "give_anew")]
    notify(turn, officers, "send_back/notice", offers, line=line, words=words, by=turn.received.person_name)
    return Done()


async def _ask_changed(turn: Turn) -> Outcome | None:
    line = await _current(turn)
    if line is None or line.status != "reported" or await _is_closed_to(turn, line):
        return _gone(turn, line)
    turn.keep({**_data(turn), "seen": line.submission_id})
    turn.say(
        "send_back/changed", line=line, words=_data(turn)["words"], offers=[Offer("return_new"), Offer("keep_figure")]
    )
    return None


async def _take_changed(turn: Turn, answer: Answer) -> Outcome:
    match answer.choice:
        case "return_new":
            return await _return(turn, _data(turn)["words"])
        case "keep_figure":
            turn.say("send_back/kept")
            return Done()
    return await _take_reason(turn, answer)  # another reason, now that the figure is another


FLOW = Flow("send_back", {"reason": Step(_ask_reason, _take_reason), "changed": Step(_ask_changed, _take_changed)})
