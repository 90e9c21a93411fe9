"""Remind: what is due in one commune is claimed, and each person gets one digest of all they owe."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import NamedTuple

from domain.messages import WEAKEST, Address, Capabilities
from domain.periods import WorkCalendar
from domain.reminders import next_reminder
from handlers import digests
from handlers.digests import Digest
from handlers.prompts import compose, make_prompt
from storage import audit, conversations, duties, outbox, people, snoozes
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
    """Remind of what is due in a claimed commune.

    Several missed steps are one: the next reminder is the first step after `now`, whatever came before. A digest is
    keyed by commune, person and day, so a second bell or a second process sends nothing twice; a duty that would
    need a second digest on the same day waits for the next morning.
    """
    told, offered = await _queue_digests(tx, now, calendar, capabilities, unit)
    # Duties before conversations, and those by their ids: an officer's turn takes its locks in this order too.
    for duty in sorted(unit.duties, key=lambda duty: duty.id):
        _go_on(tx, now, calendar, unit.unit_id, duty, told=duty.id in told)
    for address in sorted(offered, key=lambda address: (address.channel, address.id)):
        digest = offered[address]
        listed = [line.id for line in digest.listed]
        conversations.offer(tx, address, make_prompt("", digest.offers, False, listed), now)


def _go_on(tx: Transaction, now: datetime, calendar: WorkCalendar, unit_id: int, duty: DueDuty, *, told: bool) -> None:
    """Queue when a duty is next to be reminded of."""
    if duty.woken and not told:
        snoozes.prolong(tx, duty.id, now, calendar.next_opening(now))
    else:
        snoozes.end(tx, duty.id, now)  # also of somebody who answers for it no longer: or the bell rang for ever
    if not duty.at_step:
        if told:
            duties.note_reminded(tx, duty.id, now)
    elif told:
        duties.remind_next(tx, duty.id, next_reminder(duty.due, now, calendar), now)
    elif duty.recipients:
        duties.remind_next(tx, duty.id, calendar.next_opening(now), None)
    else:
        duties.remind_next(tx, duty.id, next_reminder(duty.due, now, calendar), None)
        if not duty.put_off:
            audit.note(tx, "reminder.nobody", f"duty:{duty.id}", now, unit_id=unit_id, agency=duty.agency)


def pass_over(tx: Transaction, now: datetime, calendar: WorkCalendar, unit: DueUnit, error: str) -> None:
    """Try a commune whose reminding failed again at the next opening: it must not keep all others waiting."""
    for duty in sorted(unit.duties, key=lambda duty: duty.id):
        if duty.at_step:
            duties.remind_next(tx, duty.id, calendar.next_opening(now), None)
        snoozes.prolong(tx, duty.id, now, calendar.next_opening(now))
    audit.note(tx, "reminder.failed", f"unit:{unit.unit_id}", now, unit_id=unit.unit_id, error=error)


async def _queue_digests(
    tx: Transaction,
    now: datetime,
    calendar: WorkCalendar,
    capabilities: dict[str, Capabilities],
    unit: DueUnit,
) -> tuple[set[int], dict[Address, Digest]]:
    """Queue one digest a person; return the duties somebody was told of, and what each address was sent."""
    owed: dict[tuple[int, Address], list[DueDuty]] = {}
    for duty in unit.duties:
        for recipient in duty.recipients:
            owed.setdefault(recipient, []).append(duty)
    told: set[int] = set()
    offered: dict[Address, Digest] = {}
    for (person_id, address), mine in owed.items():
        if not any(duty.lines for duty in mine):
            continue
        digest = digests.make_digest(mine, unit, now, calendar)
        # Without numbers: those in the list are the indicators', and a "1" typed into a form in progress is a figure.
        parts = compose([digest.text], digest.offers, False, "", capabilities.get(address.channel, WEAKEST))
        key = _Key(unit.unit_id, person_id, _day(mine, person_id, now, calendar))
        queued = [await outbox.add_once(tx, address, part, now, key.part(n)) for n, part in enumerate(parts, 1)]
        if all(queued):
            offered[address] = digest
            told |= {duty.id for duty in mine}
    return told, offered


def _day(mine: Sequence[DueDuty], person_id: int, now: datetime, calendar: WorkCalendar) -> str:
    """Return the day in the key of a digest; who asked to be reminded at an hour gets one of that hour besides."""
    local = now.astimezone(calendar.zone)
    woken = any(person_id in duty.woken for duty in mine)
    return f"{local:%Y-%m-%dT%H%M}" if woken else local.date().isoformat()


def hold(tx: Transaction, dedupe_keys: Iterable[str]) -> None:
    """Queue keeping bells away from the communes of digests about to fail; before their rows are changed."""
    for unit_id in sorted({key.unit_id for found in dedupe_keys if (key := _read_key(found))}):
        duties.hold_unit(tx, unit_id)


async def take_back(
    tx: Transaction, now: datetime, calendar: WorkCalendar, failed: Mapping[str, datetime], *, blocked: bool
) -> None:
    """Remind once more of what failed digests were about: a failed send is no reminder. See `hold`.

    `failed` are the keys of messages that will not be sent, and when each was queued. Whose address is `blocked` and
    who has another is reminded there at once, within the sending window; the others' duties are due at the next
    opening, unless a colleague of the same agency was told.
    """
    queued_at: dict[_Key, datetime] = {}
    for dedupe_key, at in failed.items():
        if key := _read_key(dedupe_key):
            queued_at[key] = min(at, queued_at.get(key, at))
    for key, since in sorted(queued_at.items()):
        for number in count(1):
            if not await outbox.withdraw(tx, key.part(number)):
                break
        await _put_back(tx, now, calendar, key, since, blocked=blocked)


async def _put_back(
    tx: Transaction, now: datetime, calendar: WorkCalendar, key: _Key, since: datetime, *, blocked: bool
) -> None:
    elsewhere = blocked and bool(await people.addresses_of(tx, key.person_id))
    at = now if elsewhere and calendar.is_open(now) else calendar.next_opening(now)
    for duty_id, colleagues in (await duties.reminded_since(tx, key.unit_id, key.person_id, since)).items():
        told = False
        for colleague in colleagues:
            told = told or await outbox.stands(tx, key._replace(person_id=colleague).part(1))
        if elsewhere or not told:
            duties.put_back(tx, duty_id, at, told=told)
