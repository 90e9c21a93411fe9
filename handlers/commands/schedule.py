"""/lichnhac: what will go to whom and when in a commune, by the rule that sends it."""

from __future__ import annotations

from datetime import timedelta

from domain.vietnamese import fold
from handlers.commands.base import Command
from handlers.prompts import Offer
from handlers.schedules import by_day, schedule_of
from handlers.turn import Turn
from storage import permissions

AHEAD = timedelta(days=14)
SHOWN = 10  # messages; they fill a screen


async def run(turn: Turn, argument: str) -> None:
    """Show the next two weeks of the commune named, or of the only one; ask when several fit."""
    reach = await permissions.units_where(turn.tx, turn.person_id, "read_schedule")
    wanted = fold(argument.removeprefix("#"))
    named = [unit for unit in reach if wanted in (str(unit.id), fold(unit.name), fold(unit.name.partition(" ")[2]))]
    fitting = named if argument else reach
    if len(fitting) != 1:
        offers = [Offer(f"go:lichnhac:#{unit.id}", words=unit.name) for unit in reach[: SHOWN * 2]]
        turn.say("schedule/which", count=len(reach), offers=offers)
        return
    until = turn.today + AHEAD
    entries = await schedule_of(turn.tx, fitting[0].id, turn.now, until, turn.calendar)
    shown = by_day(entries[:SHOWN])
    turn.say("schedule/schedule", unit=fitting[0], until=until, days=shown, more=max(0, len(entries) - SHOWN))


COMMAND = Command("lichnhac", run, "read_schedule", aliases=("lịch nhắc",), words=("lịch nhắc", "xem lịch nhắc"))
