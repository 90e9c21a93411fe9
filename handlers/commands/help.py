"""/help: only what this person may do, with examples."""

from __future__ import annotations

from handlers.commands.base import Command
from handlers.turn import Turn
from storage import people, permissions


async def run(turn: Turn, argument: str) -> None:  # noqa: ARG001
    """Say what the person may do."""
    turn.say(
        "help/help",
        memberships=await people.memberships(turn.tx, turn.person_id),
        grants=await people.grants(turn.tx, turn.person_id),
        may=await permissions.actions_anywhere(turn.tx, turn.person_id),
    )


_WORDS = ("trợ giúp", "hướng dẫn", "giúp", "giúp em", "giúp em với", "giúp với", "làm thế nào")
COMMAND = Command(
    "help",
    run,
    None,
    aliases=("trogiup", "huongdan"),
    words=_WORDS,
)
