"""Changing how often a plan is reported on: what is owed from now on changes, what was given stays."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from domain.cycles import DEADLINES, Cycle, Owing, Period, owings, periods_of
from domain.periods import WorkCalendar
from domain.reminders import first_reminder
from storage import amendments, audit, cycles, duties
from storage.amendments import OldDuty
from storage.cycles import PlannedLine
from storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change of the cycle did: duties that are owed now, lines added, and unanswered lines dropped."""

    duties: int
    added: int
    dropped: int


@dataclass(slots=True)
class _Duty:
    """A duty as it is to be: the lines that are there already, and targets still to be added as (position, id)."""

    owing: Owing
    lines: list[PlannedLine] = field(default_factory=list)
    added: list[tuple[int, int]] = field(default_factory=list)


async def change_cycle(
    tx: Transaction, unit_id: int, plan_id: int, cycle: Cycle | None, calendar: WorkCalendar, now: datetime
) -> Changed:
    """Report on a plan in another cycle from now on; nobody reports or is reminded meanwhile.

    A line with a figure stays as it is. One without goes on where it is still owed; the final one also by another day.
    """
    duties.hold_unit(tx, unit_id)
    existing = await amendments.hold(tx, plan_id)
    year, lines = await cycles.planned(tx, plan_id)
    wanted, dropped = _wanted(lines, periods_of(cycle, year, calendar) if cycle else (), calendar.today(now))
    cycles.store(tx, plan_id, str(cycle or DEADLINES))
    cycles.drop(tx, [line.id for line in dropped])
    due = {old.id: old.owing.due for old in existing}
    for key, duty in wanted.items():
        due[await _put(tx, plan_id, key, duty, existing, calendar, now)] = key[1]
    for duty_id, day in due.items():
        duties.settle(tx, duty_id, first_reminder(day, now, calendar))
    added = sum(len(duty.added) for duty in wanted.values())
    audit.note(
        tx,
        "plan.cycle",
        f"plan:{plan_id}",
        now,
        unit_id=unit_id,
        cycle=str(cycle or DEADLINES),
        duties=len(wanted),
        added=added,
        dropped=len(dropped),
    )
    return Changed(len(wanted), added, len(dropped))


def _wanted(
    lines: list[PlannedLine], year_periods: tuple[Period, ...], today: date
) -> tuple[dict[tuple[int, date], _Duty], list[PlannedLine]]:
    """Return the duties that are to be, by agency and due day, and the lines that nobody need answer any more."""
    by_target: dict[int, list[PlannedLine]] = defaultdict(list)
    for each in lines:
        by_target[each.target_id].append(each)
    wanted: dict[tuple[int, date], _Duty] = {}
    dropped = []
    for mine in by_target.values():
        final = mine[-1]
        left = {line.due: line for line in mine}
        owed = owings(final.deadline, year_periods, today)
        days = {owing.due for owing in owed}
        for owing in owed:
            duty = wanted.setdefault((final.agency_id, owing.due), _Duty(owing))
            line: PlannedLine | None = left.pop(owing.due) if owing.due in left else None
            if line is None and owing is owed[-1] and final.due not in days:
                line = left.pop(final.due)
            if line is not None:
                duty.lines.append(line)
            else:
                duty.added.append((final.position, final.target_id))
        dropped += [line for line in left.values() if not line.answered]
    return wanted, dropped


async def _put(
    tx: Transaction,
    plan_id: int,
    key: tuple[int, date],
    duty: _Duty,
    existing: list[OldDuty],
    calendar: WorkCalendar,
    now: datetime,
) -> int:
    """Make a duty what it is to be, in the row that is there for its agency and day if there is one; return its id."""
    agency_id, due = key
    old = next((each for each in existing if (each.agency_id, each.owing.due) == key), None)
    if old is None:
        first = first_reminder(due, now, calendar)
        duty_id = await duties.create(tx, plan_id, agency_id, duty.owing, (), first, now)
    else:
        duty_id = old.id
        cycles.rename(tx, duty_id, duty.owing)
    duties.add_lines(tx, duty_id, duty.added)
    for line in duty.lines:
        if line.duty_id != duty_id:
            amendments.move_line(tx, line.id, duty_id, line.target_id, line.position)
    return duty_id
