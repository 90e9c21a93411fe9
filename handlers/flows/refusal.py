"""Why a request was refused: its decider may say so afterwards in a sentence, and whoever asked is told."""

from __future__ import annotations

import re

from domain.conversation import Answer, Done, Flow, Go, Outcome, Stay, Step
from handlers.notices import notify
from handlers.prompts import Offer
from handlers.recording import KEPT_WORDS
from handlers.requests import note
from handlers.turn import Turn
from storage import oversight, permissions, requests
from storage.requests import DECIDED_BY, Request

LONGEST_ID = 18  # digits; more would not fit the database's integers
_LETTERS = re.compile(r"[^\W\d_]{2,}")


async def begin(turn: Turn, request_id: str) -> Outcome | None:
    """Ask why a request was refused: only of one that the person has refused and said nothing of yet."""
    if not (request_id.isascii() and request_id.isdecimal() and len(request_id) < LONGEST_ID):
        turn.say("common/old_choice", aside=True)
        return None
    return Go("why", {"request": int(request_id)})


async def _refused(turn: Turn) -> Request | None:
    """Return the request asked about, if the person refused it, may still decide such, and has not said why."""
    found = await requests.find(turn.tx, turn.place.data["request"]) if turn.place else None
    if found is None or found.status != "refused" or found.decided_by != turn.person_id:
        return None
    if not await permissions.may(turn.tx, turn.person_id, DECIDED_BY[found.kind], agency=found.agency_id):
        return None
    return found


async def _ask(turn: Turn) -> Outcome | None:
    request = await _refused(turn)
    if request is None:
        turn.say("common/old_choice")
    elif request.answer:
        turn.say("requests/why_said", request=request)
    else:
        turn.say("requests/why", request=request, offers=[Offer("skip")], numbered=False)
        return None
    return Done()


async def _take(turn: Turn, answer: Answer) -> Outcome:
    request = await _refused(turn)
    if answer.choice == "skip":
        turn.say("requests/why_skipped")
    elif request is None:
        turn.say("common/old_choice")
    elif request.answer:
        turn.say("requests/why_said", request=request)
    elif _LETTERS.search(answer.text) is None:
        turn.say("report/words_wanted", aside=True)
        return Stay()
    else:
        await _say(turn, request, answer.text[:KEPT_WORDS])
    return Done()


async def _say(turn: Turn, request: Request, words: str) -> None:
    requests.explain(turn.tx, request, words)
    note(turn, request, "explained")
    officers = await oversight.officers_of(turn.tx, request.duty_id)
    names = [each.name for each in officers if each.person_id != turn.person_id]
    turn.say("requests/why_done", settles=True, told=names)
    notify(turn, officers, "requests/why_refused", (), request=request, words=words, by=turn.received.person_name)


FLOW = Flow("refusal", {"why": Step(_ask, _take)}, views=frozenset({"why"}))
