"""/sua: choose one of the figures sent, to send it again. The old one is kept, and what was late stays late."""

from __future__ import annotations

from datetime import UTC, datetime

from domain.vietnamese import shorten
from handlers.commands.base import Command
from handlers.prompts import Offer
from handlers.render import words_of_figure
from handlers.turn import Turn
from storage import duties

SHOWN = 8
_NEVER = datetime.min.replace(tzinfo=UTC)


async def run(turn: Turn, argument: str) -> None:  # noqa: ARG001
    """Offer the newest figures of the person's agencies, the last one first."""
    lines = [line for line in await duties.lines_of(turn.tx, turn.person_id) if line.submission_id is not None]
    lines.sort(key=lambda line: line.reported_at or _NEVER, reverse=True)
    if turn.place is not None:
        turn.say("revise/finish_first")
    elif not lines:
        turn.say("revise/nothing_sent")
    else:
        turn.say(
            "revise/which",
            count=len(lines),
            shown=min(len(lines), SHOWN),
            offers=[
                Offer(
                    f"go:revise:{line.id}",
                    words=f"{shorten(line.indicator, 40)}: {words_of_figure(line.value, line.target)}",
                )
                for line in lines[:SHOWN]
            ],
        )


_WORDS = ("sửa", "sửa số", "sửa số liệu", "sửa số đã gửi", "sửa lại")
COMMAND = Command("sua", run, "report", aliases=("sửa",), words=_WORDS, refusal="tasks/not_an_officer")
