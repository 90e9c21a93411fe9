"""Joining: a one-time code, what is kept about the person, their consent, and only then a name in the books."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from domain import consent
from domain.conversation import Answer, Done, Flow, Go, Outcome, Stay, Step
from domain.person_names import read_name
from handlers import admitting
from handlers.codes import looks_like_code, meant_as_code, read_code
from handlers.notes import note_admins
from handlers.prompts import Offer
from handlers.turn import Turn
from storage import audit, invitations, people
from storage.people import Invitation

LOCKED_FOR = timedelta(hours=1)


async def hear(turn: Turn, words: str) -> Outcome | None:
    """Answer somebody who sent a code, or who is unknown: with what the code offers, or how to get one."""
    received = turn.received
    if received.locked_until is not None and received.locked_until > turn.now:
        turn.say("join/locked", until=received.locked_until.astimezone(turn.calendar.zone))
        return None
    code = read_code(words)
    if code is None and meant_as_code(words):
        turn.say("join/wrong_code")  # it cannot be one of ours, and so is no guess to count
    elif code is None and received.person_id is None:
        turn.say("join/hint", offers=[Offer("go:apply:", "apply")])
    elif code is None:
        turn.say("join/known", name=received.person_name)
    elif (invited := await people.find_invitation(turn.tx, code, turn.now)) is not None:
        return Go("consent", {"invitation": invited.id})
    elif (found := await invitations.find_pairing(turn.tx, code, turn.now)) is not None:
        return Go("pair", {"pairing": found.id})
    elif received.person_id is not None and await invitations.was_used_by(turn.tx, code, received.person_id):
        turn.say("join/used_already")  # the same link, pressed once more
    else:
        await _count(turn)
    return None


async def _count(turn: Turn) -> None:
    address = turn.received.message.sender
    if await people.count_wrong_code(turn.tx, address, turn.now + LOCKED_FOR, turn.now):
        audit.note(turn.tx, "address.locked", f"address:{address.channel}", turn.now)
        turn.say("join/locked", until=(turn.now + LOCKED_FOR).astimezone(turn.calendar.zone))
    else:
        turn.say("join/wrong_code")


def _data(turn: Turn) -> Mapping[str, Any]:
    return turn.place.data if turn.place else {}


async def _invited(turn: Turn) -> Invitation | None:
    invited = await people.invitation(turn.tx, int(_data(turn)["invitation"]), turn.now)
    if invited is None:
        turn.say("join/wrong_code")
    return invited


async def _ask_consent(turn: Turn) -> Outcome | None:
    invited = await _invited(turn)
    if invited is None:
        return Done()
    person_id = turn.received.person_id
    agreed = person_id is not None and await people.consented_to(turn.tx, person_id) >= consent.VERSION
    turn.say("join/consent", invited=invited, agreed=agreed, offers=[Offer("agree"), Offer("decline")])
    return None


async def _take_consent(turn: Turn, answer: Answer) -> Outcome:
    if answer.choice == "decline":
        turn.say("join/declined", known=turn.received.person_id is not None)
        return Done()
    if answer.choice is None and looks_like_code(answer.text):
        return await hear(turn, answer.text) or Done()  # another code: the one sent last counts
    if answer.choice != "agree":
        turn.say("join/agree_or_decline", offers=[Offer("agree"), Offer("decline")])
        return Stay()
    invited = await _invited(turn)
    if invited is None:
        return Done()
    if not invited.name and turn.received.person_id is None:
        return Go("name", dict(_data(turn)))
    return await _accept(turn, invited)


async def _ask_name(turn: Turn) -> Outcome | None:
    turn.say("join/ask_name", offers=[Offer("decline")])
    return None


async def _take_name(turn: Turn, answer: Answer) -> Outcome:
    if answer.choice == "decline":
        turn.say("join/declined", known=False)
        return Done()
    name = read_name(answer.text)
    if name is None:
        turn.say("join/name_wanted", offers=[Offer("decline")])
        return Stay()
    invited = await _invited(turn)
    return Done() if invited is None else await _accept(turn, replace(invited, name=name))


async def _accept(turn: Turn, invited: Invitation) -> Outcome:
    received = turn.received
    person_id = await people.accept(turn.tx, invited, received.message.sender, received.person_id, turn.now)
    if person_id is None:
        turn.say("join/wrong_code")
        return Done()
    audit.note(
        turn.tx,
        "invitation.used",
        f"invitation:{invited.id}",
        turn.now,
        person_id,
        unit_id=invited.unit_id,
        role=invited.role,
        consent=consent.VERSION,
    )
    name = received.person_name or invited.name  # somebody who joined before keeps their name, whoever was invited
    await admitting.welcome(turn, person_id, invited, name)
    await note_admins(turn.tx, turn.now, invited.unit_id, "notes/joined", but=person_id, invited=invited, name=name)
    return Done()


async def _ask_pair(turn: Turn) -> Outcome | None:
    found = await invitations.pairing(turn.tx, int(_data(turn)["pairing"]), turn.now)
    if found is None:
        turn.say("join/wrong_code")
        return Done()
    if turn.received.person_id is not None:
        turn.say("join/not_paired", same=found.person_id == turn.received.person_id)
        return Done()
    turn.say("join/pair", name=found.person_name, offers=[Offer("agree"), Offer("decline")])
    return None


async def _take_pair(turn: Turn, answer: Answer) -> Outcome:
    if answer.choice == "decline":
        turn.say("join/declined", known=False)
        return Done()
    if answer.choice != "agree":
        turn.say("join/agree_or_decline", offers=[Offer("agree"), Offer("decline")])
        return Stay()
    found = await invitations.pairing(turn.tx, int(_data(turn)["pairing"]), turn.now)
    if found is None or not await invitations.pair(turn.tx, found, turn.received.message.sender, turn.now):
        turn.say("join/wrong_code")
        return Done()
    channel = turn.received.message.sender.channel
    audit.note(turn.tx, "address.added", f"person:{found.person_id}", turn.now, found.person_id, channel=channel)
    turn.say("join/paired", name=found.person_name)
    await admitting.show_menu(turn, found.person_id)
    return Done()


FLOW = Flow(
    "join",
    {
        "consent": Step(_ask_consent, _take_consent),
        "name": Step(_ask_name, _take_name),
        "pair": Step(_ask_pair, _take_pair),
    },
)
