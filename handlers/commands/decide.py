"""/duyet: what waits for the person's decision; one tap grants or refuses it, once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from handlers import extending, reopening
from handlers.commands.base import Command
from handlers.prompts import Offer
from handlers.render import render
from handlers.requests import TEMPLATES, choices, note
from handlers.turn import Turn
from storage import permissions, requests
from storage.requests import DECIDED_BY, Decided, Request, RequestKind

SHOWN = 16
_VERDICTS = ("granted", "refused")
LONGEST_ID = 18  # digits; more would not fit the database's integers
# What a verdict does; it returns what became of the request, which may have lost its object meanwhile.
Effect = Callable[[Turn, Request], Awaitable[Decided]]
_EFFECTS: Mapping[RequestKind, Mapping[str, Effect]] = {
    "extension": {"granted": extending.grant, "refused": extending.refuse},
    "correction": {"granted": reopening.grant, "refused": reopening.refuse},
}


async def run(turn: Turn, argument: str) -> None:
    """Show what is to be decided, or the one of an id; decide it where a verdict stands behind ("12:granted").

    A verdict alone is for the only one that waits.
    """
    number, _, verdict = argument.partition(":")
    if not number or number in _VERDICTS:
        waiting = await _waiting(turn)
        if len(waiting) != 1 or not number:
            _list(turn, waiting)
            return
        number, verdict = str(waiting[0].id), number
    request = await _seen(turn, number)
    if request is None:
        turn.say("common/old_choice")
    elif request.status != "open":
        turn.say("requests/decided_before", request=request, zone=turn.calendar.zone)
    elif verdict in _VERDICTS:
        await _decide(turn, request, verdict)
    else:
        _show(turn, request)


async def _seen(turn: Turn, number: str) -> Request | None:
    """Return the request of an id if the person may decide such; nobody decides what they ask for themselves."""
    if not (number.isascii() and number.isdecimal() and len(number) < LONGEST_ID):
        return None
    request = await requests.find(turn.tx, int(number))
    if request is None or request.person_id == turn.person_id:
        return None
    allowed = await permissions.may(turn.tx, turn.person_id, DECIDED_BY[request.kind], agency=request.agency_id)
    return request if allowed else None


async def _decide(turn: Turn, request: Request, verdict: str) -> None:
    waiting = await _waiting(turn)
    if _typed_to_a_notice(turn) and len(waiting) > 1:
        _list(turn, waiting)  # of several notices, typed words do not say which was meant
        return
    note(turn, request, await _EFFECTS[request.kind][verdict](turn, request))


def _typed_to_a_notice(turn: Turn) -> bool:
    """Tell whether words were typed below something nobody had asked for, and not below the request they chose."""
    return turn.received.message.token is None and not (turn.received.prompt or {}).get("nonce")


async def _waiting(turn: Turn) -> list[Request]:
    """Return what the person may decide, without what they ask for themselves."""
    found = await requests.open_for(turn.tx, turn.person_id)
    return [request for request in found if request.person_id != turn.person_id]


def _list(turn: Turn, waiting: Sequence[Request]) -> None:
    if not waiting:
        turn.say("requests/none")
    elif len(waiting) == 1:
        _show(turn, waiting[0])
    else:
        offers = [Offer(f"go:duyet:{each.id}", words=_words(each)) for each in waiting[:SHOWN]]
        turn.say("requests/which", count=len(waiting), offers=offers)


def _words(request: Request) -> str:
    return render("requests/label", request=request)


def _show(turn: Turn, request: Request) -> None:
    turn.say(TEMPLATES[request.kind], request=request, offers=choices(request), numbered=False)


_WORDS = ("duyệt", "chờ duyệt", "xem đề nghị", "đề nghị chờ duyệt")
COMMAND = Command("duyet", run, None, aliases=("duyệt",), words=_WORDS)
