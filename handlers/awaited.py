"""Figures that somebody waits for: whoever sent one back, and the head of the agency who is to confirm them."""

from __future__ import annotations

from collections.abc import Iterable

from domain.vietnamese import format_date
from handlers.notices import notify
from handlers.prompts import Offer
from handlers.turn import Stored, Turn
from storage import confirmations, duties, oversight, permissions
from storage.confirmations import Complete
from storage.oversight import Recipient


async def tell(turn: Turn) -> None:
    """Tell at the end of a turn, once for all its figures, those who wait for them."""
    await _tell_of_returns(turn)
    await ask_heads(turn, {each.line.duty_id for each in turn.stored if each.line.confirmed_by == "head"})


async def _tell_of_returns(turn: Turn) -> None:
    """Tell whoever sent a figure back that there is another; "no figure yet" is not what they wait for."""
    awaited: dict[int, tuple[Recipient, list[Stored]]] = {}
    for each in turn.stored:
        if each.value is None or not (each.line.returned or each.line.status == "no_data"):
            continue
        for person in await oversight.who_sent_back(turn.tx, each.line.id):
            if await permissions.may(turn.tx, person.person_id, "send_back", line=each.line.id):
                awaited.setdefault(person.person_id, (person, []))[1].append(each)
    for person, figures in awaited.values():
        line = figures[0].line
        offers = [Offer(f"go:lichsu:{line.id}", "history"), Offer(f"go:return:{line.id}", "send_back")]
        notify(turn, [person], "send_back/came_back", offers if len(figures) == 1 else (), figures=figures)


async def ask_heads(turn: Turn, duty_ids: Iterable[int]) -> int:
    """Ask heads to confirm those of some duties that are complete, in one message each; return how many were asked.

    The duties are held. Where an agency has no head, an admin is told once; its figures are not held up.
    """
    asked: dict[int, tuple[Recipient, list[Complete]]] = {}
    headless: dict[int, Complete] = {}
    for duty_id in sorted(duty_ids):
        complete = await confirmations.to_be_asked(turn.tx, duty_id)
        if complete is None:
            continue
        heads = await oversight.heads_of(turn.tx, complete.agency_id)
        for head in heads:
            asked.setdefault(head.person_id, (head, []))[1].append(complete)
        if heads:
            confirmations.asked(turn.tx, duty_id)
        elif not (complete.headed or complete.head_wanted):
            headless.setdefault(complete.agency_id, complete)
    for head, found in asked.values():
        notify(turn, [head], "confirm/ready", _offers(found), speaker=True, found=found)
    for complete in headless.values():
        admins = await oversight.overseers_of(turn.tx, complete.unit_id, "admin")
        if admins:
            confirmations.wanted(turn.tx, complete.agency_id, turn.now)
            offers = [Offer("go:moi:", "invite_head")]
            notify(turn, admins, "confirm/head_wanted", offers, speaker=True, duty=complete)
    return len(asked)


async def greet_head(turn: Turn, agency_id: int) -> None:
    """Ask somebody who has just become the head of an agency to confirm what waits for one."""
    waiting = await confirmations.complete_of(turn.tx, agency_id)
    for duty_id in waiting:
        duties.hold(turn.tx, duty_id)
    await ask_heads(turn, waiting)


def _offers(found: list[Complete]) -> list[Offer]:
    if len(found) == 1:
        return [Offer(f"go:chot:{found[0].id}", "look_and_confirm")]
    return [Offer(f"go:chot:{each.id}", words=format_date(each.due)) for each in found]
