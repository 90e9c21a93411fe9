"""Who is told of a duty at which distance from its due day: rungs of a ladder, and the working days each is told on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, count, takewhile
from typing import Literal

Rung = Literal["officer", "alternate", "head", "leader"]
RUNGS: tuple[Rung, ...] = ("officer", "alternate", "head", "leader")
# Working days before the due day, the day itself, after it; then every LATE_EVERY working days as long as
# figures are missing.
STEPS = (-14, -7, -3, -1, 0, 1, 3)
LATE_EVERY = 5
FURTHEST = 250  # working days that a step may be away from the due day


@dataclass(frozen=True, slots=True)
class ReminderRules:
    """When people are reminded, in working days after the due day (before it, when negative).

    Officers are told on `steps`, then every `late_every` days. From `alternate_after` on their alternates are told with
    them; the head of the agency at `head_after`, the commune's leaders at `leader_after`, and both every `late_every`
    days from there. Nobody who answers for an agency is sent more than `weekly_cap` digests in seven days.
    """

    steps: tuple[int, ...] = STEPS
    late_every: int = LATE_EVERY
    alternate_after: int = 1
    head_after: int = 3
    leader_after: int = 5
    weekly_cap: int = 4

    def problem(self) -> str | None:
        """Return which rule these numbers break; None when they can be followed."""
        if not self.steps:
            return "no_steps"
        if list(self.steps) != sorted(set(self.steps)) or max(map(abs, self.steps)) > FURTHEST:
            return "steps_order"
        if self.alternate_after <= self.steps[0]:
            return "escalation_first"
        if not self.alternate_after <= self.head_after <= self.leader_after:
            return "escalation_order"
        if self.head_after < 1:
            return "escalation_early"
        return None

    def days(self, rung: Rung) -> Iterator[int]:
        """Yield the days on which a rung is told, in order and without end."""
        if rung == "head":
            return count(self.head_after, self.late_every)
        if rung == "leader":
            return count(self.leader_after, self.late_every)
        weekly = count(max(self.steps[-1], 0) + self.late_every, self.late_every)
        officers = chain(self.steps, weekly)
        if rung == "officer":
            return officers
        return _with(self.alternate_after, officers)

    def latest(self, rung: Rung, today: int) -> int | None:
        """Return the last day on which a rung was to be told, `today` among them; None before the first."""
        return _latest(self, rung, today)

    def bells(self) -> Iterator[int]:
        """Yield every day on which somebody is told, in order and without end."""
        ahead = [self.days(rung) for rung in RUNGS]
        heads = [next(days) for days in ahead]
        while True:
            day = min(heads)
            yield day
            heads = [next(days) if head == day else head for head, days in zip(heads, ahead, strict=True)]


def _with(first: int, days: Iterator[int]) -> Iterator[int]:
    yield first
    yield from (day for day in days if day > first)


@lru_cache(maxsize=4096)
def _latest(rules: ReminderRules, rung: Rung, today: int) -> int | None:
    return max(takewhile(lambda day: day <= today, rules.days(rung)), default=None)
