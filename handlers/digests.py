"""The words of a reminder: one message for all that one person owes in one commune."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from domain.model import DutyLine
from domain.periods import WorkCalendar
from handlers.prompts import Offer
from handlers.recording import example
from handlers.render import label, render
from storage.duties import DueDuty, DueUnit

SHOWN = 10  # lines in full for each due day; a digest stays on one screen


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest ready to be sent: its words, what it offers, and the lines in the order of their numbers in it."""

    text: str
    offers: tuple[Offer, ...]
    listed: tuple[DutyLine, ...]


def make_digest(mine: Sequence[DueDuty], unit: DueUnit, now: datetime, calendar: WorkCalendar) -> Digest:
    """Return one person's digest of the duties they are to be reminded of: nearest due day first."""
    by_due = _by_due(mine)
    listed = [line for _, lines in by_due for line in lines[:SHOWN]]
    text = render(
        "reminder/digest",
        unit=unit.unit_name,
        agencies=sorted({duty.agency for duty in mine}),
        by_due=by_due,
        numbers={line.id: number for number, line in enumerate(listed, 1)},
        example="; ".join(f"{number}: {_example(line, number)}" for number, line in enumerate(listed[:2], 1)),
        shown=SHOWN,
        today=calendar.today(now),
        calendar=calendar,
    )
    until = max(duty.due for duty in mine).isoformat()
    return Digest(text, (Offer(f"go:report:{until}:{unit.unit_id}", "start_report"),), tuple(listed))


def _by_due(mine: Sequence[DueDuty]) -> list[tuple[date, list[DutyLine]]]:
    lines = sorted((line for duty in mine for line in duty.lines), key=lambda line: line.due)
    return [(due, list(found)) for due, found in groupby(lines, key=lambda line: line.due)]


def _example(line: DutyLine, number: int) -> str:
    if line.target.kind not in ("number", "range"):
        return label("yes").lower()
    found = example(line.target)
    return found if number == 1 else {"66,5": "82", "12": "15"}.get(found, found)
