"""A reply answered by words: yes or no, or the state of a task. The whole reply must be understood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from domain.figure_dates import take_date
from domain.figure_digits import numbers_in
from domain.figure_fractions import read_fraction
from domain.figure_items import Item, day_named, items_of
from domain.figure_scales import HUNDRED, scale_of
from domain.figure_types import Candidate, Measure, Reading, ask
from domain.model import TaskState

Kind = Literal["boolean", "task", "qualitative"]

_NEUTRAL = frozenset({"polite", "now", "lead", "from", "to", "soft", "thing"})
_LOUD = frozenset("❌✖✘✗👎🚫⛔❎⬆⬇")
# The meanings of a phrase that count here, the first that it has.
_ORDER: dict[str, tuple[str, ...]] = {
    "task": (
        "blocked",
        "unfinished",
        "not_begun",
        "no_data",
        "doing",
        "done",
        "yes",
        "no",
        "hedge",
        "same",
        "later",
        "nothing",
    ),
    "boolean": (
        "no_data",
        "no",
        "blocked",
        "unfinished",
        "not_begun",
        "doing",
        "yes",
        "done",
        "hedge",
        "same",
        "later",
        "nothing",
    ),
}
_CHOICES: dict[str, tuple[Candidate, ...]] = {
    "task": ("done", "in_progress", "not_started"),
    "boolean": (True, False),
    "qualitative": (True, False),
}


def read_state(text: str, kind: Kind) -> Reading:
    """Return the Reading of `text` (tidied, screened) for a yes-or-no question, a task, or a judgement in words."""
    dated = take_date(text)
    items = items_of(dated.rest)
    reading = _read(items, kind)
    return replace(reading, as_of=as_of) if (as_of := day_named(dated, items)) else reading


def _read(items: Sequence[Item], kind: Kind) -> Reading:
    if not items:
        return ask("empty", *_CHOICES[kind])
    if any(item.broken for item in items):
        return ask("letter_digit", *_CHOICES[kind])
    if any(item.sign and item.text in _LOUD for item in items):
        return ask("not_understood", *_CHOICES[kind])
    if any(item.text == "?" for item in items):
        return ask("hedged", *_CHOICES[kind])
    if any(item.run for item in items):
        return _measured(items, kind)
    votes = [_meaning(item, kind) for item in items if not item.sign]
    said = [vote for vote in votes if vote != "quiet"]
    if "unknown" in said:
        return _open_ended([i for i in items if not i.sign and _meaning(i, kind) != "quiet"], said, kind)
    if not said:
        return ask("not_understood", *_CHOICES[kind])
    return _task(frozenset(said)) if kind == "task" else _boolean(frozenset(said))


def _meaning(item: Item, kind: Kind) -> str:
    if item.unknown:
        return "unknown"
    if kind == "task" and item.text.startswith("đang ") and "no_data" in item.tags:
        return "doing"
    order = _ORDER["task" if kind == "task" else "boolean"]
    found = next((tag for tag in order if tag in item.tags), None)
    if found == "doing" and item.tags & {"lead"}:
        return "quiet"
    return found or ("quiet" if item.tags & _NEUTRAL else "unknown")


def _boolean(said: frozenset[str]) -> Reading:
    if "hedge" in said or "same" in said:
        return ask("hedged" if "hedge" in said else "same_as_before", True, False)
    if "no_data" in said:
        return Reading("no_data") if not said & {"yes", "done"} else ask("half_answer", True, False)
    no = {"no", "not_begun", "unfinished", "nothing"}
    if said <= {"yes", "done"}:
        return Reading("accept", True)
    if said <= no:
        return Reading("accept", False)
    if said == {"later"}:
        return Reading("no_data")
    if "blocked" in said and not said & {"yes", "done"}:
        return Reading("confirm", False, reason="blocked")
    if "doing" in said and said <= no | {"doing", "later"}:
        return Reading("confirm", False, progress=True, reason="in_progress")
    return ask("half_answer", True, False)


def _task(said: frozenset[str]) -> Reading:
    choices = _CHOICES["task"]
    if "hedge" in said or "same" in said:
        return ask("hedged" if "hedge" in said else "same_as_before", *choices)
    if "blocked" in said and not said & {"done", "yes"}:
        return Reading("confirm", "blocked", reason="blocked")
    if "done" in said and said <= {"done", "yes"}:
        return Reading("accept", "done")
    if said == {"yes"}:
        return Reading("confirm", "done", reason="state_unclear")
    if said <= {"not_begun", "later"} and "not_begun" in said:
        return Reading("accept", "not_started")
    if said <= {"no_data", "later", "not_begun"}:
        return Reading("no_data")
    if said <= {"doing", "later"} or said == {"doing", "unfinished"}:
        return Reading("accept", "in_progress")
    if said <= {"doing", "unfinished", "not_begun", "no", "later"} and "doing" in said:
        return Reading("confirm", "in_progress", reason="state_unclear")
    if said <= {"unfinished", "no", "not_begun", "later", "nothing"}:
        return Reading("confirm", "not_started", candidates=("in_progress", "not_started"), reason="state_unclear")
    return ask("half_answer", *choices)


def _open_ended(words: Sequence[Item], said: Sequence[str], kind: Kind) -> Reading:
    """Read "đang xin ý kiến", "chưa ban hành": the first words tell the state, the rest what is being done."""
    first, rest = words[0], set(said[1:])
    if rest <= {"unknown", "later"} and len(words) <= 10:
        if said[0] == "doing":
            value: Candidate = "in_progress" if kind == "task" else False
            return Reading("confirm", value, progress=None if kind == "task" else True, reason="extra_words")
        if said[0] == "blocked":
            return Reading("confirm", "blocked" if kind == "task" else False, reason="blocked")
        if first.text == "chưa":
            return Reading("confirm", "not_started" if kind == "task" else False, reason="extra_words")
    hedged = bool({"hedge"} & set(said))
    return ask("hedged" if hedged else "yes_or_no" if kind == "qualitative" else "not_understood", *_CHOICES[kind])


def _measured(items: Sequence[Item], kind: Kind) -> Reading:
    """Read a percentage done, or the 1 and 0 of a yes-or-no question."""
    choices = _CHOICES[kind]
    tags = frozenset().union(*(item.tags for item in items))
    if tags & {"not", "no", "no_data", "not_begun", "unfinished", "blocked", "nothing"} - (
        {"no"} if "yes" in tags else set()
    ):
        return ask("negated", *choices)
    if tags & {
        "hedge",
        "near",
        "over",
        "under",
        "at_least",
        "at_most",
        "upward",
        "downward",
        "change",
        "top",
        "minus",
        "rank",
    }:
        return ask("number_for_words", *choices)
    numbers = [place for place, item in enumerate(items) if item.run]
    if kind == "task" and len(numbers) == 2:
        return _part_done(items, numbers)
    percent = any(item.text == "%" or "percent" in item.tags for item in items)
    value = _single(items, numbers)
    known = all(not item.unknown and (not item.sign or item.text in "%.,;:!()~") for item in items)
    if value is None or not known or not 0 <= value <= HUNDRED:
        return ask("number_for_words", *choices)
    if kind == "task":
        reading = _progress(value, sure=percent and "about" not in tags)
        return replace(reading, approx=True, reason="approximate") if "about" in tags else reading
    if not percent:
        bare = len(items) == 1 and value in {0, 1} and kind == "boolean"
        return Reading("confirm", bool(value), reason="number_for_words") if bare else ask("number_for_words", *choices)
    return Reading("confirm", value == HUNDRED, progress=value, reason="number_for_words")


def _single(items: Sequence[Item], numbers: Sequence[int]) -> Decimal | None:
    item = items[numbers[0]]
    if len(numbers) != 1 or len(item.run) != 1 or item.run[0].kind != "number" or len(item.text) > 24:
        return None
    values, _ = numbers_in(item.text)
    return values[0] if len(values) == 1 else None


def _progress(value: Decimal, *, sure: bool) -> Reading:
    state: TaskState = "done" if value == HUNDRED else "in_progress" if value else "not_started"
    if sure and value:
        return Reading("accept", state, progress=value)
    return Reading("confirm", state, progress=value, reason="number_for_words")


def _part_done(items: Sequence[Item], numbers: Sequence[int]) -> Reading:
    part = read_fraction(items, numbers, scale_of(Measure("number", "%")))
    if part is None or not isinstance(part.value, Decimal):
        return ask("number_for_words", *_CHOICES["task"])
    state: TaskState = "done" if part.value == HUNDRED else "in_progress" if part.value else "not_started"
    return replace(part, value=state, progress=part.value)
