"""The words of a reminder: one message for all that one person owes in one commune, in pages of a phone's screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from domain.model import DutyLine
from domain.periods import WorkCalendar
from domain.urgency import worst_first
from handlers.prompts import Offer
from handlers.recording import example
from handlers.render import label, render
from handlers.turn import Turn
from storage import duties
from storage.duties import DueDuty, DueUnit

SHOWN = 8  # indicators a page: with their choices they fill the screen of a phone


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest ready to be sent: its words, what it offers, and all its lines in the order of their numbers.

    The lines of the other pages have numbers too, so that one message can answer for all of them.
    """

    text: str
    offers: tuple[Offer, ...]
    listed: tuple[DutyLine, ...]


def make_digest(mine: Sequence[DueDuty], unit: DueUnit, now: datetime, calendar: WorkCalendar) -> Digest:
    """Return the first page of one person's digest of the duties they are to be reminded of."""
    lines = sorted((line for duty in mine for line in duty.lines), key=worst_first)
    until = max(duty.due for duty in mine)
    return _page(lines, f"{until.isoformat()}:{unit.unit_id}", 0, now, calendar)


async def show(turn: Turn, what: str) -> None:
    """Show a page of the digest of what the person owes now; `what` is "2026-11-30:3:1": due day, unit, page.

    On a channel that can edit, it takes the place of the page it was asked for from.
    """
    until, _, rest = what.partition(":")
    unit, _, page = rest.partition(":")
    owed = await duties.lines_of(turn.tx, turn.person_id)
    listed = _as_listed(turn, owed) or sorted((line for line in owed if _is_of(line, until, unit)), key=worst_first)
    if not any(line.status != "reported" for line in listed):
        turn.say("report/nothing_missing", aside=True)
        return
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < len("1000") else 0
    digest = _page(listed, f"{until}:{unit}", number, turn.now, turn.calendar)
    turn.say(
        "common/words",
        words=digest.text,
        offers=digest.offers,
        numbered=False,
        listed=[line.id for line in digest.listed],
        aside=turn.place is not None,
        in_place=True,
    )


def _as_listed(turn: Turn, owed: Sequence[DutyLine]) -> list[DutyLine]:
    """Return the lines of the list shown last, for their numbers stay what they are; empty where there is none."""
    known = {line.id: line for line in owed}
    return [known[line_id] for line_id in turn.listed if line_id in known]


def _is_of(line: DutyLine, until: str, unit: str) -> bool:
    return line.status != "reported" and line.due.isoformat() <= until and str(line.unit_id) == unit


def _page(listed: Sequence[DutyLine], what: str, page: int, now: datetime, calendar: WorkCalendar) -> Digest:
    """Return a page of the lines that are missing of `listed`, each with its number in there."""
    numbers = {line.id: place for place, line in enumerate(listed, 1)}
    waiting = [line for line in listed if line.status != "reported"]
    page = min(page, (len(waiting) - 1) // SHOWN)
    shown = waiting[page * SHOWN : (page + 1) * SHOWN]
    text = render(
        "reminder/digest",
        unit=waiting[0].unit_name,
        agencies=sorted({line.agency for line in waiting}),
        plans=list(dict.fromkeys(line.plan for line in waiting if line.plan)),
        by_due=_by_due(shown),
        counts={due: len(found) for due, found in _by_due(sorted(waiting, key=worst_first))},
        numbers=numbers,
        others=len(waiting) - len(shown),
        example="; ".join(f"{numbers[line.id]}: {_example(line, at)}" for at, line in enumerate(shown[:2], 1)),
        today=calendar.today(now),
        calendar=calendar,
    )
    single = len(waiting) == 1
    items = [] if single else [Offer(f"go:line:{each.id}", "item", number=numbers[each.id]) for each in shown]
    pages = [Offer(f"go:digest:{what}:{page - 1}", "page_before")] if page > 0 else []
    if (page + 1) * SHOWN < len(waiting):
        pages.append(Offer(f"go:digest:{what}:{page + 1}", "page_after"))
    offers = [Offer(f"go:report:{what}", "start_report"), *items, *pages]
    offers += [
        Offer(f"go:bieu:{waiting[0].due.isoformat()}", "form"),
        Offer(f"go:snooze:{what}", "snooze"),
        Offer(f"go:notmine:{what}", "not_mine"),
    ]
    return Digest(text, tuple(offers), tuple(listed))


def _by_due(lines: Sequence[DutyLine]) -> list[tuple[date, list[DutyLine]]]:
    return [(due, list(found)) for due, found in groupby(lines, key=lambda line: line.due)]


def _example(line: DutyLine, number: int) -> str:
    if line.target.kind not in ("number", "range"):
        return label("yes").lower()
    found = example(line.target)
    return found if number == 1 else {"66,5": "82", "12": "15"}.get(found, found)
