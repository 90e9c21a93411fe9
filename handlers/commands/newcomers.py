"""/nguoimoi: those who ask to be let in without a code; an admin grants or refuses each with one tap."""

from __future__ import annotations

from domain.messages import WEAKEST, Outgoing
from handlers import admitting, menus
from handlers.applications import decisions
from handlers.commands.base import Command
from handlers.render import render
from handlers.turn import Turn
from storage import applications, audit, outbox, people, permissions
from storage.applications import Application

LONGEST_ID = 18  # digits
SHOWN = 5


async def run(turn: Turn, argument: str) -> None:
    """List who waits; with "+5" or "-5", from a choice, grant or refuse the one of that id."""
    number = argument[1:]
    if argument[:1] in ("+", "-") and number.isascii() and number.isdecimal() and len(number) <= LONGEST_ID:
        await _decide(turn, int(number), granted=argument[0] == "+")
        return
    reach = await permissions.units_where(turn.tx, turn.person_id, "manage_contacts")
    waiting = await applications.open_of(turn.tx, [unit.id for unit in reach])
    if not waiting:
        turn.say("apply/none")
    for each in waiting[:SHOWN]:
        turn.say("apply/notice", application=each, offers=decisions(each), numbered=False)


async def _decide(turn: Turn, application_id: int, *, granted: bool) -> None:
    found = await applications.find(turn.tx, application_id)
    if found is None or not await permissions.may(turn.tx, turn.person_id, "manage_contacts", agency=found.agency_id):
        turn.say("common/old_choice")
        return
    decision = "granted" if granted else "refused"
    if not await applications.decide(turn.tx, found.id, "granted" if granted else "refused", turn.person_id, turn.now):
        turn.say("apply/decided_before", application=found)
        return
    subject = f"agency:{found.agency_id}"
    audit.note(
        turn.tx,
        f"application.{decision}",
        subject,
        turn.now,
        turn.person_id,
        unit_id=found.unit_id,
        application=found.id,
    )
    if granted:
        await _let_in(turn, found)
    outbox.add(
        turn.tx,
        found.address,
        Outgoing(render("apply/granted" if granted else "apply/refused", application=found)),
        turn.now,
    )
    turn.say("apply/done", settles=True, application=found, granted=granted)


async def _let_in(turn: Turn, found: Application) -> None:
    person_id = await people.at(turn.tx, found.address)
    if person_id is None:
        person_id = await people.add(turn.tx, found.name, found.address, turn.now)
    people.add_member(turn.tx, person_id, found.agency_id, "primary", turn.now)
    if turn.channels.get(found.address.channel, WEAKEST).menus:
        outbox.add(turn.tx, found.address, Outgoing(menu=await menus.of(turn.tx, person_id)), turn.now)
    await admitting.remind_from_now(turn.tx, found.agency_id, turn.now, turn.calendar)


COMMAND = Command("nguoimoi", run, "manage_contacts", words=("người mới", "ai xin tham gia"))
