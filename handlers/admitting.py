"""What follows when somebody is let in: their agency's duties are reminded of, and they are told what to do."""

from __future__ import annotations

from datetime import datetime

from domain.periods import WorkCalendar
from domain.reminders import first_reminder
from handlers import menus
from handlers.awaited import greet_head
from handlers.prompts import Offer
from handlers.turn import Turn
from storage import duties
from storage.database import Transaction
from storage.people import Invitation


async def remind_from_now(tx: Transaction, agency_id: int, now: datetime, calendar: WorkCalendar) -> None:
    """Set the first reminder anew of whatever nobody could be told of until now."""
    for duty_id, due in await duties.never_reminded(tx, agency_id):
        duties.remind_next(tx, duty_id, first_reminder(due, now, calendar), None)


async def welcome(turn: Turn, person_id: int, invited: Invitation, name: str) -> None:
    """Tell the speaker, who has just become what they were invited to be, what there is to do."""
    missing = 0
    if invited.agency_id is not None:
        await remind_from_now(turn.tx, invited.agency_id, turn.now, turn.calendar)
        lines = await duties.lines_of(turn.tx, person_id, asked=turn.today)
        missing = sum(line.status != "reported" for line in lines)
    offers = [Offer("go:report:", "start_report")] if missing else []
    turn.say("join/welcome", invited=invited, name=name, missing=missing, offers=offers)
    await show_menu(turn, person_id)
    if invited.role == "head" and invited.agency_id is not None:
        await greet_head(turn, invited.agency_id)


async def show_menu(turn: Turn, person_id: int) -> None:
    """List in the speaker's chat what they may do now."""
    if turn.capabilities.menus:
        turn.show_menu(await menus.of(turn.tx, person_id))
