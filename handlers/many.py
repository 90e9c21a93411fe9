"""Several figures in one message, by the numbers of the list the person has before them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.bulk import Bulk, read_bulk
from domain.conversation import Go
from domain.figures import measure_of, read_reply
from domain.model import DutyLine, FigureValue, Verdict
from domain.unchanged import is_unchanged
from handlers.recording import carried, is_sure, kept, needs_a_reason, noted, store, unchanged
from handlers.turn import Turn
from storage import duties


@dataclass(frozen=True, slots=True)
class Recorded:
    """One figure of the message that was understood and stored."""

    number: int
    line: DutyLine
    value: FigureValue
    verdict: Verdict


async def answer(turn: Turn, data: Mapping[str, Any], text: str) -> Go | None:
    """Take a text as figures by their numbers in a report in progress; None where it is no such list.

    Where the person has another numbered list below the question, nothing is stored, for the numbers may mean that.
    """
    shown = turn.listed
    if shown and shown != data["lines"][: len(shown)]:
        # Another list was asked for in between, as by /viec: its numbers are the ones before the person's eyes.
        data = {**data, "lines": [*shown, *(line_id for line_id in data["lines"] if line_id not in shown)]}
    bulk = read_bulk(text, len(shown) or len(data["lines"]))
    if bulk is None:
        return None
    if turn.received.overlaid:
        turn.say("report/which_list")
        return Go("figure", data)
    return Go("figure", await take(turn, data, bulk))


async def take(turn: Turn, data: Mapping[str, Any], bulk: Bulk) -> dict[str, Any]:
    """Store what a message says of the lines of a report, and return the report's data for going on.

    What is not understood, or doubted, is kept with its line ("heard") and asked about when its turn comes; the
    numbers stay those of the list, for they are what the person has before them.
    """
    owed = {line.id: line for line in await duties.lines_of(turn.tx, turn.person_id)}
    lines = [owed.get(line_id) for line_id in data["lines"]]
    duties.hold_all(turn.tx, (line for line in lines if line is not None))
    recorded: list[Recorded] = []
    heard: dict[str, str] = {}
    overtaken: list[DutyLine] = []
    after = carried(data)
    for number, text in _answers(bulk, lines):
        line = lines[number - 1]
        if line is None:
            continue
        if line.status == "reported":
            overtaken.append(line)
            continue
        found = understood(turn, line, text)
        if found is None:
            heard[str(line.id)] = text
            continue
        value, reading = found
        verdict = store(turn, line, value, text, reading, item=number)
        recorded.append(Recorded(number, line, value, verdict))
        after = noted(after, line.id, missed=needs_a_reason(turn, line, verdict), absent=value is None)
        after["last"] = line.id
    answered = {each.line.id for each in recorded}
    # By its id what was said to have none yet is passed over from here on.
    absent = {each.line.id for each in recorded if each.value is None}
    done = {*data.get("done", ()), *data.get("absent", ()), *absent} - set(map(int, heard))
    passed = answered | done
    missing = [line for line in lines if line and line.status != "reported" and line.id not in passed]
    turn.say(
        "report/many",
        settles=True,
        recorded=recorded,
        unplaced=bulk.unplaced,
        overtaken=overtaken,
        missing=missing,
        total=len([line for line in lines if line]),
    )
    # Asked from the first on; what has a figure is passed over.
    return {**after, "heard": heard, "done": sorted(done), "at": 0, "tries": 0} | (
        {"changed": True} if recorded else {}
    )


def _answers(bulk: Bulk, lines: Sequence[DutyLine | None]) -> list[tuple[int, str]]:
    said = {item.number: item.text for item in bulk.items}
    if bulk.rest is not None:
        for number, line in enumerate(lines, 1):
            if line is not None and line.status != "reported":
                said.setdefault(number, bulk.rest)
    return sorted(said.items())


def understood(turn: Turn, line: DutyLine, text: str) -> tuple[FigureValue, dict[str, Any]] | None:
    """Return the figure in a text and how it was read; None where it must be asked about."""
    if is_unchanged(text):
        return unchanged(line)
    reading = read_reply(text, measure_of(line.target))
    return (reading.value, kept(reading)) if is_sure(turn, line, reading) else None
