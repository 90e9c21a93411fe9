"""What an admin changes about an agency, with its line in the record, and the agency as it is then."""

from __future__ import annotations

from typing import Any

from domain.conversation import Done, Outcome
from domain.model import AgencyKind
from handlers import admitting, contacts
from handlers.turn import Turn
from storage import agencies, audit, duties, units
from storage.contacts import Listed


def _note(turn: Turn, action: str, agency_id: int, unit_id: int, **detail: Any) -> None:
    audit.note(turn.tx, action, f"agency:{agency_id}", turn.now, turn.person_id, unit_id=unit_id, **detail)


async def add(turn: Turn, unit_id: int, name: str, kind: AgencyKind) -> Outcome:
    """Make an agency of a unit."""
    agency_id = await units.ensure_agency(turn.tx, unit_id, name, kind, turn.now)
    _note(turn, "agency.added", agency_id, unit_id)
    turn.say("contacts/added", settles=True, name=name)
    await contacts.show_agency(turn, agency_id)
    return Done()


async def rename(turn: Turn, agency: Listed, name: str) -> Outcome:
    """Give an agency another name; plans that print the old one still mean it."""
    duties.hold_unit(turn.tx, agency.unit_id)
    agencies.rename(turn.tx, agency.unit_id, agency.id, agency.name, name)
    _note(turn, "agency.renamed", agency.id, agency.unit_id, was=agency.name, now_is=name)
    turn.say("contacts/renamed", settles=True, was=agency.name, name=name)
    await contacts.show_agency(turn, agency.id)
    return Done()


async def add_alias(turn: Turn, agency: Listed, name: str) -> Outcome:
    """Know an agency by one more name."""
    duties.hold_unit(turn.tx, agency.unit_id)
    agencies.add_alias(turn.tx, agency.unit_id, agency.id, name)
    _note(turn, "agency.also_called", agency.id, agency.unit_id, now_is=name)
    turn.say("contacts/also_called", settles=True, agency=agency, name=name)
    await contacts.show_agency(turn, agency.id)
    return Done()


async def merge(turn: Turn, agency: Listed, into: Listed) -> Outcome:
    """Make an agency a part of another."""
    opening = turn.calendar.next_opening(turn.now)
    moved = await agencies.merge(turn.tx, agency.unit_id, agency.id, into.id, opening, turn.now)
    await admitting.remind_from_now(turn.tx, into.id, turn.now, turn.calendar)
    _note(turn, "agency.merged", agency.id, agency.unit_id, was=agency.name, now_is=into.name, duties=moved)
    turn.say("contacts/merged", settles=True, agency=agency, into=into, moved=moved)
    await contacts.show_agency(turn, into.id)
    return Done()


async def mark(turn: Turn, agency: Listed, kind: AgencyKind) -> Outcome:
    """Say what sort of agency one is: only an agency of the unit is asked for figures."""
    agencies.mark(turn.tx, agency.id, agency.kind, kind)
    _note(turn, "agency.marked", agency.id, agency.unit_id, kind=kind)
    turn.say("contacts/marked", settles=True, agency=agency, kind=kind)
    await contacts.show_agency(turn, agency.id)
    return Done()
