"""/moi: an admin invites somebody into an agency or to a role; a one-time code, with words and a picture to pass on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast, get_args

from domain.conversation import Answer, Done, Flow, Go, Outcome, Stay, Step
from domain.messages import Attachment
from domain.model import GrantRole, InvitationRole, Unit
from domain.permissions import MEMBERSHIPS
from domain.person_names import read_name
from handlers import inviting
from handlers.agencies import meant
from handlers.codes import VALID_FOR, printed
from handlers.prompts import Offer
from handlers.render import label
from handlers.turn import Turn
from storage import audit, contacts, invitations, permissions, units

_UNIT_ROLES = get_args(GrantRole)
LONGEST_ID = 18  # digits; more would not fit the database's integers


async def begin(turn: Turn, argument: str) -> Outcome | None:
    """Ask whom to invite; `argument` is the name of an agency, or "#3" for the one of that id."""
    reach = await permissions.units_where(turn.tx, turn.person_id, "invite", provinces=True)
    if argument.startswith("#"):
        agency = await contacts.agency(turn.tx, _number(argument[1:]))
        if agency is None or agency.unit_id not in {unit.id for unit in reach}:
            turn.say("common/old_choice")
            return Done()
        return Go("role", {"unit": agency.unit_id, "agency": agency.id})
    if len(reach) > 1:
        return Go("unit", {"argument": argument})
    return await _chosen(turn, reach[0], argument)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_ID else 0


async def _chosen(turn: Turn, unit: Unit, argument: str) -> Outcome:
    found = await meant(turn.tx, unit, argument) if argument else None
    return Go("role", {"unit": unit.id, "agency": found[0]}) if found else Go("whom", {"unit": unit.id})


def _data(turn: Turn) -> Mapping[str, Any]:
    return turn.place.data if turn.place else {}


async def _ask_unit(turn: Turn) -> Outcome | None:
    reach = await permissions.units_where(turn.tx, turn.person_id, "invite", provinces=True)
    offers = [Offer(f"unit:{unit.id}", words=unit.name) for unit in reach[:40]]
    turn.say("invite/ask_unit", offers=[*offers, Offer("stop")])
    return None


async def _take_unit(turn: Turn, answer: Answer) -> Outcome:
    if answer.choice == "stop":
        return _stopped(turn)
    reach = await permissions.units_where(turn.tx, turn.person_id, "invite", provinces=True)
    wanted = answer.choice.removeprefix("unit:") if answer.choice else ""
    typed = answer.text.casefold().strip()
    for unit in reach:
        if str(unit.id) == wanted or (typed and unit.name.casefold() == typed):
            return await _chosen(turn, unit, str(_data(turn).get("argument", "")))
    return Go("unit", _data(turn))


async def _unit(turn: Turn) -> Unit | None:
    """Return the unit invited into, as long as the speaker may invite there."""
    unit = await units.find(turn.tx, int(_data(turn)["unit"]))
    if unit is None or not await permissions.may(turn.tx, turn.person_id, "invite", unit=unit.id):
        turn.say("common/not_allowed")
        return None
    return unit


async def _ask_whom(turn: Turn) -> Outcome | None:
    unit = await _unit(turn)
    if unit is None:
        return Done()
    agencies = await contacts.agencies(turn.tx, unit.id)
    lacking = [agency for agency in agencies if agency.kind == "agency" and not agency.has_contact]
    waiting = await invitations.open_of(turn.tx, [unit.id], turn.now)
    offers = [Offer(f"agency:{agency.id}", words=agency.name) for agency in agencies]
    offers += [Offer("role_leader"), Offer("role_admin"), Offer("role_auditor")]
    offers += [Offer("open_codes")] if waiting else []
    turn.say(
        "invite/ask_whom",
        unit=unit,
        lacking=[agency.name for agency in lacking],
        waiting=len(waiting),
        offers=[*offers, Offer("stop")],
    )
    return None


async def _take_whom(turn: Turn, answer: Answer) -> Outcome:
    unit = await _unit(turn)
    if unit is None:
        return Done()
    if answer.choice == "stop":
        return _stopped(turn)
    if answer.choice == "open_codes":
        return Go("open", _data(turn))
    role = (answer.choice or "").removeprefix("role_")
    if role in _UNIT_ROLES:
        return Go("name", {**_data(turn), "role": role})
    if answer.choice is not None and answer.choice.startswith("agency:"):
        return Go("role", {**_data(turn), "agency": int(answer.choice.removeprefix("agency:"))})
    found = await meant(turn.tx, unit, answer.text)
    if found is None:
        turn.say("invite/whom_wanted")
        return Go("whom", _data(turn))
    return Go("role", {**_data(turn), "agency": found[0]})


async def _ask_role(turn: Turn) -> Outcome | None:
    agency = await contacts.agency(turn.tx, int(_data(turn)["agency"]))
    if agency is None or agency.unit_id != _data(turn)["unit"]:
        turn.say("common/old_choice")
        return Done()
    offers = [Offer("role_officer"), Offer("role_alternate"), Offer("role_head"), Offer("stop")]
    turn.say("invite/ask_role", agency=agency, offers=offers)
    return None


async def _take_role(turn: Turn, answer: Answer) -> Outcome:
    if answer.choice == "stop":
        return _stopped(turn)
    role = (answer.choice or "").removeprefix("role_")
    if role not in MEMBERSHIPS:
        return Go("role", _data(turn))
    return Go("name", {**_data(turn), "role": role})


async def _ask_name(turn: Turn) -> Outcome | None:
    turn.say("invite/ask_name", offers=[Offer("nameless"), Offer("stop")])
    return None


async def _take_name(turn: Turn, answer: Answer) -> Outcome:
    if answer.choice == "stop":
        return _stopped(turn)
    name = "" if answer.choice == "nameless" else read_name(answer.text)
    if name is None:
        turn.say("join/name_wanted", offers=[Offer("nameless"), Offer("stop")])
        return Stay()
    unit = await _unit(turn)
    if unit is None:
        return Done()
    data = _data(turn)
    role = cast(InvitationRole, data["role"])
    agency = await contacts.agency(turn.tx, int(data["agency"])) if role in MEMBERSHIPS else None
    if role in MEMBERSHIPS and (agency is None or agency.unit_id != unit.id):
        turn.say("common/old_choice")
        return Done()
    code = printed(
        await inviting.make(turn.tx, turn.now, role, name, unit.id, agency.id if agency else None, turn.person_id)
    )
    place: dict[str, Any] = {"unit": unit.name, "agency": agency.name if agency else None}
    turn.say(
        "invite/made", name=name, role=role, days=VALID_FOR.days, offers=[Offer("go:moi:", "invite_more")], **place
    )
    link = f"{turn.capabilities.start_link}{code}" if turn.capabilities.start_link else ""
    picture = (Attachment("photo", f"qr:{link}", "ma-moi.png"),) if link and turn.capabilities.files else ()
    turn.add("invite/forward", picture, code=code, name=name, days=VALID_FOR.days, link=link, **place)
    return Done()


async def _ask_open(turn: Turn) -> Outcome | None:
    waiting = await invitations.open_of(turn.tx, [_data(turn)["unit"]], turn.now)
    if not waiting:
        return Go("whom", _data(turn))
    offers = [
        Offer(f"revoke:{each.id}", words=f"{label('revoke_code')} {number}")
        for number, each in enumerate(waiting[:20], 1)
    ]
    zone = turn.calendar.zone
    ends = [each.expires_at.astimezone(zone).date() for each in waiting]
    turn.say(
        "invite/open", waiting=waiting[:20], ends=ends, offers=[*offers, Offer("back"), Offer("stop")], numbered=False
    )
    return None


async def _take_open(turn: Turn, answer: Answer) -> Outcome:
    if answer.choice == "stop":
        return _stopped(turn)
    unit = await _unit(turn)
    if unit is None:
        return Done()
    wanted = answer.choice.removeprefix("revoke:") if answer.choice else ""
    for each in await invitations.open_of(turn.tx, [unit.id], turn.now):
        if str(each.id) == wanted and await invitations.revoke(turn.tx, each.id):
            audit.note(
                turn.tx, "invitation.revoked", f"invitation:{each.id}", turn.now, turn.person_id, unit_id=unit.id
            )
            turn.say("invite/revoked", settles=True)
            return Go("open", _data(turn))
    return Go("whom", _data(turn)) if answer.choice == "back" else Go("open", _data(turn))


def _stopped(turn: Turn) -> Done:
    turn.say("common/stopped")
    return Done()


FLOW = Flow(
    "invite",
    {
        "unit": Step(_ask_unit, _take_unit),
        "whom": Step(_ask_whom, _take_whom),
        "role": Step(_ask_role, _take_role),
        "name": Step(_ask_name, _take_name),
        "open": Step(_ask_open, _take_open),
    },
    views=frozenset({"unit", "whom", "role", "open"}),
)
