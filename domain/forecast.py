"""Foretelling reminders: the rounds still to come in one commune if nobody answers, by the rule that sends them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.periods import WorkCalendar
from domain.rounds import Contact, Heard, Notice, OpenDuty, plan_round
from domain.rungs import Rung


@dataclass(frozen=True, slots=True)
class Foretold:
    """What one person will be told at an instant; nobody (None) where a duty comes up that nobody can be told of."""

    at: datetime
    person_id: int | None
    notices: tuple[Notice, ...]


def foretell(
    duties: Iterable[OpenDuty],
    contacts: Mapping[int, Sequence[Contact]],
    leaders: Sequence[Contact],
    heard: Heard,
    now: datetime,
    until: date,
    calendar: WorkCalendar,
) -> list[Foretold]:
    """Return all that people will be told up to the local day `until`, in order, as things stand at `now`."""
    ahead = {duty.id: duty for duty in duties}
    told: dict[int, dict[Rung, date]] = {duty.id: dict(duty.told) for duty in ahead.values()}
    days: dict[int, set[date]] = defaultdict(set, {person: set(found) for person, found in heard.days.items()})
    found: list[Foretold] = []
    while ahead:
        at = calendar.open_from(max(now, min(duty.bell for duty in ahead.values())))
        today = calendar.today(at)
        if today > until:
            break
        ringing = [replace(duty, told=told[duty.id]) for duty in ahead.values() if duty.bell <= at]
        so_far = Heard({person: frozenset(mine) for person, mine in days.items()})
        planned = plan_round(ringing, contacts, leaders, so_far, at, calendar)
        for person_id, notices in sorted(planned.notices.items()):
            found.append(Foretold(at, person_id, notices))
            days[person_id].add(today)
            for notice in notices:
                told[notice.duty_id][notice.rung] = today
        if planned.nobody:
            nobody = tuple(Notice(duty_id, "officer", "nobody_else") for duty_id in sorted(planned.nobody))
            found.append(Foretold(at, None, nobody))
        for duty_id, bell in planned.bells.items():
            ahead[duty_id] = replace(ahead[duty_id], bell=bell)
    return found
