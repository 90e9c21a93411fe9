"""What will go to whom and when in a commune: for /lichnhac and `dondoc reminders preview`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from domain.forecast import Foretold, foretell
from domain.periods import WorkCalendar
from domain.rounds import Why
from domain.rungs import Rung
from handlers.reminders import open_duty
from storage import duties, notices
from storage.database import Transaction
from storage.duties import DueDuty

_ALL = datetime(9999, 1, 1, tzinfo=UTC)  # later than any bell


@dataclass(frozen=True, slots=True)
class About:
    """One duty of a message: whose it is, how many figures it lacks, and why this person is told."""

    agency: str
    due: date
    missing: int
    rung: Rung
    why: Why


@dataclass(frozen=True, slots=True)
class Entry:
    """A message to come: to `name` at an instant; `name` is None where nobody can be told."""

    at: datetime
    name: str | None
    about: tuple[About, ...]


async def schedule_of(tx: Transaction, unit_id: int, now: datetime, until: date, calendar: WorkCalendar) -> list[Entry]:
    """Return the messages to come in a commune up to a local day, as long as nobody answers.

    Who has put a reminder off is told after all: when, only they know who asked.
    """
    owed = await duties.due_in(tx, unit_id, _ALL)
    told = await notices.told_of(tx, unit_id, _ALL)
    people = await notices.people_of(tx, unit_id, calendar.today(now))
    heard = await notices.heard_by(tx, unit_id, calendar.today(now))
    open_duties = [open_duty(_awake(duty), told) for duty in owed if duty.lines]
    found = foretell(open_duties, people.contacts, people.leaders, heard, now, until, calendar)
    by_id = {duty.id: duty for duty in owed}
    return [_entry(each, by_id, people.names, calendar) for each in found]


def _awake(duty: DueDuty) -> DueDuty:
    return DueDuty(
        duty.id, duty.agency, duty.due, duty.lines, duty.agency_id, duty.kind, duty.bell, duty.steps, at_step=True
    )


def _entry(each: Foretold, by_id: Mapping[int, DueDuty], names: Mapping[int, str], calendar: WorkCalendar) -> Entry:
    owed = [(by_id[notice.duty_id], notice) for notice in each.notices]
    about = tuple(About(duty.agency, duty.due, len(duty.lines), notice.rung, notice.why) for duty, notice in owed)
    name = None if each.person_id is None else names[each.person_id]
    return Entry(each.at.astimezone(calendar.zone), name, about)


def by_day(entries: Sequence[Entry]) -> list[tuple[date, list[Entry]]]:
    """Return the messages of each day."""
    days: dict[date, list[Entry]] = {}
    for entry in entries:
        days.setdefault(entry.at.date(), []).append(entry)
    return list(days.items())
