"""What granting and refusing an extension does, and what those are told who wait for it."""

from __future__ import annotations

from domain.closing import is_closed
from domain.reminders import next_reminder
from handlers.notices import notify
from handlers.requests import say_why
from handlers.turn import Turn
from storage import duties, oversight, requests
from storage.requests import Decided, Request


async def grant(turn: Turn, request: Request) -> Decided:
    """Give the agency until the day asked for, unless it has as long, lacks nothing, or the day is past.

    What is closed at that moment stays so: more time is for what is missing.
    """
    moot = request.day <= request.due or request.day < turn.today or not request.missing
    requests.decide(turn.tx, request, "withdrawn" if moot else "granted", turn.person_id, turn.now)
    if moot:
        turn.say("requests/extension_moot", request=request)
        return "withdrawn"
    if is_closed(request.closing, request.due, request.closes_after, turn.today, turn.calendar):
        duties.close(turn.tx, request.duty_id)
    duties.extend(turn.tx, request.duty_id, request.day, next_reminder(request.day, turn.now, turn.calendar))
    await _tell(turn, request, granted=True)
    return "granted"


async def refuse(turn: Turn, request: Request) -> Decided:
    """Leave the due day as it is."""
    requests.decide(turn.tx, request, "refused", turn.person_id, turn.now)
    await _tell(turn, request, granted=False)
    return "refused"


async def _tell(turn: Turn, request: Request, *, granted: bool) -> None:
    officers = await oversight.officers_of(turn.tx, request.duty_id)
    names = [each.name for each in officers if each.person_id != turn.person_id]
    offers = [] if granted else say_why(request)
    turn.say("requests/extension_decided", request=request, granted=granted, told=names, offers=offers)
    by = turn.received.person_name
    notify(turn, officers, "requests/extension_answer", (), request=request, granted=granted, by=by)
