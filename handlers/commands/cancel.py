"""/huy: leave the form in progress. What was recorded stays recorded."""

from __future__ import annotations

from handlers.commands.base import Command
from handlers.turn import Turn


async def run(turn: Turn, argument: str) -> None:  # noqa: ARG001
    """End the conversation, if there is one."""
    turn.say("common/cancelled" if turn.place is not None else "common/nothing_to_cancel")
    turn.place = None


COMMAND = Command("huy", run, None, aliases=("huỷ", "cancel"), words=("thôi", "hủy", "bỏ"))
