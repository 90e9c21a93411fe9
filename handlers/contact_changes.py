"""What an admin changes about somebody in an agency: recorded, told to them, and seen in their list of commands."""

from __future__ import annotations

from typing import Any

from domain.conversation import Done, Outcome
from domain.messages import WEAKEST, Outgoing
from domain.model import MembershipRole
from handlers import admitting, contacts, menus
from handlers.notices import notify
from handlers.prompts import Offer
from handlers.turn import Turn
from storage import audit, outbox, people
from storage import contacts as books
from storage.contacts import Contact, Listed


def _note(turn: Turn, action: str, agency: Listed, person_id: int, **detail: Any) -> None:
    subject = f"agency:{agency.id}"
    audit.note(turn.tx, action, subject, turn.now, turn.person_id, unit_id=agency.unit_id, person=person_id, **detail)


async def _tell(turn: Turn, person_id: int, template: str, *offers: Offer, **values: Any) -> None:
    """Tell somebody what they are now or no longer are, and list what they may do from here on."""
    for each in await books.recipient(turn.tx, person_id):
        notify(turn, [each], template, offers, **values)
        if turn.channels.get(each.address.channel, WEAKEST).menus:
            outbox.add(turn.tx, each.address, Outgoing(menu=await menus.of(turn.tx, person_id)), turn.now)


async def give_role(turn: Turn, agency: Listed, contact: Contact, role: MembershipRole) -> Outcome:
    """Make somebody the primary or alternate contact of their agency, or its head."""
    people.add_member(turn.tx, contact.person_id, agency.id, role, turn.now, contact.post)
    await admitting.remind_from_now(turn.tx, agency.id, turn.now, turn.calendar)
    _note(turn, "member.role", agency, contact.person_id, role=role)
    turn.say("contacts/role_given", settles=True, contact=contact, agency=agency, role=role)
    await _tell(turn, contact.person_id, "notes/role_given", agency=agency, role=role)
    await contacts.show_agency(turn, agency.id)
    return Done()


async def end_head(turn: Turn, agency: Listed, contact: Contact) -> Outcome:
    """Let somebody head their agency no longer; what else they are there they stay."""
    books.end_role(turn.tx, contact.person_id, agency.id, "head")
    _note(turn, "member.role_ended", agency, contact.person_id, role="head")
    turn.say("contacts/head_ended", settles=True, contact=contact, agency=agency)
    await _tell(turn, contact.person_id, "notes/head_ended", agency=agency)
    await contacts.show_agency(turn, agency.id)
    return Done()


async def set_post(turn: Turn, agency: Listed, contact: Contact, post: str | None) -> Outcome:
    """Note somebody's post in their agency; the record says that, not which."""
    books.set_post(turn.tx, contact.person_id, agency.id, post)
    _note(turn, "member.post", agency, contact.person_id)
    turn.say("contacts/post_set", settles=True, contact=contact, post=post)
    await contacts.show_agency(turn, agency.id)
    return Done()


async def hand_over(turn: Turn, agency: Listed, contact: Contact, to: int, name: str) -> Outcome:
    """Put somebody into another's place: what is still owed is theirs to report; what was given stays as it was given.

    The post stays with the place.
    """
    there = contacts.contact_of(agency, to)
    for role in contact.roles:
        if there is None or role not in there.roles:
            people.add_member(turn.tx, to, agency.id, role, turn.now, contact.post)
    people.remove_member(turn.tx, contact.person_id, agency.id)
    await admitting.remind_from_now(turn.tx, agency.id, turn.now, turn.calendar)
    _note(turn, "member.replaced", agency, contact.person_id, by=to)
    turn.say("contacts/handed_over", settles=True, contact=contact, agency=agency, name=name)
    await _tell(turn, contact.person_id, "notes/handed_on", agency=agency, name=name)
    offers = [Offer("go:report:", "start_report")] if agency.owes and set(contact.roles) != {"head"} else []
    await _tell(turn, to, "notes/taken_over", *offers, agency=agency, name=contact.name, roles=contact.roles)
    await contacts.show_agency(turn, agency.id)
    return Done()


async def remove(turn: Turn, agency: Listed, contact: Contact) -> Outcome:
    """End whatever somebody is in an agency; what they gave stays with it."""
    people.remove_member(turn.tx, contact.person_id, agency.id)
    _note(turn, "member.removed", agency, contact.person_id)
    turn.say("contacts/removed", settles=True, contact=contact, agency=agency)
    await _tell(turn, contact.person_id, "notes/removed", agency=agency)
    await contacts.show_agency(turn, agency.id)
    return Done()
