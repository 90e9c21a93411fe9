"""/lichsu: what has happened to one figure, the newest first; for its officers and those who look after the unit."""

from __future__ import annotations

from domain.model import DutyLine
from domain.vietnamese import shorten
from handlers.commands.base import Command
from handlers.prompts import Offer
from handlers.turn import Turn
from storage import duties, history, oversight

SHOWN = 8  # choices
EVENTS = 12  # a screen
LONGEST_ID = 18  # digits; more would not fit the database's integers


async def run(turn: Turn, argument: str) -> None:
    """Tell the history of the line of an id, or offer those with the newest figures."""
    if argument.isascii() and argument.isdecimal() and len(argument) < LONGEST_ID:
        line = await _seen(turn, int(argument))
        if line is None:
            turn.say("common/old_choice")
            return
        events = await history.of_line(turn.tx, line.id)
        turn.say("history/history", line=line, events=events, shown=EVENTS, zone=turn.calendar.zone)
        return
    lines = await oversight.newest(turn.tx, turn.person_id, "read_status", SHOWN)
    own = [line for line in await duties.lines_of(turn.tx, turn.person_id) if line.reported_at is not None]
    lines += sorted(own, key=lambda line: (line.reported_at, line.id), reverse=True)
    found = list({line.id: line for line in lines}.values())[:SHOWN]
    if not found:
        turn.say("history/nothing")
        return
    turn.say(
        "history/which", offers=[Offer(f"go:lichsu:{line.id}", words=shorten(line.indicator, 60)) for line in found]
    )


async def _seen(turn: Turn, line_id: int) -> DutyLine | None:
    """Return a line that the person answers for or looks after; None for any other."""
    mine = await duties.line_of(turn.tx, turn.person_id, line_id)
    return mine or await oversight.line_of(turn.tx, turn.person_id, "read_status", line_id)


COMMAND = Command("lichsu", run, None, aliases=("lịchsử",), words=("lịch sử", "lịch sử số liệu"))
