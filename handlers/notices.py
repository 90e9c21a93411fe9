"""Tell somebody else at once what was decided or asked, with choices that work as long as it is on the phone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from domain.messages import WEAKEST
from handlers.prompts import Offer, compose, make_prompt
from handlers.render import render
from handlers.turn import Turn
from storage import conversations, outbox
from storage.oversight import Recipient


def notify(
    turn: Turn,
    whom: Iterable[Recipient],
    template: str,
    offers: Iterable[Offer] = (),
    *,
    speaker: bool = False,
    **values: Any,
) -> None:
    """Queue a rendered message to each of `whom` but the speaker, unless `speaker`; its `offers` are durable choices.

    A form they are in goes on: where choices are typed, those of its question stay the ones that count, and a number
    is never an answer to what nobody asked for.
    """
    offered = list(offers)
    others = [each for each in whom if speaker or each.person_id != turn.received.person_id]
    for each in sorted(others, key=lambda each: (each.address.channel, each.address.id)):
        capabilities = turn.channels.get(each.address.channel, WEAKEST)
        text = render(template, today=turn.today, calendar=turn.calendar, **values)
        for message in compose([text], offered, False, "", capabilities):
            outbox.add(turn.tx, each.address, message, turn.now, "broadcast")
        if not capabilities.buttons and (prompt := make_prompt("", offered, False)):
            conversations.offer(turn.tx, each.address, prompt, turn.now)
