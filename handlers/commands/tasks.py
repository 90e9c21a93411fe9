"""/viec: what a person's agencies owe, nearest due day first."""

from __future__ import annotations

from itertools import groupby

from handlers.commands.base import Command
from handlers.turn import Offer, Turn
from storage import duties, people

SHOWN = 8  # lines in full for the nearest due day; later days are counted


async def run(turn: Turn, argument: str) -> None:  # noqa: ARG001
    """List the lines without a figure, and those already given a due day at a time."""
    agencies = await people.memberships(turn.tx, turn.person_id)
    if not agencies:
        turn.say("tasks/not_an_officer")
        return
    lines = await duties.lines_of(turn.tx, turn.person_id)
    by_due = [(due, list(found)) for due, found in groupby(lines, key=lambda line: line.due)]
    missing = [line for line in lines if line.status != "reported"]
    turn.say(
        "tasks/tasks",
        agencies=agencies,
        by_due=by_due,
        missing=missing,
        shown=SHOWN,
        offers=[Offer("go:report:", "start_report")] if missing and turn.place is None else [],
        numbered=False,  # the numbers are those of the indicators
    )


COMMAND = Command("viec", run, aliases=("việc", "congviec"), words=("việc của tôi", "công việc", "xem việc"))
