"""/nhatky: who did what, the newest first, for admins and auditors."""

from __future__ import annotations

from handlers import record
from handlers.commands.base import Command
from handlers.prompts import Offer
from handlers.turn import Turn
from storage import permissions

SHOWN = 10
LONGEST_ID = 18  # digits


async def run(turn: Turn, argument: str) -> None:
    """Show the newest lines, or those before the one whose id a choice names."""
    reach = await permissions.units_where(turn.tx, turn.person_id, "read_audit", provinces=True)
    older = argument.isascii() and argument.isdecimal() and len(argument) < LONGEST_ID
    before = int(argument) if older else None
    lines = await record.read(turn.tx, [unit.id for unit in reach], turn.calendar.zone, SHOWN + 1, before)
    shown = lines[:SHOWN]
    offers = [Offer(f"go:nhatky:{shown[-1].id}", "older")] if len(lines) > SHOWN else []
    turn.say("audit/lines", lines=shown, units=[unit.name for unit in reach], older=older, offers=offers)


COMMAND = Command("nhatky", run, "read_audit", aliases=("nhật ký",), words=("nhật ký", "xem nhật ký", "ai đã làm gì"))
