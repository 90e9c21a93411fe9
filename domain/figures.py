"""Understand a figure as people type it, and never guess: the text together with what is measured, never alone."""

from __future__ import annotations

import re
from decimal import Decimal

from domain.figure_digits import judge
from domain.figure_replies import read_number
from domain.figure_scales import scale_of
from domain.figure_screen import screened
from domain.figure_states import read_state
from domain.figure_text import MAX_READ, MAX_TYPED, has_odd_digits, tidy
from domain.figure_types import REASON_MEANINGS, REASONS, Measure, Reading, ask, measure_of

__all__ = ["REASONS", "REASON_MEANINGS", "Measure", "Reading", "measure_of", "read_reply", "screen"]

# What most replies are: at most three digits, and one or two decimals. Nothing in it can be read in two ways.
_COMMON = re.compile(r" ?(0|[1-9][0-9]{0,2})(?:[.,]([0-9]{1,2}))? ?(%?) ?")


def screen(text: str) -> str | None:
    """Return why a message must not be kept, whatever it answers: "secret" or "personal_data"; None when it may."""
    refusal = screened(tidy(text[:MAX_TYPED]))
    return refusal.reason if refusal else None


def read_reply(text: str, measure: Measure) -> Reading:
    """Return what `text` says of `measure`.

    `text` may be anything of any length; it is never guessed at: exactly one possible reading is accepted or
    confirmed, none or several are asked about, and no text raises.
    """
    if measure.kind == "number" and (common := _COMMON.fullmatch(text)):
        whole, decimals, percent = common.groups()
        scale = scale_of(measure)
        if not percent or scale.family == "percent":
            return judge(Decimal(f"{whole}.{decimals}".rstrip("0").rstrip(".") if decimals else whole), scale)
    clipped = tidy(text[:MAX_TYPED])
    if refusal := screened(clipped):
        return refusal
    if len(text) > MAX_TYPED or len(clipped) > MAX_READ:
        return ask("too_long")
    if not clipped:
        return ask("empty" if not text.strip() else "not_understood")
    if has_odd_digits(clipped):
        return ask("odd_digits")
    if measure.kind == "number":
        return read_number(clipped, scale_of(measure))
    return read_state(clipped, measure.kind)
