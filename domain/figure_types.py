"""What a figure is measured by, and what a reply was understood to say. The reasons are listed here, once."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from domain.model import Operator, Target, TaskState

MeasureKind = Literal["number", "boolean", "task", "qualitative"]
Action = Literal["accept", "confirm", "ask", "no_data", "refuse"]
Candidate = Decimal | bool | TaskState

# Every code a Reading may carry, and what it tells the person who typed; a template turns each into words.
REASON_MEANINGS: dict[str, str] = {
    "abbreviated_unit": "the unit was abbreviated (12 sp): is it the indicator's own?",
    "approximate": "said to be about this much; kept with the flag once confirmed",
    "blocked": "it cannot be done: ask why",
    "bound_only": "more than, less than, at least …: a bound, not a figure",
    "dash": "a dash stands before the figure: a bullet, or a minus?",
    "change": "an increase or a decrease was given: ask for the level reached",
    "converted": "thousands, millions or billions were converted to the indicator's unit",
    "count_not_whole": "things are counted in whole numbers; perhaps the comma was meant for thousands",
    "empty": "nothing was typed",
    "extra_words": "words that may change the meaning stand beside the figure",
    "fraction": "x of y: kept with both; may also be a date",
    "glued": "letters and digits are written together",
    "half_answer": "yes and no at once, or yes with a reservation",
    "hedged": "the sender is not sure (a question mark, có lẽ, hay là)",
    "how_much": "reached or not was said, the figure was not: how much?",
    "in_progress": "being done; counts as not yet until finished",
    "letter_digit": "a letter stands for a digit (l00, 1O0)",
    "long_number": "more digits than a figure has",
    "malformed_number": "the separators do not make a number (1.2.3)",
    "many_decimals": "unusually many decimals",
    "near": "almost this much: below or above cannot be told",
    "negated": "a negation stands beside the figure: it is never taken",
    "negative": "a figure below zero",
    "not_understood": "words that are not known",
    "number_for_words": "a figure for a question answered by words",
    "odd_digits": "digits other than 0-9, superscripts, fractions in one sign",
    "other_scale": "as if on another scale than the target's (72 for 0,72)",
    "other_unit": "another unit than the indicator's",
    "out_of_scale": "outside what this unit can be",
    "personal_data": "a phone number, an identity number or people's names: not kept, only the figure is wanted",
    "range": "a span instead of a figure",
    "same_as_before": "unchanged since the last report, or told already: offer that figure",
    "secret": "secrecy wording: not kept, not repeated, the sender is told to use the proper channel",
    "several_numbers": "more than one figure remains",
    "state_unclear": "the state of the task was not said outright",
    "thousands_dot": "one dot with three digits: thousands, or decimals",
    "too_long": "too long for a figure",
    "two_readings": "two readings are both possible",
    "word_number": "written in words: always confirmed",
    "yes_or_no": "yes or no is wanted",
    "zero": "zero was typed: is it truly 0?",
    "zero_or_nothing": "no: does it mean 0, or no figure yet?",
}
REASONS: frozenset[str] = frozenset(REASON_MEANINGS)


@dataclass(frozen=True, slots=True)
class Measure:
    """How an indicator is answered: `unit` as printed, `op` and `target` as in its Target."""

    kind: MeasureKind
    unit: str | None = None
    op: Operator | None = None
    target: Decimal | bool | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reply says of one measure.

    `action`: accept (store and echo), confirm (store only after "Đúng"), ask (keep no value), no_data (answered:
    no figure yet), refuse (store nothing, repeat nothing). `value` is set for accept and confirm alone; it is
    None for a confirmed bound. `candidates` are the choices to offer. `bound` is an operator and a plain number
    (">=90"). `as_of` is the day or period as typed. `progress` is True (being done) or a percentage. `reason` is
    one of REASONS, None when accepted. A refused Reading carries the reason alone, never a word of the text.
    """

    action: Action
    value: Candidate | None = None
    candidates: tuple[Candidate, ...] = ()
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    approx: bool = False
    bound: str | None = None
    as_of: str | None = None
    progress: Decimal | bool | None = None
    reason: str | None = None


def ask(reason: str, *candidates: Candidate) -> Reading:
    """Return a Reading that keeps no value and offers `candidates`."""
    return Reading("ask", candidates=candidates, reason=reason)


def measure_of(target: Target) -> Measure:
    """Return how a figure for `target` is answered; a range is a number measured from its reaching end.

    Raises ValueError for a target that is not assigned: nothing is owed, so nothing may be asked.
    """
    if target.kind == "not_assigned":
        raise ValueError("a target that is not assigned has no measure")
    if target.kind == "number" or target.kind == "range":
        return Measure("number", target.unit, target.op, target.value)
    return Measure(target.kind, target.unit, target.op, target.value)
