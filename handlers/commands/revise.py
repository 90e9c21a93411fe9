"""/sua: choose one of the figures sent, to send it again. The old one is kept, and what was late stays late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from domain.model import DutyLine
from domain.vietnamese import format_date, shorten
from handlers.commands.base import Command
from handlers.prompts import Offer
from handlers.render import words_of_figure
from handlers.turn import Turn
from storage import duties

SHOWN = 8
SHOWN_IN_FORM = 3  # its question and its choices stand below
_NEVER = datetime.min.replace(tzinfo=UTC)


async def run(turn: Turn, argument: str) -> None:  # noqa: ARG001
    """Offer the newest figures of the person's agencies, the last one first."""
    lines = [line for line in await duties.lines_of(turn.tx, turn.person_id) if line.submission_id is not None]
    lines.sort(key=lambda line: line.reported_at or _NEVER, reverse=True)
    shown = SHOWN_IN_FORM if turn.place is not None else SHOWN
    if turn.place is not None and turn.place.flow != "report":
        turn.say("common/finish_first")
    elif not lines:
        turn.say("revise/nothing_sent")
    else:
        turn.say(
            "revise/which",
            count=len(lines),
            shown=min(len(lines), shown),
            offers=_offers(lines[:shown]),
        )


def _offers(lines: Sequence[DutyLine]) -> list[Offer]:
    """Return a choice for each figure; where two would read alike, with the due day of their period."""
    words = [f"{shorten(line.indicator, 40)}: {words_of_figure(line.value, line.target)}" for line in lines]
    return [
        Offer(f"go:revise:{line.id}", words=said if words.count(said) == 1 else f"{said} ({format_date(line.due)})")
        for line, said in zip(lines, words, strict=True)
    ]


_WORDS = ("sửa", "sửa số", "sửa số liệu", "sửa số đã gửi", "sửa lại")
COMMAND = Command("sua", run, "report", aliases=("sửa",), words=_WORDS, refusal="tasks/not_an_officer")
