"""What those above an officer are told: what is late, and who was told of it before and when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.manners import is_partner
from domain.periods import WorkCalendar
from domain.rounds import Notice
from domain.rungs import Rung
from handlers.render import render
from storage.duties import DueDuty, DueUnit
from storage.notices import Earlier, People

OFFICERS: frozenset[Rung] = frozenset({"officer", "alternate"})  # who is told to report, and not of others
SHOWN = 8  # duties of a list; it stays on one screen
_DAYS_SHOWN = 3  # of those somebody was told on, the newest


@dataclass(frozen=True, slots=True)
class Told:
    """What one person is to be told in one commune, and what was told there before."""

    unit: DueUnit
    person_id: int
    notices: Sequence[Notice]
    duties: Mapping[int, DueDuty]
    before: Sequence[Earlier]
    people: People

    @property
    def own(self) -> list[DueDuty]:
        """The duties they are to report on."""
        return [self.duties[notice.duty_id] for notice in self.notices if notice.rung in OFFICERS]

    @property
    def for_others(self) -> list[Notice]:
        """The notices they get in the stead of somebody, or after them."""
        return [notice for notice in self.notices if notice.rung in OFFICERS and (notice.why, notice.rung) != _ORDINARY]

    @property
    def above(self) -> list[Notice]:
        """The notices about what others are to report on."""
        return [notice for notice in self.notices if notice.rung not in OFFICERS]


_ORDINARY = ("turn", "officer")


def words(told: Told, today: date, calendar: WorkCalendar) -> str:
    """Return what a head or a leader is told: the latest duty first, with what was sent before."""
    about = sorted((told.duties[notice.duty_id] for notice in told.above), key=lambda duty: (duty.due, duty.id))
    return render(
        "escalation/late",
        unit=told.unit.unit_name,
        leads="leader" in {notice.rung for notice in told.above},
        duties=about,
        before={duty.id: _before(told, [duty.id]) for duty in about},
        partners={duty.id for duty in about if is_partner(duty.agency, duty.kind)},
        shown=SHOWN,
        today=today,
        calendar=calendar,
    )


def reason(told: Told) -> str:
    """Return why somebody is told who is not the first to be: what the officers were sent before them."""
    why = {notice.why for notice in told.for_others}
    before = _before(told, [notice.duty_id for notice in told.for_others])
    return render("escalation/in_their_stead", why=why, before=before)


def _before(told: Told, duty_ids: Sequence[int]) -> dict[str, list[date]]:
    """Return on which days others were told of duties, by name."""
    days: dict[str, list[date]] = defaultdict(list)
    for each in told.before:
        if each.duty_id in duty_ids and each.person_id != told.person_id and each.day not in days[each.name]:
            days[each.name].append(each.day)
    return {name: found[-_DAYS_SHOWN:] for name, found in days.items() if found}
