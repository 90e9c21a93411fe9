"""A round: who is told what in one commune at one instant. The same rule sends digests and foretells them.

Pure: it gets the open duties with a figure missing, who can be told of them and what they were told before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from domain.periods import WorkCalendar
from domain.reminders import is_bell, next_reminder
from domain.rungs import RUNGS, Rung

# Why somebody is told: it is their turn; they stand in for somebody on leave; those before them cannot be reached.
Why = Literal["turn", "stand_in", "nobody_else"]
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who is told of an agency's duties: its officers, alternates and heads, and the commune's leaders.

    `reachable` tells whether any of their addresses can be written to. Who is `away` is not told; `stand_in` is, if
    there is one.
    """

    person_id: int
    rung: Rung
    reachable: bool = True
    away: bool = False
    stand_in: int | None = None


@dataclass(frozen=True, slots=True)
class OpenDuty:
    """A duty with figures missing, and the bell that rings for it. `told` is the last day each rung was told of it."""

    id: int
    agency_id: int
    due: date
    bell: datetime
    steps: tuple[int, ...] | None = None  # those of its plan, where it has its own
    told: Mapping[Rung, date] = field(default_factory=dict)
    at_step: bool = True  # whether its bell rings, or it is looked at for the `woken` alone
    woken: frozenset[int] = frozenset()  # who asked to be told now
    asleep: frozenset[int] = frozenset()  # who asked not to be told yet


@dataclass(frozen=True, slots=True)
class Notice:
    """A duty somebody is told of, on which rung and why."""

    duty_id: int
    rung: Rung
    why: Why


@dataclass(frozen=True, slots=True)
class Round:
    """What a round does: notices by person; when each duty is next looked at; which of them nobody can be told of.

    `deferred` are the duties whose officers are to be told, and have had their digests already; `asked` is who is told
    because they asked to be told now, whatever they have had.
    """

    notices: Mapping[int, tuple[Notice, ...]]
    bells: Mapping[int, datetime]
    nobody: frozenset[int]
    deferred: frozenset[int]
    asked: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Heard:
    """The days on which somebody was sent a digest, of the last week and today, whatever commune it was about."""

    days: Mapping[int, frozenset[date]] = field(default_factory=dict)

    def may_hear(self, person_id: int, today: date, cap: int) -> bool:
        """Tell whether a person may be sent a digest: one a day, and no more than `cap` in seven days."""
        heard = {day for day in self.days.get(person_id, ()) if today - _WEEK < day <= today}
        return today not in heard and len(heard) < cap


def plan_round(
    duties: Iterable[OpenDuty],
    contacts: Mapping[int, Sequence[Contact]],
    leaders: Sequence[Contact],
    heard: Heard,
    now: datetime,
    calendar: WorkCalendar,
) -> Round:
    """Return who is told of which duties at `now`; `contacts` are by agency.

    Of steps missed meanwhile only the latest counts. A rung is told once for each of its days; a bell that is none of
    the rules', a promise come due or a reminder asked for, is for the officers.
    """
    today = calendar.today(now)
    notices: dict[int, list[Notice]] = defaultdict(list)
    bells: dict[int, datetime] = {}
    nobody, deferred = set(), set()
    asked: set[int] = set()
    for duty in duties:
        rules = calendar.reminding(duty.steps)
        called = _called(duty, today, rules) if duty.at_step else []
        bells[duty.id] = next_reminder(duty.due, now, rules)
        told = put_off = False
        for person_id, rung, why in _people(duty, called, contacts.get(duty.agency_id, ()), leaders):
            if person_id in duty.asleep:
                told = True  # in a while
                continue
            asked |= duty.woken & {person_id}
            # Those above the officers get a list now and then; the cap is against nagging who does the work.
            cap = rules.rules.weekly_cap if rung in ("officer", "alternate") else 7
            if person_id in notices or person_id in asked or heard.may_hear(person_id, today, cap):
                if all(notice.duty_id != duty.id for notice in notices[person_id]):
                    notices[person_id].append(Notice(duty.id, rung, why))
                told = True
            else:
                put_off = put_off or rung in ("officer", "alternate")
        if put_off and not told:
            deferred.add(duty.id)
            bells[duty.id] = min(bells[duty.id], calendar.next_opening(now))
        elif "officer" in called and not told:
            nobody.add(duty.id)
    told_of = {person: tuple(mine) for person, mine in notices.items() if mine}
    return Round(told_of, bells, frozenset(nobody), frozenset(deferred), frozenset(asked))


def _called(duty: OpenDuty, today: date, calendar: WorkCalendar) -> list[Rung]:
    """Return the rungs whose turn it is: told for the last time before the latest of their days."""
    anchor = calendar.last_working_day(duty.due)
    days = calendar.working_days_until(anchor, today)
    called: list[Rung] = []
    for rung in RUNGS:
        latest = calendar.rules.latest(rung, days)
        told = duty.told.get(rung)
        if latest is not None and (told is None or told < calendar.step(anchor, latest)):
            called.append(rung)
    if "officer" not in called and not is_bell(duty.due, duty.bell, calendar):
        called.insert(0, "officer")
    return called


def _people(
    duty: OpenDuty, called: Sequence[Rung], contacts: Sequence[Contact], leaders: Sequence[Contact]
) -> list[tuple[int, Rung, Why]]:
    """Return who is told. Where no officer can be, the next contact of the agency is: an alternate, then its head."""
    found: dict[int, tuple[int, Rung, Why]] = {
        contact.person_id: (contact.person_id, "officer", "turn")
        for contact in contacts
        if contact.person_id in duty.woken and contact.reachable
    }
    by_rung: dict[Rung, Sequence[Contact]] = {
        rung: [contact for contact in contacts if contact.rung == rung] for rung in RUNGS[:-1]
    }
    by_rung["leader"] = leaders
    for rung in called:
        for person_id, why in _told_on(by_rung[rung]):
            found.setdefault(person_id, (person_id, rung, why))
    if "officer" in called and not found:
        for rung in ("alternate", "head"):
            for person_id, _ in _told_on(by_rung[rung]):
                found.setdefault(person_id, (person_id, "officer", "nobody_else"))
            if found:
                break
    return list(found.values())


def _told_on(contacts: Sequence[Contact]) -> list[tuple[int, Why]]:
    found: list[tuple[int, Why]] = []
    for contact in contacts:
        if contact.reachable and not contact.away:
            found.append((contact.person_id, "turn"))
        elif contact.away and contact.stand_in is not None:
            found.append((contact.stand_in, "stand_in"))
    return found
