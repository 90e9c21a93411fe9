"""Asking to be let in without a code: commune, agency, name, consent; then an admin decides with one tap."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain import consent
from domain.conversation import Answer, Done, Flow, Go, Outcome, Stay, Step
from domain.model import Unit
from domain.person_names import read_name
from domain.vietnamese import fold
from handlers.agencies import meant
from handlers.applications import decisions
from handlers.notices import notify
from handlers.prompts import Offer
from handlers.turn import Turn
from storage import applications, contacts, oversight, people, units

SHOWN = 10  # communes to choose among
_STOPS = ("stop", "decline")


async def begin(turn: Turn, argument: str) -> Outcome | None:  # noqa: ARG001
    """Ask where somebody works; where there is one commune only, which of its agencies."""
    known = [unit for unit in await units.communes(turn.tx) if await people.admins_of(turn.tx, unit.id)]
    if not known:
        turn.say("apply/nobody")
        return Done()
    return Go("agency", {"unit": known[0].id}) if len(known) == 1 else Go("unit")


def _data(turn: Turn) -> Mapping[str, Any]:
    return turn.place.data if turn.place else {}


def _stopped(turn: Turn) -> Done:
    turn.say("join/declined", known=False)
    return Done()


async def _ask_unit(turn: Turn) -> Outcome | None:
    turn.say("apply/ask_unit", offers=[Offer("stop")])
    return None


async def _take_unit(turn: Turn, answer: Answer) -> Outcome:
    if answer.choice in _STOPS:
        return _stopped(turn)
    if answer.choice is not None:
        unit_id = answer.choice.removeprefix("unit:")
        return Go("agency", {"unit": int(unit_id)}) if unit_id.isdecimal() else Go("unit")
    fitting = _fitting(await units.communes(turn.tx), answer.text)
    if len(fitting) == 1:
        return Go("agency", {"unit": fitting[0].id})
    names = await units.names(turn.tx)
    offers = [
        Offer(f"unit:{unit.id}", words=f"{unit.name}, {names[unit.parent_id]}" if unit.parent_id else unit.name)
        for unit in fitting[:SHOWN]
    ]
    turn.say("apply/which_unit", found=len(fitting), offers=[*offers, Offer("stop")])
    return Stay()


def _fitting(known: list[Unit], typed: str) -> list[Unit]:
    wanted = fold(typed)
    return [unit for unit in known if wanted in (fold(unit.name), fold(unit.name.partition(" ")[2]))]


async def _ask_agency(turn: Turn) -> Outcome | None:
    unit = await units.find(turn.tx, _data(turn)["unit"])
    agencies = [each for each in await contacts.agencies(turn.tx, unit.id) if each.kind == "agency"] if unit else []
    if unit is None or not agencies or not await people.admins_of(turn.tx, unit.id):
        turn.say("apply/nobody")
        return Done()
    names = sorted((each.name, each.id) for each in agencies)
    offers = [Offer(f"agency:{agency_id}", words=name) for name, agency_id in names]
    turn.say("apply/ask_agency", unit=unit, offers=[*offers, Offer("stop")])
    return None


async def _take_agency(turn: Turn, answer: Answer) -> Outcome:
    if answer.choice in _STOPS:
        return _stopped(turn)
    unit = await units.find(turn.tx, _data(turn)["unit"])
    if unit is None:
        return _stopped(turn)
    if answer.choice is not None:
        return Go("name", {**_data(turn), "agency": int(answer.choice.removeprefix("agency:"))})
    found = await meant(turn.tx, unit, answer.text)
    if found is None:
        turn.say("apply/agency_wanted")
        return Go("agency", _data(turn))
    return Go("name", {**_data(turn), "agency": found[0]})


async def _ask_name(turn: Turn) -> Outcome | None:
    turn.say("join/ask_name", offers=[Offer("decline")])
    return None


async def _take_name(turn: Turn, answer: Answer) -> Outcome:
    if answer.choice in _STOPS:
        return _stopped(turn)
    name = read_name(answer.text)
    if name is None:
        turn.say("join/name_wanted", offers=[Offer("decline")])
        return Stay()
    return Go("consent", {**_data(turn), "name": name})


async def _ask_consent(turn: Turn) -> Outcome | None:
    agency = await contacts.agency(turn.tx, _data(turn)["agency"])
    unit = await units.find(turn.tx, _data(turn)["unit"])
    if agency is None or unit is None or agency.unit_id != unit.id:
        return _stopped(turn)
    offers = [Offer("agree"), Offer("decline")]
    turn.say("apply/consent", agency=agency.name, unit_name=unit.name, name=_data(turn)["name"], offers=offers)
    return None


async def _take_consent(turn: Turn, answer: Answer) -> Outcome:
    if answer.choice in _STOPS:
        return _stopped(turn)
    if answer.choice != "agree":
        turn.say("join/agree_or_decline", offers=[Offer("agree"), Offer("decline")])
        return Stay()
    address, data = turn.received.message.sender, _data(turn)
    found = await applications.add(turn.tx, address, data["agency"], data["name"], consent.VERSION, turn.now)
    application = await applications.find(turn.tx, found)
    if application is None or application.unit_id != data["unit"]:
        return _stopped(turn)
    admins = await oversight.overseers_of(turn.tx, application.unit_id, "admin")
    notify(turn, admins, "apply/notice", decisions(application), application=application)
    turn.say("apply/sent", application=application)
    return Done()


FLOW = Flow(
    "apply",
    {
        "unit": Step(_ask_unit, _take_unit),
        "agency": Step(_ask_agency, _take_agency),
        "name": Step(_ask_name, _take_name),
        "consent": Step(_ask_consent, _take_consent),
    },
)
