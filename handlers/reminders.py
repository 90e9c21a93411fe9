"""Remind: what is due in one commune is claimed, and each person gets one digest of all they owe."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from domain.messages import WEAKEST, Address, Capabilities
from domain.periods import WorkCalendar
from domain.reminders import next_reminder
from handlers.render import render
from handlers.turn import Offer, compose, make_prompt
from storage import audit, conversations, duties, outbox
from storage.database import Transaction
from storage.duties import DueDuty, DueUnit

SHOWN = 10  # lines in full for each due day; a digest stays on one screen


async def remind_one(
    tx: Transaction, now: datetime, calendar: WorkCalendar, capabilities: dict[str, Capabilities]
) -> bool:
    """Remind of what is due in one commune; False when nothing is due anywhere, or it is no time to write to people.

    Several missed steps are one: the next reminder is the first step after `now`, whatever came before. A digest is
    keyed by commune, person and day, so a second bell or a second process sends nothing twice; a duty that would
    need a second digest on the same day waits for the next morning.
    """
    if not calendar.is_open(now):
        return False
    unit = await duties.claim_due(tx, now)
    if unit is None:
        return False
    told = await _send_digests(tx, now, calendar, capabilities, unit)
    for duty in unit.duties:
        if duty.id in told:
            duties.remind_next(tx, duty.id, next_reminder(duty.due, now, calendar), now)
        elif duty.recipients:
            duties.remind_next(tx, duty.id, calendar.next_opening(now), None)
        else:
            duties.remind_next(tx, duty.id, next_reminder(duty.due, now, calendar), None)
            audit.note(tx, "reminder.nobody", f"duty:{duty.id}", now, agency=duty.agency)
    return True


async def _send_digests(
    tx: Transaction,
    now: datetime,
    calendar: WorkCalendar,
    capabilities: dict[str, Capabilities],
    unit: DueUnit,
) -> set[int]:
    """Queue one digest a person and return the duties somebody was told of."""
    owed: dict[tuple[int, Address], list[DueDuty]] = {}
    for duty in unit.duties:
        for recipient in duty.recipients:
            owed.setdefault(recipient, []).append(duty)
    told: set[int] = set()
    for (person_id, address), mine in owed.items():
        if not any(duty.lines for duty in mine):
            continue
        offers = [Offer(f"go:report:{max(duty.due for duty in mine).isoformat()}", "start_report")]
        text = digest(mine, unit.unit_name, now, calendar)
        # Without numbers: those in the list are the indicators', and a "1" typed into a form in progress is a figure.
        parts = compose([text], offers, False, "", capabilities.get(address.channel, WEAKEST))
        key = f"digest:{unit.unit_id}:{person_id}:{calendar.today(now).isoformat()}"
        queued = [await outbox.add_once(tx, address, part, now, f"{key}:{n}") for n, part in enumerate(parts, 1)]
        if all(queued):
            conversations.offer(tx, address, make_prompt("", offers, False), now)
            told |= {duty.id for duty in mine}
    return told


def digest(mine: Sequence[DueDuty], unit_name: str, now: datetime, calendar: WorkCalendar) -> str:
    """Return the words of one person's digest: nearest due day first, with what is missing under each."""
    lines = sorted((line for duty in mine for line in duty.lines), key=lambda line: line.due)
    return render(
        "reminder/digest",
        unit=unit_name,
        agencies=sorted({duty.agency for duty in mine}),
        by_due=[(due, list(found)) for due, found in groupby(lines, key=lambda line: line.due)],
        shown=SHOWN,
        today=calendar.today(now),
        calendar=calendar,
    )
