"""/chot: the head of an agency confirms its figures, all of a due day or one; what is corrected is confirmed anew."""

from __future__ import annotations

from domain.model import DutyLine
from domain.vietnamese import format_date, shorten
from handlers.commands.base import Command
from handlers.prompts import Offer
from handlers.render import words_of_figure
from handlers.turn import Turn
from storage import audit, reviews

SHOWN = 12


async def run(turn: Turn, argument: str) -> None:
    """Show what is not confirmed yet; "7:41" confirms what duty 7 had up to figure 41, ":41" figure 41 alone.

    A figure given since it was shown has a higher number, and is not confirmed unseen.
    """
    waiting = await reviews.unconfirmed(turn.tx, turn.person_id)
    duty, _, figure = argument.partition(":")
    if figure:
        chosen = (
            [line for line in waiting if str(line.submission_id) == figure]
            if not duty
            else _up_to([line for line in waiting if str(line.duty_id) == duty], figure)
        )
        _confirm(turn, chosen)
        left = {line.id for line in chosen}
        waiting = [line for line in waiting if line.id not in left]
        if not waiting:
            return
    if duty:
        waiting = [line for line in waiting if str(line.duty_id) == duty] or waiting
    _show(turn, waiting)


def _up_to(lines: list[DutyLine], figure: str) -> list[DutyLine]:
    newest = int(figure) if figure.isascii() and figure.isdecimal() else 0
    return [line for line in lines if (line.submission_id or 0) <= newest]


def _confirm(turn: Turn, lines: list[DutyLine]) -> None:
    if not lines:
        turn.say("confirm/changed")
        return
    reviews.confirm(turn.tx, lines, turn.person_id, turn.now)
    for line in lines:
        audit.note(
            turn.tx,
            "figure.confirmed",
            f"line:{line.id}",
            turn.now,
            turn.person_id,
            unit_id=line.unit_id,
            submission=line.submission_id,
        )
    turn.say("confirm/done", lines=lines)


def _show(turn: Turn, waiting: list[DutyLine]) -> None:
    duties = {line.duty_id: line for line in reversed(waiting)}
    if not waiting:
        turn.say("confirm/nothing")
    elif len(duties) > 1:
        first = sorted(duties.values(), key=lambda line: (line.due, line.duty_id))
        several = len({line.agency for line in first}) > 1
        offers = [
            Offer(f"go:chot:{line.duty_id}", words=format_date(line.due) + (f" ({line.agency})" if several else ""))
            for line in first
        ]
        turn.say("confirm/which", offers=offers)
    else:
        newest = max(line.submission_id or 0 for line in waiting)
        each = [Offer(f"go:chot::{line.submission_id}", words=_words(line)) for line in waiting[:SHOWN]]
        offers = [Offer(f"go:chot:{waiting[0].duty_id}:{newest}", "confirm_all"), *(each if len(waiting) > 1 else [])]
        turn.say("confirm/list", lines=waiting, offers=[*offers, Offer("go:tralai:", "send_back_one")], numbered=False)


def _words(line: DutyLine) -> str:
    return f"{shorten(line.indicator, 40)}: {words_of_figure(line.value, line.target)}"


_WORDS = ("chốt", "xem và chốt", "chốt số", "chốt số liệu")
COMMAND = Command("chot", run, "confirm", aliases=("chốt",), words=_WORDS)
