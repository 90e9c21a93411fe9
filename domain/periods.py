"""Working days and the hours in which people may be written to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from domain.rungs import ReminderRules

# Public holidays on the same day of the solar calendar every year: Labour Code 2019, Article 112. Those of the
# lunar calendar, those moved off a weekend and the yearly swaps are data: `days_off`, `extra_working_days`.
_SOLAR_HOLIDAYS = frozenset({(1, 1), (4, 30), (5, 1), (9, 2)})
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The working week of the public sector (Saturday and Sunday off) and its sending window.

    `opens` and `closes` are local times in `zone`; messages nobody asked for go out between them, on working days, and
    not in the `quiet` hours, from the first to before the second. `rules` say on which of them.
    """

    zone: ZoneInfo
    opens: time = time(8, 0)
    closes: time = time(16, 30)
    days_off: frozenset[date] = field(default_factory=frozenset)
    extra_working_days: frozenset[date] = field(default_factory=frozenset)
    quiet: tuple[time, time] | None = None
    rules: ReminderRules = field(default_factory=ReminderRules)

    def reminding(self, steps: tuple[int, ...] | None) -> WorkCalendar:
        """Return this calendar with the steps of a plan that has its own; None leaves it as it is."""
        return self if steps is None else _with_steps(self, steps)

    def today(self, now: datetime) -> date:
        """Return the local day of an aware instant."""
        return now.astimezone(self.zone).date()

    def is_working_day(self, day: date) -> bool:
        """Tell whether offices are open on `day`."""
        if day in self.extra_working_days:
            return True
        return day.weekday() < 5 and day not in self.days_off and (day.month, day.day) not in _SOLAR_HOLIDAYS

    def opening(self, day: date) -> datetime:
        """Return the instant the sending window of `day` opens."""
        return datetime.combine(day, self.opens, self.zone)

    def closing(self, day: date) -> datetime:
        """Return the instant the sending window of `day` closes."""
        return datetime.combine(day, self.closes, self.zone)

    def is_open(self, now: datetime) -> bool:
        """Tell whether people may be written to at `now` without having asked."""
        local = now.astimezone(self.zone)
        at = local.time()
        if self.quiet and self.quiet[0] <= at < self.quiet[1]:
            return False
        return self.is_working_day(local.date()) and self.opens <= at <= self.closes

    def open_from(self, now: datetime) -> datetime:
        """Return `now`, or when people may next be written to where that is not now."""
        if self.is_open(now):
            return now
        local = now.astimezone(self.zone)
        if self.quiet and self.quiet[0] <= local.time() < self.quiet[1]:
            after = datetime.combine(local.date(), self.quiet[1], self.zone)
            if self.is_open(after):
                return after
        opening = self.next_opening(now)
        return opening if self.is_open(opening) else self.open_from(opening)

    def next_opening(self, after: datetime) -> datetime:
        """Return the first opening of the sending window strictly after `after`."""
        day = self.today(after)
        while not self.is_working_day(day) or self.opening(day) <= after:
            day += _DAY
        return self.opening(day)

    def last_working_day(self, day: date) -> date:
        """Return `day`, or the last working day before it when it is a day off."""
        while not self.is_working_day(day):
            day -= _DAY
        return day

    def step(self, day: date, working_days: int) -> date:
        """Return the day that many working days after `day` (before it, when negative)."""
        direction = _DAY if working_days > 0 else -_DAY
        for _ in range(abs(working_days)):
            day += direction
            while not self.is_working_day(day):
                day += direction
        return day

    def working_days_until(self, today: date, due: date) -> int:
        """Count the working days after `today` up to and including `due`; negative once `due` is past.

        From Monday 23/11/2026 to Monday 30/11/2026 there are five.
        """
        if due >= today:
            return sum(1 for day in _days(today + _DAY, due) if self.is_working_day(day))
        return -sum(1 for day in _days(due + _DAY, today) if self.is_working_day(day))


@lru_cache(maxsize=64)
def _with_steps(calendar: WorkCalendar, steps: tuple[int, ...]) -> WorkCalendar:
    return replace(calendar, rules=replace(calendar.rules, steps=steps))


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += _DAY
