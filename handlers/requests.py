"""Requests to those above: asked once, shown to who decides with two choices, decided with one tap."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from handlers.notices import notify
from handlers.prompts import Offer
from handlers.turn import Turn
from storage import audit, oversight, requests
from storage.oversight import Recipient
from storage.requests import Request, RequestKind

# Who is told of a request: those of the first role that somebody has. Others who may decide it find it listed.
_TOLD: Mapping[RequestKind, tuple[Literal["head", "leader", "admin"], ...]] = {
    "extension": ("leader", "admin"),
    "correction": ("head", "admin"),
}

TEMPLATES: Mapping[RequestKind, str] = {"extension": "requests/extension", "correction": "requests/correction"}


async def ask(
    turn: Turn, kind: RequestKind, duty_id: int, words: str, wanted: Mapping[str, Any], line_id: int | None = None
) -> tuple[Request, list[Recipient]]:
    """Store a request of the speaker and tell who decides; return it and who was told, perhaps nobody."""
    request_id = await requests.add(turn.tx, kind, duty_id, turn.person_id, words, wanted, turn.now, line_id=line_id)
    request = await requests.find(turn.tx, request_id)
    if request is None:
        raise LookupError(request_id)
    note(turn, request, "asked")
    deciders: list[Recipient] = []
    for role in _TOLD[kind]:
        if role == "head":
            found = await oversight.heads_of(turn.tx, request.agency_id)
        else:
            found = await oversight.overseers_of(turn.tx, request.unit_id, role)
        deciders = deciders or [each for each in found if each.person_id != turn.person_id]
    notify(turn, deciders, TEMPLATES[kind], choices(request), request=request)
    return request, deciders


def note(turn: Turn, request: Request, what: str) -> None:
    """Queue a line of the record: what became of a request, by the speaker."""
    subject = f"duty:{request.duty_id}" if request.line_id is None else f"line:{request.line_id}"
    action = f"{request.kind}.{what}"
    audit.note(turn.tx, action, subject, turn.now, turn.person_id, unit_id=request.unit_id, request=request.id)


def say_why(request: Request) -> list[Offer]:
    """Return the choice to say why a request was refused; who does not take it has said all there is to say."""
    return [Offer(f"go:refusal:{request.id}", "say_why")]


def choices(request: Request) -> list[Offer]:
    """Return the choices that decide a request, and the one that shows the line it is about."""
    offers = [Offer(f"go:duyet:{request.id}:granted", "grant"), Offer(f"go:duyet:{request.id}:refused", "refuse")]
    return offers + ([Offer(f"go:lichsu:{request.line_id}", "history")] if request.line_id is not None else [])
