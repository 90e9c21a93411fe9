"""/tralai: choose one of the figures given last, to send it back with a reason."""

from __future__ import annotations

from domain.model import DutyLine
from domain.vietnamese import shorten
from handlers.commands.base import Command
from handlers.prompts import Offer
from handlers.render import words_of_figure
from handlers.turn import Turn
from storage import oversight

SHOWN = 16


async def run(turn: Turn, argument: str) -> None:  # noqa: ARG001
    """Offer the newest figures of what the person looks after, the last one first."""
    lines = await oversight.newest(turn.tx, turn.person_id, "send_back", SHOWN)
    if turn.place is not None:
        turn.say("common/finish_first")
    elif not lines:
        turn.say("send_back/nothing_given")
    else:
        several = len({line.unit_id for line in lines}) > 1
        turn.say(
            "send_back/which", offers=[Offer(f"go:return:{line.id}", words=_words(line, several)) for line in lines]
        )


def _words(line: DutyLine, several: bool) -> str:
    return f"{shorten(line.indicator, 40)}: {words_of_figure(line.value, line.target)}" + (
        f" ({line.unit_name})" if several else ""
    )


_WORDS = ("trả lại", "trả lại số", "trả lại số liệu", "trả số liệu", "yêu cầu sửa số")
COMMAND = Command("tralai", run, "send_back", aliases=("trảlại",), words=_WORDS)
