"""/status: the state of a commune in one screen, for its leaders and admins and those of its province."""

from __future__ import annotations

import re

from domain.model import Unit
from domain.status import summarise
from domain.vietnamese import fold
from handlers.commands.base import Command
from handlers.prompts import Offer
from handlers.turn import Turn
from storage import reports, units

SHOWN = 5
_TYPE = re.compile(r"^(xa|phuong|dac khu) ")


async def run(turn: Turn, argument: str) -> None:
    """Report on the commune named, or on the only one the person may see; ask when several fit."""
    reach = await units.within_reach(turn.tx, turn.person_id)
    if not reach:
        turn.say("status/not_allowed")  # the head of an agency reads of that agency alone
        return
    fitting = _fitting(reach, argument)
    if not fitting:
        turn.say("status/not_found")
        fitting = reach
    if len(fitting) > 1:
        turn.say(
            "status/which",
            count=len(fitting),
            shown=min(len(fitting), SHOWN * 2),
            offers=[Offer(f"go:status:#{unit.id}", words=unit.name) for unit in fitting[: SHOWN * 2]],
        )
    elif fitting[0] in _fitting(reach, argument):
        await _report(turn, fitting[0])


def _fitting(reach: list[Unit], argument: str) -> list[Unit]:
    """Return the communes meant by `argument`: all without one; by id ("#3", from a choice), or by name unmarked."""
    if not argument:
        return reach
    if argument.startswith("#"):
        return [unit for unit in reach if str(unit.id) == argument[1:]]
    wanted = fold(argument)
    exact = [unit for unit in reach if fold(unit.name) == wanted]
    return exact or [unit for unit in reach if _TYPE.sub("", fold(unit.name)) == _TYPE.sub("", wanted)]


async def _report(turn: Turn, unit: Unit) -> None:
    rows = await reports.status_rows(turn.tx, unit.id, turn.today)
    years = await reports.plan_years(turn.tx, unit.id)
    if not rows:
        turn.say("status/no_plan", unit=unit)
        return
    report = summarise(rows, turn.today)
    turn.say(
        "status/status",
        unit=unit,
        years=years,
        report=report,
        at=turn.now.astimezone(turn.calendar.zone),
        shown=SHOWN,
    )


_WORDS = ("tình hình", "tiến độ", "chậm", "ai chậm", "chậm ở đâu", "ai chưa báo cáo", "xem tình hình")
COMMAND = Command(
    "status",
    run,
    "read_status",
    aliases=("tinhhinh",),
    words=_WORDS,
    refusal="status/not_allowed",
)
