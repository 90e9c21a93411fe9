"""/minhchung: what figures are proven by, to be looked at, moved to another indicator or withdrawn."""

from __future__ import annotations

from handlers import evidence
from handlers.commands.base import Command
from handlers.turn import Turn


async def run(turn: Turn, argument: str) -> None:
    """List the evidence of the person's lines, or do what a choice says; see `handlers.evidence.act`."""
    if argument:
        await evidence.act(turn, argument)
    else:
        await evidence.show(turn)


COMMAND = Command("minhchung", run, None, words=("minh chứng", "xem minh chứng"))
