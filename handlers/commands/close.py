"""/khoa: close the figures of a due day, or open them again: what is closed is corrected only by request."""

from __future__ import annotations

from datetime import date

from domain.closing import is_closed, last_open_day
from domain.model import Unit
from domain.vietnamese import format_date
from handlers.commands.base import Command
from handlers.prompts import Offer
from handlers.turn import Turn
from storage import audit, closing, permissions
from storage.closing import DueDay

SHOWN = 16
LONGEST_ID = 18  # digits; more would not fit the database's integers


async def run(turn: Turn, argument: str) -> None:
    """Offer communes, then due days, then closing or opening; "3:2026-11-30:closed" says all three."""
    number, _, rest = argument.partition(":")
    day, _, verdict = rest.partition(":")
    reach = await permissions.units_where(turn.tx, turn.person_id, "close")
    if number.isascii() and number.isdecimal() and len(number) < LONGEST_ID:
        reach = [unit for unit in reach if unit.id == int(number)]
    if not reach:
        turn.say("common/old_choice")
    elif len(reach) > 1:
        offers = [Offer(f"go:khoa:{unit.id}", words=unit.name) for unit in reach[:SHOWN]]
        turn.say("closing/which_unit", count=len(reach), shown=len(offers), offers=offers)
    else:
        days = {each.due.isoformat(): each for each in await closing.due_days(turn.tx, reach[0].id)}
        if day not in days:
            _list(turn, reach[0], list(days.values()))
        elif verdict in ("closed", "open"):
            _set(turn, reach[0], days[day], verdict == "closed")
        else:
            _show(turn, reach[0], days[day])


def _is_closed(turn: Turn, day: DueDay) -> bool:
    return is_closed(day.closing, day.due, day.closes_after, turn.today, turn.calendar)


def _list(turn: Turn, unit: Unit, days: list[DueDay]) -> None:
    if not days:
        turn.say("closing/nothing", unit=unit)
        return
    closed: set[date] = {day.due for day in days if _is_closed(turn, day)}
    offers = [Offer(f"go:khoa:{unit.id}:{day.due.isoformat()}", words=format_date(day.due)) for day in days[:SHOWN]]
    offers.append(Offer(f"go:quytac:{unit.id}", "other_rules"))
    turn.say("closing/which_day", unit=unit, days=days[:SHOWN], closed=closed, offers=offers)


def _show(turn: Turn, unit: Unit, day: DueDay) -> None:
    closed = _is_closed(turn, day)
    this = f"go:khoa:{unit.id}:{day.due.isoformat()}"
    offers = [Offer(f"{this}:open", "open_figures") if closed else Offer(f"{this}:closed", "close_figures")]
    last = last_open_day(day.due, day.closes_after, turn.calendar)
    turn.say("closing/day", unit=unit, day=day, closed=closed, last=last, offers=offers)


def _set(turn: Turn, unit: Unit, day: DueDay, close: bool) -> None:
    if _is_closed(turn, day) == close:
        turn.say("closing/already", unit=unit, day=day, closed=close)
        return
    closing.set_closing(turn.tx, unit.id, day.due, "closed" if close else "open")
    action = "figures.closed" if close else "figures.opened"
    audit.note(turn.tx, action, f"unit:{unit.id}", turn.now, turn.person_id, unit_id=unit.id, due=day.due.isoformat())
    turn.say("closing/done", unit=unit, day=day, closed=close)


_WORDS = ("khóa số liệu", "khoá số liệu", "mở khóa số liệu", "mở khoá số liệu")
COMMAND = Command("khoa", run, "close", aliases=("khóa", "khoá"), words=_WORDS)
