"""/quytac: who confirms the figures of a plan, and after how many working days they close."""

from __future__ import annotations

from collections.abc import Sequence

from domain.model import Unit
from domain.vietnamese import shorten
from handlers.awaited import ask_heads
from handlers.commands.base import Command
from handlers.prompts import Offer
from handlers.turn import Turn
from storage import audit, confirmations, duties, permissions, rules
from storage.rules import Rules

SHOWN = 16
LONGEST_ID = 18  # digits; more would not fit the database's integers
DAYS = (3, 5, 10, 15, 20, 30)  # working days after which figures may close


async def run(turn: Turn, argument: str) -> None:
    """Offer communes, then plans, then what may be set; "3:7:head" and "3:7:15" set it for plan 7 of commune 3."""
    number, _, rest = argument.partition(":")
    plan_id, _, wish = rest.partition(":")
    reach = await permissions.units_where(turn.tx, turn.person_id, "close")
    if number.isascii() and number.isdecimal() and len(number) < LONGEST_ID:
        reach = [unit for unit in reach if unit.id == int(number)]
    if not reach:
        turn.say("common/old_choice")
    elif len(reach) > 1:
        offers = [Offer(f"go:quytac:{unit.id}", words=unit.name) for unit in reach[:SHOWN]]
        turn.say("closing/which_unit", count=len(reach), shown=len(offers), offers=offers)
    else:
        await _of_unit(turn, reach[0], plan_id, wish)


async def _of_unit(turn: Turn, unit: Unit, plan_id: str, wish: str) -> None:
    manages = await permissions.may(turn.tx, turn.person_id, "manage_plan", unit=unit.id)
    if wish in ("head", "nobody") and manages:
        duties.hold_unit(turn.tx, unit.id)  # as a new version of the plan does: what it inherits is what stands
    found = await rules.of_unit(turn.tx, unit.id)
    chosen = [each for each in found if str(each.plan_id) == plan_id] or (found if len(found) == 1 else [])
    if not chosen:
        _list(turn, unit, found)
        return
    plan = chosen[0]
    if wish in ("head", "nobody"):
        await _confirm(turn, unit, plan, asked=wish == "head", manages=manages)
    elif wish.isascii() and wish.isdecimal() and len(wish) < LONGEST_ID and int(wish) in DAYS:
        _close(turn, unit, plan, int(wish))
    else:
        _show(turn, unit, plan, manages=manages)


def _list(turn: Turn, unit: Unit, found: Sequence[Rules]) -> None:
    if not found:
        turn.say("closing/nothing", unit=unit)
        return
    offers = [Offer(f"go:quytac:{unit.id}:{each.plan_id}", words=shorten(each.plan, 40)) for each in found[:SHOWN]]
    turn.say("rules/which", unit=unit, plans=found[:SHOWN], offers=offers)


def _show(turn: Turn, unit: Unit, plan: Rules, *, manages: bool) -> None:
    this = f"go:quytac:{unit.id}:{plan.plan_id}"
    days = [Offer(f"{this}:{days}", "closes_after", number=days) for days in DAYS if days != plan.closes_after]
    by_head = (
        Offer(f"{this}:nobody", "confirm_no_more")
        if plan.confirmed_by == "head"
        else Offer(f"{this}:head", "ask_to_confirm")
    )
    turn.say(
        "rules/plan",
        unit=unit,
        plan=plan,
        manages=manages,
        offers=[*([by_head] if manages else []), *days],
        numbered=False,
    )


async def _confirm(turn: Turn, unit: Unit, plan: Rules, *, asked: bool, manages: bool) -> None:
    """Say whether heads confirm the figures of a plan; those of what is complete already are asked at once."""
    if not manages:
        turn.say("common/not_allowed")
        return
    wanted: rules.ConfirmedBy = "head" if asked else "nobody"
    if plan.confirmed_by == wanted:
        turn.say("rules/confirm_already", plan=plan)
        return
    rules.confirm(turn.tx, plan.plan_id, wanted)
    _note(turn, "plan.confirmation", unit, plan, plan.confirmed_by, wanted)
    waiting = await confirmations.complete_in(turn.tx, plan.plan_id) if asked else []
    for duty_id in waiting:
        duties.hold(turn.tx, duty_id)
    heads = await ask_heads(turn, waiting)
    turn.say("rules/confirm_done", plan=plan, asked=asked, duties=len(waiting), heads=heads)


def _close(turn: Turn, unit: Unit, plan: Rules, days: int) -> None:
    if plan.closes_after != days:
        rules.close(turn.tx, plan.plan_id, days)
        _note(turn, "plan.closing", unit, plan, str(plan.closes_after), str(days))
    turn.say("rules/close_done", plan=plan, days=days)


def _note(turn: Turn, action: str, unit: Unit, plan: Rules, was: str, now_is: str) -> None:
    subject = f"plan:{plan.plan_id}"
    audit.note(turn.tx, action, subject, turn.now, turn.person_id, unit_id=unit.id, was=was, now_is=now_is)


_WORDS = ("quy tắc", "quy tắc số liệu", "yêu cầu chốt", "thời hạn khóa", "ngày tự khóa")
COMMAND = Command("quytac", run, "close", aliases=("quytắc",), words=_WORDS)
