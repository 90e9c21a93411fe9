"""/status: the state of a commune in one screen and what is behind it; of many communes, how they compare."""

from __future__ import annotations

import re

from domain.model import Unit
from domain.status import CommuneTally, roll_up
from domain.vietnamese import fold
from handlers import pictures, status_screens
from handlers.commands.base import Command
from handlers.prompts import Offer
from handlers.summaries import summary_of
from handlers.turn import Turn
from storage import reports, units

SHOWN = 10
_TYPE = re.compile(r"^(xa|phuong|dac khu) ")
_LONGEST_ID = 18


async def run(turn: Turn, argument: str) -> None:
    """Report on the commune named, or on all the person may see; ask when several fit.

    From a choice, and so perhaps from anybody, comes "#3:agency:7" (a screen of a commune), the same in one period,
    "#3/quarter:2026-4/agency:7", "@2" (a province) or "@2:map" (its communes as a picture).
    """
    if argument.startswith("#"):
        await _screen(turn, argument[1:])
    elif argument.startswith("@"):
        province, _, screen = argument[1:].partition(":")
        await (_map(turn, _id(province) or 0) if screen == "map" else _many(turn, _id(province)))
    elif not argument:
        await _all(turn)
    else:
        await _named(turn, argument)


async def _screen(turn: Turn, argument: str) -> None:
    unit_id, in_period, rest = argument.partition("/")
    if in_period:
        period, _, screen = rest.partition("/")
    else:
        unit_id, _, screen = argument.partition(":")
        period = ""
    unit = await units.reachable(turn.tx, turn.person_id, _id(unit_id) or 0)
    if unit is None:
        await _not_there(turn, await units.within_reach(turn.tx, turn.person_id))
    else:
        await _report(turn, unit, screen, period)


async def _all(turn: Turn) -> None:
    reach = await units.within_reach(turn.tx, turn.person_id)
    if not reach:
        turn.say("status/not_allowed")
    elif len(reach) == 1:
        await _report(turn, reach[0])
    else:
        await _many(turn, None)


async def _named(turn: Turn, name: str) -> None:
    reach = await units.within_reach(turn.tx, turn.person_id)
    if not reach:
        turn.say("status/not_allowed")  # the head of an agency reads of that agency alone
        return
    fitting = _fitting(reach, name)
    if len(fitting) == 1:
        await _report(turn, fitting[0])
    elif fitting:
        _ask_which(turn, fitting)
    else:
        await _not_there(turn, reach)


async def _not_there(turn: Turn, reach: list[Unit]) -> None:
    if not reach:
        turn.say("status/not_allowed")
        return
    turn.say("status/not_found")
    if len(reach) > 1:
        _ask_which(turn, reach)


def _ask_which(turn: Turn, fitting: list[Unit]) -> None:
    turn.say(
        "status/which",
        count=len(fitting),
        shown=min(len(fitting), SHOWN),
        offers=[Offer(f"go:status:#{unit.id}", words=unit.name) for unit in fitting[:SHOWN]],
    )


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < _LONGEST_ID else None


def _fitting(reach: list[Unit], name: str) -> list[Unit]:
    """Return the communes meant by a name without marks, with or without its type; else those it is a part of."""
    wanted = fold(name)
    bare = _TYPE.sub("", wanted)
    exact = [unit for unit in reach if fold(unit.name) == wanted]
    same = exact or [unit for unit in reach if _TYPE.sub("", fold(unit.name)) == bare]
    return same or [unit for unit in reach if len(bare) > 2 and f" {bare} " in f" {fold(unit.name)} "]


async def _report(turn: Turn, unit: Unit, screen: str = "", period: str = "") -> None:
    summary = await summary_of(turn.tx, unit, turn.now, turn.calendar, period)
    if period and not summary.report.rows:
        turn.say("common/old_choice")
    elif not summary.report.rows:
        turn.say("status/no_plan", unit=unit)
    else:
        await status_screens.show(turn, summary, screen)


async def _many(turn: Turn, province_id: int | None) -> None:
    """Compare the communes the person may see; where they are of several provinces, these."""
    by_province = await reports.tallies(turn.tx, turn.person_id, turn.today, province_id)
    if not by_province:
        turn.say("status/not_found")
        return
    at = turn.now.astimezone(turn.calendar.zone)
    found = [tally for tallies in by_province.values() for tally in tallies]
    if len(by_province) > 1:
        provinces = [await _province(turn, parent, tallies) for parent, tallies in by_province.items()]
        rollup = roll_up(provinces)
        turn.say(
            "status/country",
            rollup=rollup,
            communes=roll_up(found),
            shown=SHOWN,
            at=at,
            offers=_provinces(rollup.communes),
        )
        return
    [parent_id] = by_province
    parent = await units.find(turn.tx, parent_id) if parent_id else None
    rollup = roll_up(found)
    listed = (*rollup.communes, *rollup.without_plan)[:SHOWN]
    chart = [Offer(f"go:status:@{parent_id or 0}:map", "chart")] if rollup.communes else []
    turn.say(
        "status/many",
        name=parent.name if parent else "",
        rollup=rollup,
        shown=SHOWN,
        at=at,
        offers=[*(Offer(f"go:status:#{each.unit_id}", words=each.name) for each in listed), *chart],
    )


async def _map(turn: Turn, province_id: int) -> None:
    """Send the communes of a province by sections as a picture."""
    reached = await reports.tallies(turn.tx, turn.person_id, turn.today, province_id)
    if not any(tally.plans for tallies in reached.values() for tally in tallies):
        turn.say("status/not_found")
        return
    province = await units.find(turn.tx, province_id) if province_id else None
    at = turn.now.astimezone(turn.calendar.zone)
    argument = pictures.asked_map(turn.person_id, province_id, at)
    status_screens.send_picture(turn, "map", province.name if province else "", argument)


async def _province(turn: Turn, parent_id: int | None, tallies: list[CommuneTally]) -> CommuneTally:
    """Return a province as the sum of its communes, which compares as they do."""
    parent = await units.find(turn.tx, parent_id) if parent_id else None
    rollup = roll_up(tallies)
    return CommuneTally(parent_id or 0, parent.name if parent else "", len(rollup.communes), rollup.counts)


def _provinces(provinces: tuple[CommuneTally, ...]) -> list[Offer]:
    return [Offer(f"go:status:@{each.unit_id}", words=each.name) for each in provinces[:SHOWN] if each.unit_id]


_WORDS = ("tình hình", "tiến độ", "chậm", "ai chậm", "chậm ở đâu", "ai chưa báo cáo", "xem tình hình")
COMMAND = Command(
    "status",
    run,
    "read_status",
    aliases=("tinhhinh",),
    words=_WORDS,
    refusal="status/not_allowed",
)
