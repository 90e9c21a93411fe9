"""Remind: what is due in one commune is claimed, and each person gets one digest of all they owe."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from itertools import count
from typing import NamedTuple

from domain.messages import WEAKEST, Address, Capabilities
from domain.periods import WorkCalendar
from domain.rounds import OpenDuty, plan_round
from domain.rungs import Rung
from handlers import digests, escalations
from handlers.digests import Digest
from handlers.escalations import OFFICERS, Told
from handlers.prompts import compose, make_prompt
from storage import audit, conversations, duties, notices, outbox, people, snoozes
from storage.database import Transaction
from storage.duties import DueDuty, DueUnit


class _Key(NamedTuple):
    """Which digest a message of the outbox is a part of."""

    unit_id: int
    person_id: int
    day: str

    def part(self, number: int) -> str:
        """Return the dedupe key of a part, from 1."""
        return f"digest:{self.unit_id}:{self.person_id}:{self.day}:{number}"


def _read_key(dedupe_key: str) -> _Key | None:
    name, *parts = dedupe_key.split(":")
    return _Key(int(parts[0]), int(parts[1]), parts[2]) if name == "digest" else None


async def claim(tx: Transaction, now: datetime, calendar: WorkCalendar) -> DueUnit | None:
    """Lock a commune with duties to be reminded of; None when there is none, or it is no time to write to people."""
    return await duties.claim_due(tx, now) if calendar.is_open(now) else None


async def remind(
    tx: Transaction, now: datetime, calendar: WorkCalendar, capabilities: dict[str, Capabilities], unit: DueUnit
) -> None:
    """Remind of what is due in a claimed commune: who is told is `domain.rounds.plan_round`'s to say.

    Raises `Outdated` when somebody was sent a digest about another commune meanwhile; done anew, they are not told.
    """
    today = calendar.today(now)
    people_there = await notices.people_of(tx, unit.unit_id, today)
    told = await notices.told_of(tx, unit.unit_id, now)
    heard = await notices.heard_by(tx, unit.unit_id, today)
    duties_there = [open_duty(duty, told) for duty in unit.duties if duty.lines]
    planned = plan_round(duties_there, people_there.contacts, people_there.leaders, heard, now, calendar)
    by_id = {duty.id: duty for duty in unit.duties}
    sent = [
        _queue(
            tx,
            now,
            calendar,
            capabilities,
            Told(unit, person_id, mine, by_id, told, people_there),
            _day(person_id in planned.asked, now, calendar),
        )
        for person_id, mine in sorted(planned.notices.items())
    ]
    reminded = {notice.duty_id for mine in planned.notices.values() for notice in mine if notice.rung in OFFICERS}
    # Duties before conversations, and those by their ids: an officer's turn takes its locks in this order too.
    for duty in sorted(unit.duties, key=lambda duty: duty.id):
        snoozes.end(tx, duty.id, now)  # also of somebody who answers for it no longer: or the bell rang for ever
        if duty.at_step:
            at = planned.bells.get(duty.id, calendar.next_opening(now))
            duties.remind_next(tx, duty.id, at, now if duty.id in reminded else None)
        elif duty.id in reminded:
            duties.note_reminded(tx, duty.id, now)
        if duty.id in planned.nobody:
            audit.note(tx, "reminder.nobody", f"duty:{duty.id}", now, unit_id=unit.unit_id, agency=duty.agency)
    for address, digest in sorted(sent, key=lambda each: (each[0].channel, each[0].id)):
        if digest is not None:
            listed = [line.id for line in digest.listed]
            conversations.offer(tx, address, make_prompt("", digest.offers, False, listed), now)


def _day(asked: bool, now: datetime, calendar: WorkCalendar) -> str:
    """Return the day in the key of a digest; who asked to be reminded at an hour gets one of that hour besides."""
    local = now.astimezone(calendar.zone)
    return f"{local:%Y-%m-%dT%H%M}" if asked else local.date().isoformat()


def open_duty(duty: DueDuty, told: Iterable[notices.Earlier]) -> OpenDuty:
    """Return a duty as the plan of a round needs it."""
    last: dict[Rung, date] = {notice.rung: notice.day for notice in told if notice.duty_id == duty.id}
    return OpenDuty(
        duty.id, duty.agency_id, duty.due, duty.bell, duty.steps, last, duty.at_step, duty.woken, duty.asleep
    )


def _queue(
    tx: Transaction,
    now: datetime,
    calendar: WorkCalendar,
    capabilities: dict[str, Capabilities],
    told: Told,
    day: str,
) -> tuple[Address, Digest | None]:
    """Queue one person's message: what they are to report themselves, and what they are to know of others."""
    address = told.people.addresses[told.person_id]
    today = calendar.today(now)
    digest = digests.make_digest(told.own, told.unit, now, calendar) if told.own else None
    texts = [digest.text] if digest else []
    if told.for_others:
        texts.append(escalations.reason(told))
    if told.above:
        texts.append(escalations.words(told, today, calendar))
    # Without numbers: those in the list are the indicators', and a "1" typed into a form in progress is a figure.
    offers = digest.offers if digest else ()
    key = _Key(told.unit.unit_id, told.person_id, day)
    notices.add(tx, told.person_id, told.unit.unit_id, day, told.notices, now)
    parts = compose(texts, offers, False, "", capabilities.get(address.channel, WEAKEST))
    for number, part in enumerate(parts, 1):
        outbox.add_digest(tx, address, part, now, key.part(number))
    return address, digest


def pass_over(tx: Transaction, now: datetime, calendar: WorkCalendar, unit: DueUnit, error: str) -> None:
    """Try a commune whose reminding failed again at the next opening: it must not keep all others waiting."""
    for duty in sorted(unit.duties, key=lambda duty: duty.id):
        if duty.at_step:
            duties.remind_next(tx, duty.id, calendar.next_opening(now), None)
        snoozes.prolong(tx, duty.id, now, calendar.next_opening(now))
    audit.note(tx, "reminder.failed", f"unit:{unit.unit_id}", now, unit_id=unit.unit_id, error=error)


def hold(tx: Transaction, dedupe_keys: Iterable[str]) -> None:
    """Queue keeping bells away from the communes of digests about to fail; before their rows are changed."""
    for unit_id in sorted({key.unit_id for found in dedupe_keys if (key := _read_key(found))}):
        duties.hold_unit(tx, unit_id)


async def take_back(
    tx: Transaction, now: datetime, calendar: WorkCalendar, failed: Iterable[str], *, blocked: bool
) -> None:
    """Remind once more of what failed digests were about: a failed send is no reminder. See `hold`.

    `failed` are the keys of messages that will not be sent. Whose address is `blocked` and
    who has another is reminded there at once, within the sending window; the others' duties are due at the next
    opening, unless a colleague of the same agency was told.
    """
    for key in sorted({key for dedupe_key in failed if (key := _read_key(dedupe_key))}):
        for number in count(1):
            if not await outbox.withdraw(tx, key.part(number)):
                break
        await _put_back(tx, now, calendar, key, blocked=blocked)


async def _put_back(tx: Transaction, now: datetime, calendar: WorkCalendar, key: _Key, *, blocked: bool) -> None:
    elsewhere = blocked and bool(await people.addresses_of(tx, key.person_id))
    at = now if elsewhere and calendar.is_open(now) else calendar.next_opening(now)
    taken_back = await notices.take_back(tx, key.person_id, key.day)
    for duty_id, colleagues in taken_back.items():
        told = False
        for colleague in colleagues:
            told = told or await outbox.stands(tx, key._replace(person_id=colleague).part(1))
        if elsewhere or not told:
            duties.put_back(tx, duty_id, at, told=told)
