"""Changing the contacts of a unit: an admin's choices in /danhba lead here, to one question each and back there.

What is done to agencies is in `handlers/agency_changes.py`, what to people in `handlers/contact_changes.py`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from domain.agencies import closest_name, find_agency
from domain.contact_words import read_agency_name, read_post
from domain.conversation import Answer, Done, Flow, Go, Outcome, Stay, Step
from domain.model import AgencyKind, MembershipRole
from handlers import agency_changes, contact_changes, contacts
from handlers.agencies import meant, word_of
from handlers.prompts import Offer
from handlers.turn import Turn
from storage import agencies, permissions, units
from storage import contacts as books
from storage.contacts import Contact, Listed

_OF_AGENCIES = ("rename", "alias", "merge", "kind")
_OF_PEOPLE = ("role", "post", "handover", "remove")
# By what each says.
_KINDS: Mapping[str, AgencyKind] = {"kind_agency": "agency", "kind_group": "group", "kind_external": "external"}
_ROLES: Mapping[str, MembershipRole] = {"be_primary": "primary", "be_alternate": "alternate", "be_head": "head"}


async def begin(turn: Turn, argument: str) -> Outcome | None:
    """Begin what a choice says: "add:3" in a unit, "rename:12" of an agency, "post:12:34" of somebody there."""
    what, _, ids = argument.partition(":")
    place: dict[str, int] | None = None
    if what == "add" and (found := contacts.numbers(ids, 1)):
        place = {"unit": found[0]}
    elif what in _OF_AGENCIES and (found := contacts.numbers(ids, 1)):
        place = {"agency": found[0]}
    elif what in _OF_PEOPLE and (found := contacts.numbers(ids, 2)):
        place = {"agency": found[0], "person": found[1]}
    if place is None:
        turn.say("common/old_choice", aside=True)
        return None
    return Go(what, place)


def _data(turn: Turn) -> Mapping[str, Any]:
    return turn.place.data if turn.place else {}


async def _agency(turn: Turn) -> Listed | None:
    """Return the agency to be changed, as long as the speaker may; else say that the choice is an old one."""
    found = await books.agency(turn.tx, int(_data(turn)["agency"]))
    if found is None or not await permissions.may(turn.tx, turn.person_id, "manage_contacts", unit=found.unit_id):
        turn.say("common/old_choice")
        return None
    return found


async def _person(turn: Turn) -> tuple[Listed, Contact] | None:
    """Return who is to be changed in which agency; else say that the choice is an old one."""
    agency = await _agency(turn)
    found = contacts.contact_of(agency, int(_data(turn)["person"]))
    if agency is not None and found is None:
        turn.say("common/old_choice")
    return (agency, found) if agency is not None and found is not None else None


async def _stopped(turn: Turn) -> Done:
    turn.say("contacts/unchanged")
    if "person" in _data(turn):
        await contacts.show_person(turn, int(_data(turn)["agency"]), int(_data(turn)["person"]))
    elif "agency" in _data(turn):
        await contacts.show_agency(turn, int(_data(turn)["agency"]))
    return Done()


def _of_agency(
    ask: Callable[[Turn, Listed], Awaitable[Outcome | None]], take: Callable[[Turn, Listed, Answer], Awaitable[Outcome]]
) -> Step:
    """Return a step about an agency, which is looked up and authorised anew each time."""

    async def asked(turn: Turn) -> Outcome | None:
        agency = await _agency(turn)
        return await ask(turn, agency) if agency else Done()

    async def taken(turn: Turn, answer: Answer) -> Outcome:
        if answer.choice == "stop":
            return await _stopped(turn)
        agency = await _agency(turn)
        return await take(turn, agency, answer) if agency else Done()

    return Step(asked, taken)


def _of_person(
    ask: Callable[[Turn, Listed, Contact], Awaitable[Outcome | None]],
    take: Callable[[Turn, Listed, Contact, Answer], Awaitable[Outcome]],
) -> Step:
    """Return a step about somebody in an agency, who is looked up anew each time."""

    async def asked(turn: Turn) -> Outcome | None:
        found = await _person(turn)
        return await ask(turn, *found) if found else Done()

    async def taken(turn: Turn, answer: Answer) -> Outcome:
        if answer.choice == "stop":
            return await _stopped(turn)
        found = await _person(turn)
        return await take(turn, *found, answer) if found else Done()

    return Step(asked, taken)


# A new agency


async def _may_add(turn: Turn) -> bool:
    may = await permissions.may(turn.tx, turn.person_id, "manage_contacts", unit=int(_data(turn)["unit"]))
    if not may:
        turn.say("common/old_choice")
    return may


async def _ask_add(turn: Turn) -> Outcome | None:
    if not await _may_add(turn):
        return Done()
    turn.say("contacts/ask_name", offers=[Offer("stop")])
    return None


async def _take_add(turn: Turn, answer: Answer) -> Outcome:
    if answer.choice == "stop":
        return await _stopped(turn)
    unit = await units.find(turn.tx, int(_data(turn)["unit"]))
    if unit is None or not await _may_add(turn):
        return Done()
    standard = find_agency(answer.text, word_of(unit))
    name = standard.name if standard else read_agency_name(answer.text)
    if name is None:
        turn.say("contacts/name_wanted", offers=[Offer("stop")])
        return Stay()
    if (same := await meant(turn.tx, unit, name)) is not None:
        turn.say("contacts/there_already", name=same[1])
        await contacts.show_agency(turn, same[0])
        return Done()
    known = [title for _, title in await units.agencies(turn.tx, unit.id)]
    near = None if standard else closest_name(name, word_of(unit), known)
    if near is not None:
        return Go("near", {"unit": unit.id, "name": name, "near": near})
    return await agency_changes.add(turn, unit.id, name, standard.kind if standard else "agency")


async def _ask_near(turn: Turn) -> Outcome | None:
    offers = [Offer("near:", words=_data(turn)["near"]), Offer("as_typed"), Offer("stop")]
    turn.say("contacts/near", name=_data(turn)["name"], near=_data(turn)["near"], offers=offers)
    return None


async def _take_near(turn: Turn, answer: Answer) -> Outcome:
    if answer.choice == "stop":
        return await _stopped(turn)
    unit = await units.find(turn.tx, int(_data(turn)["unit"]))
    if unit is None or not await _may_add(turn):
        return Done()
    if answer.choice not in ("near:", "as_typed"):
        return Go("near", _data(turn))
    name = str(_data(turn)["near" if answer.choice == "near:" else "name"])
    if (same := await meant(turn.tx, unit, name)) is not None:
        await contacts.show_agency(turn, same[0])
        return Done()
    return await agency_changes.add(turn, unit.id, name, "agency")


# An agency that is there


async def _ask_rename(turn: Turn, agency: Listed) -> Outcome | None:
    turn.say("contacts/ask_new_name", agency=agency, offers=[Offer("stop")])
    return None


async def _take_rename(turn: Turn, agency: Listed, answer: Answer) -> Outcome:
    return await _named(turn, agency, answer, agency_changes.rename)


async def _ask_alias(turn: Turn, agency: Listed) -> Outcome | None:
    turn.say("contacts/ask_alias", agency=agency, offers=[Offer("stop")])
    return None


async def _take_alias(turn: Turn, agency: Listed, answer: Answer) -> Outcome:
    return await _named(turn, agency, answer, agency_changes.add_alias)


async def _named(
    turn: Turn, agency: Listed, answer: Answer, change: Callable[[Turn, Listed, str], Awaitable[Outcome]]
) -> Outcome:
    """Give an agency the name typed, unless it is none or another agency goes by it."""
    name = read_agency_name(answer.text)
    if name is None:
        turn.say("contacts/name_wanted", offers=[Offer("stop")])
        return Stay()
    other = await agencies.called(turn.tx, agency.unit_id, name)
    if other is not None and other.id != agency.id:
        turn.say("contacts/name_taken", other=other, offers=[Offer("stop")])
        return Stay()
    return await change(turn, agency, name)


async def _ask_merge(turn: Turn, agency: Listed) -> Outcome | None:
    offers = [Offer(f"into:{each.id}", words=each.name) for each in await _others(turn, agency)]
    turn.say("contacts/ask_merge", agency=agency, offers=[*offers, Offer("stop")])
    return None


async def _others(turn: Turn, agency: Listed) -> list[Listed]:
    """Return what an agency can become a part of; what owes reports, only of one that can be reminded."""
    found = await books.agencies(turn.tx, agency.unit_id)
    return [each for each in found if each.id != agency.id and (each.kind == "agency" or not agency.owes)]


async def _take_merge(turn: Turn, agency: Listed, answer: Answer) -> Outcome:
    wanted = (answer.choice or "").removeprefix("into:")
    typed = None
    if answer.choice is None and (unit := await units.find(turn.tx, agency.unit_id)):
        typed = await meant(turn.tx, unit, answer.text)
    for each in await _others(turn, agency):
        if str(each.id) == wanted or (typed and typed[0] == each.id):
            return Go("merge_sure", {"agency": agency.id, "into": each.id})
    return Go("merge", _data(turn))


async def _ask_merge_sure(turn: Turn, agency: Listed) -> Outcome | None:
    into = await books.agency(turn.tx, int(_data(turn)["into"]))
    if into is None:
        return Go("merge", {"agency": agency.id})
    turn.say("contacts/merge_sure", agency=agency, into=into, offers=[Offer("merge_them"), Offer("stop")])
    return None


async def _take_merge_sure(turn: Turn, agency: Listed, answer: Answer) -> Outcome:
    into = next((each for each in await _others(turn, agency) if each.id == _data(turn)["into"]), None)
    if into is None or answer.choice != "merge_them":
        return Go("merge_sure" if into else "merge", _data(turn))
    return await agency_changes.merge(turn, agency, into)


async def _ask_kind(turn: Turn, agency: Listed) -> Outcome | None:
    if agency.kind == "agency" and agency.owes:
        turn.say("contacts/owes_still", agency=agency)
        await contacts.show_agency(turn, agency.id)
        return Done()
    offers = [Offer(name) for name, kind in _KINDS.items() if kind != agency.kind]
    turn.say("contacts/ask_kind", agency=agency, offers=[*offers, Offer("stop")])
    return None


async def _take_kind(turn: Turn, agency: Listed, answer: Answer) -> Outcome:
    kind = _KINDS.get(answer.choice or "")
    if kind is None or (agency.kind == "agency" and agency.owes):
        return Go("kind", _data(turn))
    return await agency_changes.mark(turn, agency, kind)


# Somebody in an agency


async def _ask_role(turn: Turn, agency: Listed, contact: Contact) -> Outcome | None:
    offers = [Offer(name) for name, role in _ROLES.items() if role not in contact.roles]
    offers += [Offer("head_no_more")] if "head" in contact.roles and len(contact.roles) > 1 else []
    turn.say("contacts/ask_role", agency=agency, contact=contact, offers=[*offers, Offer("stop")])
    return None


async def _take_role(turn: Turn, agency: Listed, contact: Contact, answer: Answer) -> Outcome:
    role = _ROLES.get(answer.choice or "")
    if answer.choice == "head_no_more":
        return await contact_changes.end_head(turn, agency, contact)
    if role is None:
        return Go("role", _data(turn))
    return await contact_changes.give_role(turn, agency, contact, role)


async def _ask_post(turn: Turn, agency: Listed, contact: Contact) -> Outcome | None:
    turn.say("contacts/ask_post", agency=agency, contact=contact, offers=[Offer("no_post"), Offer("stop")])
    return None


async def _take_post(turn: Turn, agency: Listed, contact: Contact, answer: Answer) -> Outcome:
    post = None if answer.choice == "no_post" else read_post(answer.text)
    if post is None and answer.choice != "no_post":
        turn.say("contacts/post_wanted", offers=[Offer("no_post"), Offer("stop")])
        return Stay()
    return await contact_changes.set_post(turn, agency, contact, post)


async def _ask_handover(turn: Turn, agency: Listed, contact: Contact) -> Outcome | None:
    known = [each for each in await books.people_of(turn.tx, agency.unit_id) if each[0] != contact.person_id]
    offers = [Offer(f"to:{person_id}", words=f"{name} ({place})") for person_id, name, place in known]
    turn.say("contacts/ask_handover", agency=agency, contact=contact, known=known, offers=[*offers, Offer("stop")])
    return None


async def _take_handover(turn: Turn, agency: Listed, contact: Contact, answer: Answer) -> Outcome:
    wanted = (answer.choice or "").removeprefix("to:")
    typed = answer.text.casefold().strip()
    known = [each for each in await books.people_of(turn.tx, agency.unit_id) if each[0] != contact.person_id]
    by_name = [each for each in known if answer.choice is None and each[1].casefold() == typed]
    fitting = [each for each in known if str(each[0]) == wanted] or by_name
    if len(fitting) != 1:
        return Go("handover", _data(turn))
    return await contact_changes.hand_over(turn, agency, contact, fitting[0][0], fitting[0][1])


async def _ask_remove(turn: Turn, agency: Listed, contact: Contact) -> Outcome | None:
    turn.say("contacts/ask_remove", agency=agency, contact=contact, offers=[Offer("remove_them"), Offer("stop")])
    return None


async def _take_remove(turn: Turn, agency: Listed, contact: Contact, answer: Answer) -> Outcome:
    if answer.choice != "remove_them":
        return Go("remove", _data(turn))
    return await contact_changes.remove(turn, agency, contact)


FLOW = Flow(
    "contacts",
    {
        "add": Step(_ask_add, _take_add),
        "near": Step(_ask_near, _take_near),
        "rename": _of_agency(_ask_rename, _take_rename),
        "alias": _of_agency(_ask_alias, _take_alias),
        "merge": _of_agency(_ask_merge, _take_merge),
        "merge_sure": _of_agency(_ask_merge_sure, _take_merge_sure),
        "kind": _of_agency(_ask_kind, _take_kind),
        "role": _of_person(_ask_role, _take_role),
        "post": _of_person(_ask_post, _take_post),
        "handover": _of_person(_ask_handover, _take_handover),
        "remove": _of_person(_ask_remove, _take_remove),
    },
)
