"""A leader urges: the late ones get a digest in the leader's name, or one agency is asked to explain one indicator."""

from __future__ import annotations

from datetime import timedelta

from domain.messages import WEAKEST
from handlers import digests
from handlers.notices import notify
from handlers.prompts import Offer, compose, make_prompt
from handlers.render import render
from handlers.turn import Turn
from storage import audit, conversations, duties, explanations, outbox, oversight
from storage.duties import DueDuty, DueUnit
from storage.oversight import Recipient
from storage.permissions import may

AGAIN = timedelta(hours=20)  # about an explanation asked for: once a day


async def urge(turn: Turn, unit_id: int) -> None:
    """Remind all who owe a late figure in a commune, once a day; outside of the sending window, at its opening."""
    if not await may(turn.tx, turn.person_id, "remind_now", unit=unit_id):
        turn.say("common/not_allowed")
        return
    duties.hold_unit(turn.tx, unit_id)  # two leaders at once, or a bell meanwhile: one after the other
    unit = await duties.overdue_in(turn.tx, unit_id, turn.today)
    if not unit.duties:
        turn.say("status/nobody_late")
        return
    if not turn.calendar.is_open(turn.now):
        opening = turn.calendar.next_opening(turn.now)
        for duty in sorted(unit.duties, key=lambda duty: duty.id):
            duties.put_back(turn.tx, duty.id, opening, told=True)
        turn.say("status/urged_later", opening=opening.astimezone(turn.calendar.zone))
        return
    told, again, silent = await _remind(turn, unit)
    if told:
        audit.note(turn.tx, "reminder.urged", f"unit:{unit_id}", turn.now, turn.person_id, unit_id=unit_id, told=told)
    turn.say("status/urged", told=told, again=again, silent=silent)


async def _remind(turn: Turn, unit: DueUnit) -> tuple[int, int, list[str]]:
    """Queue a digest for each officer; return how many are told, how many were today already, and who has nobody."""
    owed: dict[Recipient, list[DueDuty]] = {}
    silent: set[str] = set()
    for duty in unit.duties:
        officers = await oversight.officers_of(turn.tx, duty.id)
        silent |= set() if officers else {duty.agency}
        for officer in officers:
            owed.setdefault(officer, []).append(duty)
    fresh = []
    for officer in sorted(owed, key=lambda each: (each.address.channel, each.address.id)):
        key = f"urged:{unit.unit_id}:{officer.person_id}:{turn.today.isoformat()}"
        if not await outbox.known(turn.tx, f"{key}:1"):
            fresh.append((officer.address, owed[officer], key))
    for address, mine, key in fresh:
        digest = digests.make_digest(mine, unit, turn.now, turn.calendar)
        text = render("status/in_the_name_of", name=turn.received.person_name, words=digest.text)
        parts = compose([text], digest.offers, False, "", turn.channels.get(address.channel, WEAKEST))
        for number, part in enumerate(parts, 1):
            outbox.add_digest(turn.tx, address, part, turn.now, f"{key}:{number}")
        listed = [line.id for line in digest.listed]
        conversations.offer(turn.tx, address, make_prompt("", digest.offers, False, listed), turn.now)
    return len(fresh), len(owed) - len(fresh), sorted(silent)


async def ask_explanation(turn: Turn, line_id: int) -> None:
    """Ask the agency of a line to explain it, once a day."""
    line = await oversight.line_of(turn.tx, turn.person_id, "ask_explanation", line_id)
    if line is None:
        turn.say("common/not_allowed")
        return
    duties.hold(turn.tx, line.duty_id)  # two leaders at once ask once
    asked = await explanations.waiting(turn.tx, line.id, turn.now - AGAIN)
    if asked is not None and turn.now - asked < AGAIN:
        turn.say("explain/asked_already", line=line, at=asked.astimezone(turn.calendar.zone))
        return
    officers = await oversight.officers_of(turn.tx, line.duty_id)
    if not officers:
        turn.say("explain/nobody", line=line)
        return
    asked_id = await explanations.ask(turn.tx, line.id, turn.person_id, turn.now)
    audit.note(turn.tx, "explanation.asked", f"line:{line.id}", turn.now, turn.person_id, unit_id=line.unit_id)
    turn.say("explain/asked", line=line, told=[each.name for each in officers])
    offers = [Offer(f"go:explain:{asked_id}", "explain")]
    notify(turn, officers, "explain/please", offers, line=line, by=turn.received.person_name)
