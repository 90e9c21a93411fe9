"""Remind: what is due in one commune is claimed, and each person gets one digest of all they owe."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import count, groupby
from typing import NamedTuple

from domain.messages import WEAKEST, Address, Capabilities
from domain.model import DutyLine
from domain.periods import WorkCalendar
from domain.reminders import next_reminder
from handlers.prompts import Offer, compose, make_prompt
from handlers.recording import example
from handlers.render import label, render
from storage import audit, conversations, duties, outbox, people
from storage.database import Transaction
from storage.duties import DueDuty, DueUnit

SHOWN = 10  # lines in full for each due day; a digest stays on one screen


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
    told, offers = await _queue_digests(tx, now, calendar, capabilities, unit)
    # Duties before conversations, and those by their ids: an officer's turn takes its locks in this order too.
    for duty in sorted(unit.duties, key=lambda duty: duty.id):
        if duty.id in told:
            duties.remind_next(tx, duty.id, next_reminder(duty.due, now, calendar), now)
        elif duty.recipients:
            duties.remind_next(tx, duty.id, calendar.next_opening(now), None)
        else:
            duties.remind_next(tx, duty.id, next_reminder(duty.due, now, calendar), None)
            audit.note(tx, "reminder.nobody", f"duty:{duty.id}", now, agency=duty.agency)
    for address in sorted(offers, key=lambda address: (address.channel, address.id)):
        choices, lines = offers[address]
        conversations.offer(tx, address, make_prompt("", choices, False, [line.id for line in lines]), now)


def pass_over(tx: Transaction, now: datetime, calendar: WorkCalendar, unit: DueUnit, error: str) -> None:
    """Try a commune whose reminding failed again at the next opening: it must not keep all others waiting."""
    for duty in sorted(unit.duties, key=lambda duty: duty.id):
        duties.remind_next(tx, duty.id, calendar.next_opening(now), None)
    audit.note(tx, "reminder.failed", f"unit:{unit.unit_id}", now, error=error)


async def _queue_digests(
    tx: Transaction,
    now: datetime,
    calendar: WorkCalendar,
    capabilities: dict[str, Capabilities],
    unit: DueUnit,
) -> tuple[set[int], dict[Address, tuple[list[Offer], list[DutyLine]]]]:
    """Queue one digest a person; return the duties somebody was told of, and what each address is offered.

    That is the choices, and the lines in the order of the numbers they are shown with.
    """
    owed: dict[tuple[int, Address], list[DueDuty]] = {}
    for duty in unit.duties:
        for recipient in duty.recipients:
            owed.setdefault(recipient, []).append(duty)
    told: set[int] = set()
    offered: dict[Address, tuple[list[Offer], list[DutyLine]]] = {}
    for (person_id, address), mine in owed.items():
        if not any(duty.lines for duty in mine):
            continue
        until = max(duty.due for duty in mine).isoformat()
        offers = [Offer(f"go:report:{until}:{unit.unit_id}", "start_report")]
        listed = _listed(mine)
        text = digest(mine, listed, unit.unit_name, now, calendar)
        # Without numbers: those in the list are the indicators', and a "1" typed into a form in progress is a figure.
        parts = compose([text], offers, False, "", capabilities.get(address.channel, WEAKEST))
        key = _Key(unit.unit_id, person_id, calendar.today(now).isoformat())
        queued = [await outbox.add_once(tx, address, part, now, key.part(n)) for n, part in enumerate(parts, 1)]
        if all(queued):
            offered[address] = (offers, listed)
            told |= {duty.id for duty in mine}
    return told, offered


def _by_due(mine: Sequence[DueDuty]) -> list[tuple[date, list[DutyLine]]]:
    lines = sorted((line for duty in mine for line in duty.lines), key=lambda line: line.due)
    return [(due, list(found)) for due, found in groupby(lines, key=lambda line: line.due)]


def _listed(mine: Sequence[DueDuty]) -> list[DutyLine]:
    """Return the lines a digest shows, in the order of their numbers."""
    return [line for _, lines in _by_due(mine) for line in lines[:SHOWN]]


def digest(
    mine: Sequence[DueDuty], listed: Sequence[DutyLine], unit_name: str, now: datetime, calendar: WorkCalendar
) -> str:
    """Return the words of one person's digest: nearest due day first, with what is missing under each."""
    return render(
        "reminder/digest",
        unit=unit_name,
        agencies=sorted({duty.agency for duty in mine}),
        by_due=_by_due(mine),
        numbers={line.id: number for number, line in enumerate(listed, 1)},
        example="; ".join(f"{number}: {_example(line, number)}" for number, line in enumerate(listed[:2], 1)),
        shown=SHOWN,
        today=calendar.today(now),
        calendar=calendar,
    )


def _example(line: DutyLine, number: int) -> str:
    if line.target.kind not in ("number", "range"):
        return label("yes").lower()
    found = example(line.target)
    return found if number == 1 else {"66,5": "82", "12": "15"}.get(found, found)


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
