"""Explaining: an officer answers a leader's question about an indicator in one message, which goes to whoever asked."""

from __future__ import annotations

import re

from domain.conversation import Answer, Done, Flow, Go, Outcome, Stay, Step
from domain.model import DutyLine
from handlers.notices import notify
from handlers.prompts import Offer
from handlers.recording import KEPT_WORDS
from handlers.turn import Turn
from storage import audit, explanations, oversight, permissions
from storage.explanations import Explanation
from storage.oversight import Recipient

LONGEST_ID = 18  # digits; more would not fit the database's integers
_LETTERS = re.compile(r"[^\W\d_]{2,}")


async def begin(turn: Turn, argument: str) -> Outcome | None:
    """Ask for the explanation; only of a line that the person answers for."""
    if not (argument.isascii() and argument.isdecimal() and len(argument) < LONGEST_ID):
        turn.say("common/old_choice")
        return None
    return Go("words", {"asked": int(argument)})


async def _asked(turn: Turn) -> tuple[Explanation, DutyLine] | None:
    asked = await explanations.find(turn.tx, turn.place.data["asked"] if turn.place else 0)
    line = await oversight.line_of(turn.tx, turn.person_id, "report", asked.line_id) if asked else None
    if asked is None or line is None:
        turn.say("common/old_choice")
        return None
    if asked.words is not None:
        turn.say("explain/answered_already", line=line)
        return None
    return asked, line


async def _ask_words(turn: Turn) -> Outcome | None:
    found = await _asked(turn)
    if found is None:
        return Done()
    turn.say("explain/words", line=found[1], offers=[Offer("stop")], numbered=False)
    return None


async def _take_words(turn: Turn, answer: Answer) -> Outcome:
    if answer.choice == "stop":
        turn.say("common/cancelled")
        return Done()
    if _LETTERS.search(answer.text) is None:
        turn.say("explain/words_wanted", aside=True)
        return Stay()
    found = await _asked(turn)
    if found is None:
        return Done()
    asked, line = found
    words = answer.text[:KEPT_WORDS]
    explanations.answer(turn.tx, asked.id, turn.person_id, words, turn.now)
    audit.note(turn.tx, "explanation.given", f"line:{line.id}", turn.now, turn.person_id, unit_id=line.unit_id)
    readers = await _readers(turn, asked, line)
    turn.say("explain/thanks", settles=True, readers=[each.name for each in readers])
    if readers:
        offers = [Offer(f"go:status:#{line.unit_id}:line:{line.id}", "see_line")]
        notify(
            turn,
            readers,
            "explain/answer",
            offers,
            line=line,
            words=words,
            by=turn.received.person_name,
            asked_at=asked.asked_at.astimezone(turn.calendar.zone),
        )
    return Done()


async def _readers(turn: Turn, asked: Explanation, line: DutyLine) -> list[Recipient]:
    """Return who the answer goes to: who asked, or whoever leads the unit now where they may not see it any more."""
    if not await permissions.may(turn.tx, asked.asked_by, "read_status", line=line.id):
        return await oversight.overseers_of(turn.tx, line.unit_id, "leader")
    return [asked.asker] if asked.asker else []


FLOW = Flow("explain", {"words": Step(_ask_words, _take_words)})
