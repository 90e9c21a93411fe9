"""The screens of /danhba: the agencies of a unit, one of them, one of its contacts. Their choices work for ever."""

from __future__ import annotations

from collections.abc import Iterable

from domain.model import Unit
from domain.permissions import Action
from handlers.prompts import Offer
from handlers.turn import Turn
from storage import agencies, contacts, permissions, units
from storage.contacts import Contact, Listed

PAGE = 8  # agencies on a screen
LONGEST_ID = 18  # digits; more would not fit the database's integers


def numbers(text: str, count: int) -> list[int] | None:
    """Return the `count` numbers of a choice, "12:34"; None where it says anything else: it may come from anybody."""
    parts = text.split(":")
    fits = all(part.isascii() and part.isdecimal() and len(part) <= LONGEST_ID for part in parts)
    return [int(part) for part in parts] if fits and len(parts) == count else None


async def show_list(turn: Turn, unit: Unit, page: int = 0) -> None:
    """Show a page of a unit's agencies, those without a contact first."""
    found = await contacts.agencies(turn.tx, unit.id)
    manages = await permissions.may(turn.tx, turn.person_id, "manage_contacts", unit=unit.id)
    invited = await contacts.never_joined(turn.tx, unit.id, turn.now)
    first = min(page, max(0, len(found) - 1) // PAGE) * PAGE
    offers = [Offer(f"go:danhba:#{each.id}", words=each.name) for each in found[first : first + PAGE]]
    offers += [Offer(f"go:danhba:u{unit.id}:{first // PAGE - 1}", "page_before")] if first else []
    more = first + PAGE < len(found)
    offers += [Offer(f"go:danhba:u{unit.id}:{first // PAGE + 1}", "page_after")] if more else []
    offers += [Offer(f"go:contacts:add:{unit.id}", "add_agency")] if manages else []
    asked = [each for each in found if each.kind == "agency"]
    turn.say(
        "contacts/list",
        unit=unit,
        count=len(found),
        lacking=sum(not each.has_contact for each in asked),
        agencies=found[first : first + PAGE],
        first=first,
        invited=invited,
        offers=offers,
    )


async def show_agency(turn: Turn, agency_id: int) -> None:
    """Show an agency with all who answer for it, and what may be done with it."""
    agency = await contacts.agency(turn.tx, agency_id)
    unit = await units.find(turn.tx, agency.unit_id) if agency else None
    if agency is None or unit is None or not await _may(turn, "read_contacts", agency):
        turn.say("common/old_choice")
        return
    offers = []
    if await _may(turn, "manage_contacts", agency):
        offers = [
            *(Offer(f"go:danhba:#{agency.id}:{each.person_id}", words=name) for each, name in _apart(agency.contacts)),
            Offer(f"go:moi:#{agency.id}", "invite_here"),
            Offer(f"go:contacts:rename:{agency.id}", "rename_agency"),
            Offer(f"go:contacts:alias:{agency.id}", "add_alias"),
            Offer(f"go:contacts:merge:{agency.id}", "merge_agency"),
            Offer(f"go:contacts:kind:{agency.id}", "mark_agency"),
        ]
    turn.say(
        "contacts/agency",
        agency=agency,
        unit=unit,
        aliases=await agencies.aliases(turn.tx, agency.id),
        invited=await contacts.invited(turn.tx, agency.id, turn.now),
        offers=[*offers, Offer(f"go:danhba:u{unit.id}:0", "all_agencies")],
    )


async def show_person(turn: Turn, agency_id: int, person_id: int) -> None:
    """Show somebody in an agency, and what an admin may change of what they are there."""
    agency = await contacts.agency(turn.tx, agency_id)
    found = contact_of(agency, person_id)
    if agency is None or found is None or not await _may(turn, "manage_contacts", agency):
        turn.say("common/old_choice")
        return
    key = f"{agency.id}:{person_id}"
    turn.say(
        "contacts/person",
        agency=agency,
        contact=found,
        offers=[
            Offer(f"go:contacts:role:{key}", "change_role"),
            Offer(f"go:contacts:post:{key}", "change_post"),
            Offer(f"go:contacts:handover:{key}", "hand_over"),
            Offer(f"go:contacts:remove:{key}", "remove_contact"),
            Offer(f"go:danhba:#{agency.id}", "whole_agency"),
        ],
    )


def contact_of(agency: Listed | None, person_id: int) -> Contact | None:
    """Return what somebody is in an agency; None for who is nothing there."""
    return next((each for each in agency.contacts if each.person_id == person_id), None) if agency else None


def _apart(found: Iterable[Contact]) -> list[tuple[Contact, str]]:
    """Return contacts with names that can be told from one another: a second "Lan" is "Lan (2)"."""
    count: dict[str, int] = {}
    told = []
    for each in found:
        count[each.name] = number = count.get(each.name, 0) + 1
        told.append((each, each.name if number == 1 else f"{each.name} ({number})"))
    return told


async def _may(turn: Turn, action: Action, agency: Listed) -> bool:
    return await permissions.may(turn.tx, turn.person_id, action, unit=agency.unit_id)
