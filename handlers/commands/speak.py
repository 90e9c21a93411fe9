"""/donvi: which of their agencies somebody with several speaks for."""

from __future__ import annotations

from handlers import speaking
from handlers.commands.base import Command
from handlers.turn import Turn
from storage import duties


async def run(turn: Turn, argument: str) -> None:  # noqa: ARG001
    """Ask which; in the middle of a report the choice goes on with the figures of that agency."""
    who = await speaking.speaker(turn)
    if not who.several:
        turn.say("speaking/only", agencies=who.agencies)
        return
    lines = await duties.lines_of(turn.tx, turn.person_id, asked=turn.today)
    reporting = turn.place is not None and turn.place.flow == "report"
    speaking.ask(turn, who, lines, "go:report:::" if reporting else "go:viec:")


_WORDS = ("đổi đơn vị", "đổi cơ quan", "chọn đơn vị", "chuyển đơn vị")
COMMAND = Command("donvi", run, "report", aliases=("đơnvị",), words=_WORDS, refusal="tasks/not_an_officer")
