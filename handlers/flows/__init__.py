"""The registry of conversations. A flow is one file here; flows do not know one another."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from domain.conversation import Flow, Outcome
from domain.permissions import Action
from handlers.flows import (
    apply,
    contacts,
    explain,
    extend,
    invite,
    join,
    me,
    not_mine,
    reassign,
    refusal,
    report,
    send_back,
    snooze,
)
from handlers.turn import Turn

_ALL = (
    *(join.FLOW, report.FLOW, send_back.FLOW, snooze.FLOW, not_mine.FLOW, reassign.FLOW, extend.FLOW, explain.FLOW),
    *(invite.FLOW, me.FLOW, apply.FLOW, refusal.FLOW, contacts.FLOW),
)
FLOWS: dict[str, Flow] = {flow.name: flow for flow in _ALL}


@dataclass(frozen=True, slots=True)
class Entrance:
    """How a durable choice leads into a flow: what begins it with the rest of its words, and what it is for.

    Whoever may do `action` nowhere is told so by the template `refusal`. What is reached in particular, `begin` asks
    `storage.permissions`: a token may come from anybody. One that goes `aside` may begin in the middle of another form,
    which then goes on.
    """

    flow: Flow
    begin: Callable[[Turn, str], Awaitable[Outcome | None]]
    action: Action | None
    refusal: str = "common/not_allowed"
    aside: bool = False


# By the name of the choice, "revise" for "go:revise:12".
ENTRANCES: dict[str, Entrance] = {
    "report": Entrance(report.FLOW, report.begin, "report", "tasks/not_an_officer"),
    "line": Entrance(report.FLOW, report.one, "report", "tasks/not_an_officer"),
    "revise": Entrance(report.FLOW, report.revise, "report", "tasks/not_an_officer"),
    "invite": Entrance(invite.FLOW, invite.begin, "invite"),
    "contacts": Entrance(contacts.FLOW, contacts.begin, "manage_contacts"),
    "me": Entrance(me.FLOW, me.begin, None),
    "forget": Entrance(me.FLOW, me.forget, None),
    "return": Entrance(send_back.FLOW, send_back.begin, "send_back"),
    "snooze": Entrance(snooze.FLOW, snooze.begin, "report", "tasks/not_an_officer"),
    "notmine": Entrance(not_mine.FLOW, not_mine.begin, "report", "tasks/not_an_officer"),
    "reassign": Entrance(reassign.FLOW, reassign.begin, "reassign"),
    "explain": Entrance(explain.FLOW, explain.begin, "report", "tasks/not_an_officer"),
    "extend": Entrance(extend.FLOW, extend.begin, "report", "tasks/not_an_officer", aside=True),
    "refusal": Entrance(refusal.FLOW, refusal.begin, None, aside=True),  # who refused it may say why
}
