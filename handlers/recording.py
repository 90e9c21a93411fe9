"""From a reading to a stored figure and its receipt; used wherever a figure comes from: a question, a list, an edit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from domain.checks import Concern, concern
from domain.conversation import Go
from domain.cycles import as_of
from domain.figures import Reading
from domain.model import DutyLine, FigureValue, Target, Verdict
from domain.targets import judge
from handlers.prompts import Offer
from handlers.render import words_of_figure
from handlers.turn import Stored, Turn
from storage import submissions
from storage.values import figure

KEPT_WORDS = 500
NEAR = timedelta(days=31)  # further ahead of its due day, a target not yet reached needs no excuse
_KEPT_DATA = ("lines", "what", "whose", "last", "changed", "revising", "heard", "done", "missed", "absent")


def doubt(value: FigureValue, line: DutyLine, turn: Turn) -> Concern | None:
    """Return why a figure read without trouble is asked about. One of the same day is only being corrected."""
    if not isinstance(value, Decimal):
        return None
    earlier = line.reported_at is not None and turn.calendar.today(line.reported_at) < turn.today
    before = line.value if earlier else line.previous
    return concern(value, line.target, before if isinstance(before, Decimal) else None)


def is_sure(turn: Turn, line: DutyLine, reading: Reading) -> bool:
    """Tell whether a reply can be stored without a question: "no figure yet", or a figure beyond doubt."""
    if reading.action == "no_data":
        return True
    return reading.action == "accept" and reading.value is not None and doubt(reading.value, line, turn) is None


def unchanged(line: DutyLine) -> tuple[FigureValue, dict[str, Any]] | None:
    """Return the figure that "as before" stands for, and how it was read; None where there is none."""
    before = line.previous if line.previous is not None else line.value
    return None if before is None else (before, {"action": "unchanged"})


def kept(reading: Reading) -> dict[str, Any]:
    """Return what is stored of how a reply was read."""
    told = {
        "action": reading.action,
        "reason": reading.reason,
        "approx": reading.approx,
        "bound": reading.bound,
        "as_of": reading.as_of,
        "progress": reading.progress,
        "numerator": reading.numerator,
        "denominator": reading.denominator,
    }
    return {name: str(value) if value is not True else True for name, value in told.items() if value}


def example(target: Target) -> str:
    """Return a figure of the right shape, and not the target itself: an example must not suggest the answer."""
    if target.unit == "%":
        return "66,5"
    return "0,65" if isinstance(target.value, Decimal) and target.value <= 1 and "." in str(target.value) else "12"


def candidate(value: FigureValue, line: DutyLine) -> Offer:
    """Return a reading as a choice; a number without thousands dots, for of two readings of "1.234" one is 1234."""
    plain = format(value, "f").replace(".", ",") if isinstance(value, Decimal) else None
    return Offer(f"value:{figure(value)}", words=plain or words_of_figure(value, line.target))


def store(
    turn: Turn, line: DutyLine, value: FigureValue, typed: str, reading: Mapping[str, Any], item: int | None = None
) -> Verdict:
    """Queue storing a figure for a line as it stands, and return the verdict. The receipt is the caller's to say."""
    verdict = judge(line.target, value)
    submissions.record(
        turn.tx,
        line,
        turn.person_id,
        value,
        verdict,
        typed[:KEPT_WORDS],
        dict(reading),
        turn.received.id,
        turn.now,
        as_of=as_of(reading.get("as_of"), line.cut_off or line.due, turn.today) if value is not None else None,
        remind_at=turn.calendar.next_opening(turn.now),
        said_in=turn.received.message.message_id,
        item=item,
    )
    turn.stored.append(Stored(line, value, verdict))
    return verdict


def needs_a_reason(turn: Turn, line: DutyLine, verdict: Verdict) -> bool:
    """Tell whether a figure that misses its target is to be explained: its due day is near, or past."""
    return verdict == "not_met" and line.due - turn.today <= NEAR


def noted(data: Mapping[str, Any], line_id: int, *, missed: bool, absent: bool) -> dict[str, Any]:
    """Return a report's data with what is to be asked about a line once all figures are in."""
    told = dict(data)
    for name, holds in (("missed", missed), ("absent", absent)):
        lines = [each for each in told.get(name, ()) if each != line_id]
        told[name] = [*lines, line_id] if holds else lines
    return {name: value for name, value in told.items() if value != []}


def carried(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a report's data is about the whole of it, and not about the line asked last."""
    return {name: data[name] for name in _KEPT_DATA if name in data}


def following(data: Mapping[str, Any], **more: Any) -> Go:
    """Return the step to the next line of a report, or back to the line it was at before one asked out of turn."""
    return Go("figure", {**carried(data), "at": data.get("then", data["at"] + 1), "tries": 0} | more)
