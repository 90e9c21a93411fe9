"""An officer says that indicators are not their agency's; the admins decide (handlers/flows/reassign.py)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from domain.conversation import Answer, Done, Flow, Go, Outcome, Stay, Step
from domain.model import DutyLine
from domain.urgency import worst_first
from domain.vietnamese import fold
from handlers.notices import notify
from handlers.prompts import Offer
from handlers.reach import next_owed
from handlers.recording import KEPT_WORDS
from handlers.turn import Turn
from storage import audit, disputes, duties, oversight

CHOICES = 8  # more than these are chosen by their numbers
_NUMBERS = re.compile(r"[0-9]{1,3}")
_BESIDE = re.compile(r"[ ,;.+&/:()-]|va|muc|so|chi tieu|cau|cac|a")  # what may stand between numbers, without marks
_LETTERS = re.compile(r"[^\W\d_]{2,}")


async def begin(turn: Turn, what: str) -> Outcome:
    """Ask which; `what` is "2026-11-30:3" from a digest: what is owed to a unit up to a day, or else what is next.

    It may come from anybody, so it only narrows what the person owes.
    """
    owed = await duties.lines_of(turn.tx, turn.person_id)
    until, _, unit = (what or next_owed(owed)).partition(":")
    waiting = [line for line in owed if line.status != "reported" and str(line.unit_id) == unit]
    waiting = sorted((line for line in waiting if line.due.isoformat() <= until), key=worst_first)
    if not waiting:
        turn.say("report/nothing_missing")
        return Done()
    data = {"lines": [line.id for line in waiting]}
    return Go("reason", {**data, "chosen": data["lines"]}) if len(waiting) == 1 else Go("which", data)


def _data(turn: Turn) -> Mapping[str, Any]:
    return turn.place.data if turn.place else {}


async def _lines(turn: Turn, ids: Sequence[int]) -> list[DutyLine]:
    """Return those of some lines that the person still owes, in this order."""
    owed = {line.id: line for line in await duties.lines_of(turn.tx, turn.person_id)}
    return [owed[line_id] for line_id in ids if line_id in owed]


async def _ask_which(turn: Turn) -> Outcome | None:
    ids = _data(turn)["lines"]
    shown = [Offer(f"item:{number}", "item", number=number) for number in range(1, min(len(ids), CHOICES) + 1)]
    offers = [*shown, Offer("all_of_them"), Offer("stop")]
    turn.say("not_mine/which", lines=await _lines(turn, ids), offers=offers, numbered=False)
    return None


async def _take_which(turn: Turn, answer: Answer) -> Outcome:
    data = _data(turn)
    lines: list[int] = data["lines"]
    if answer.choice == "stop":
        turn.say("not_mine/kept")
        return Done()
    chosen = lines if answer.choice == "all_of_them" else _numbered(answer, lines)
    if not chosen:
        turn.say("not_mine/which_wanted", aside=True, most=len(lines))
        return Stay()
    return Go("reason", {**data, "chosen": chosen})


def _numbered(answer: Answer, lines: Sequence[int]) -> list[int]:
    """Return the lines whose numbers an answer names; none where it holds anything else."""
    text = answer.choice.removeprefix("item:") if answer.choice is not None else fold(answer.text)
    numbers = [int(number) for number in _NUMBERS.findall(text)]
    if _BESIDE.sub("", _NUMBERS.sub("", text)) or not all(1 <= number <= len(lines) for number in numbers):
        return []
    return [lines[number - 1] for number in dict.fromkeys(numbers)]


async def _ask_reason(turn: Turn) -> Outcome | None:
    lines = await _lines(turn, _data(turn)["chosen"])
    if not lines:
        turn.say("report/not_yours")
        return Done()
    turn.say("not_mine/reason", lines=lines, offers=[Offer("skip"), Offer("stop")], numbered=False)
    return None


async def _take_reason(turn: Turn, answer: Answer) -> Outcome:
    if answer.choice == "stop":
        turn.say("not_mine/kept")
        return Done()
    if answer.choice is None and _LETTERS.search(answer.text) is None:
        turn.say("report/words_wanted", aside=True)
        return Stay()
    lines = await _lines(turn, _data(turn)["chosen"])
    told = await disputes.disputed(turn.tx, [line.id for line in lines])
    fresh = [line for line in lines if line.id not in told]
    if fresh:
        await _raise(turn, fresh, "" if answer.choice else answer.text[:KEPT_WORDS])
    turn.say("not_mine/told" if fresh else "not_mine/told_before", settles=True, lines=fresh or lines)
    return Done()


async def _raise(turn: Turn, lines: Sequence[DutyLine], words: str) -> None:
    disputes.raise_for(turn.tx, [line.id for line in lines], turn.person_id, words, turn.received.id, turn.now)
    for line in lines:
        audit.note(
            turn.tx,
            "line.disputed",
            f"line:{line.id}",
            turn.now,
            turn.person_id,
            unit_id=line.unit_id,
            agency=line.agency,
        )
    notify(
        turn,
        await oversight.overseers_of(turn.tx, lines[0].unit_id, "admin"),
        "notes/not_mine",
        [Offer(f"go:reassign:{turn.received.id}", "reassign")],
        name=turn.received.person_name,
        lines=lines,
        words=words,
    )


FLOW = Flow(
    "not_mine",
    {"which": Step(_ask_which, _take_which), "reason": Step(_ask_reason, _take_reason)},
    views=frozenset({"which"}),
)
