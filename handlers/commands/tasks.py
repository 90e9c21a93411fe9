"""/viec: what a person's agencies owe, nearest due day first."""

from __future__ import annotations

from datetime import date
from itertools import groupby

from domain.model import DutyLine
from handlers import speaking
from handlers.commands.base import Command
from handlers.prompts import Offer
from handlers.speaking import Speaker
from handlers.turn import Turn
from storage import duties

SHOWN = 5  # lines in full for the nearest due day
LATER = 3  # and for each later one


async def run(turn: Turn, argument: str) -> None:
    """List the lines without a figure, and those already given a due day at a time.

    `argument` is the id of one of several agencies, whom the person speaks for from now on; where it is not known and
    several lack figures, that is asked, unless a form is in progress.
    """
    who = await speaking.speaker(turn, argument)
    everything = await duties.lines_of(turn.tx, turn.person_id, asked=turn.today)
    if who.chosen is None and turn.place is None and len(who.owing(everything)) > 1:
        speaking.ask(turn, who, everything, "go:viec:")
        return
    lines = who.of(everything)
    several = who.several and who.chosen is None
    groups = [
        (due, f"{agency}, {unit}" if several else "", list(found))
        for (due, agency, unit), found in groupby(lines, key=lambda line: (line.due, line.agency, line.unit_name))
    ]
    missing = [line for line in lines if line.status != "reported"]
    listed = _listed(groups)
    turn.say(
        "tasks/tasks",
        agencies=[who.chosen] if who.chosen else who.agencies,
        others=who.others(everything) if who.chosen else [],
        groups=groups,
        shown=SHOWN,
        later=LATER,
        numbers={line_id: number for number, line_id in enumerate(listed, 1)},
        listed=listed,
        offers=[*_offers(turn, lines, missing), *_change(turn, who)],
        numbered=False,  # an officer who types "3" means a figure
    )


def _listed(groups: list[tuple[date, str, list[DutyLine]]]) -> list[int]:
    """Return the lines that are shown with a number, in order."""
    shown = []
    for position, (_, _, lines) in enumerate(groups):
        lacking = [line.id for line in lines if line.status != "reported"]
        shown += lacking[: LATER if position else SHOWN]
    return shown


def _offers(turn: Turn, lines: list[DutyLine], missing: list[DutyLine]) -> list[Offer]:
    if turn.place is not None:
        return []
    offers = [Offer("go:report:", "start_report")] if missing else []
    if missing:
        offers.append(Offer("go:bieu:", "form"))
    return [*offers, Offer("go:sua:", "revise_any")] if any(line.submission_id for line in lines) else offers


def _change(turn: Turn, who: Speaker) -> list[Offer]:
    return [Offer("go:donvi:", "change_agency")] if who.chosen and turn.place is None else []


_WORDS = ("việc của tôi", "việc của em", "công việc", "xem việc", "hôm nay phải làm gì")
COMMAND = Command(
    "viec",
    run,
    "report",
    aliases=("việc", "congviec"),
    words=_WORDS,
    refusal="tasks/not_an_officer",
)
