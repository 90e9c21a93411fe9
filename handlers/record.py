"""The record of who did what, in words: for /nhatky and for the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any

from domain.model import FigureValue, Target
from domain.vietnamese import format_number
from handlers.render import words_of_figure
from storage import audit, units
from storage.database import Transaction
from storage.values import read_figure

_NO_MEASURE = Target("qualitative")


@dataclass(frozen=True, slots=True)
class Told:
    """A line as people read it: local time, who, where, what it was done to, and what that was and is now."""

    id: int
    at: datetime
    who: str | None
    unit: str
    action: str
    subject: str
    what: str | None
    was: str
    now_is: str
    detail: dict[str, Any]


async def read(
    tx: Transaction, unit_ids: Sequence[int], zone: tzinfo, most: int, before: int | None = None
) -> list[Told]:
    """Return the newest lines of these units, or the newest before the line of an id, the newest first."""
    lines = await audit.lines_of(tx, unit_ids, most, before)
    names = await units.names(tx, {line.unit_id for line in lines})
    subjects = await audit.names_of(tx, {line.subject for line in lines})
    return [_told(line, names.get(line.unit_id, ""), subjects.get(line.subject), zone) for line in lines]


def _told(line: audit.Line, unit: str, what: str | None, zone: tzinfo) -> Told:
    return Told(
        line.id,
        line.at.astimezone(zone),
        line.person,
        unit,
        line.action,
        line.subject,
        what,
        _value(line, "was"),
        _value(line, "now_is"),
        line.detail,
    )


def _value(line: audit.Line, name: str) -> str:
    if name not in line.detail:
        return ""
    value = line.detail[name]
    if line.action != "figure.recorded":
        return "" if value is None else str(value)
    figure: FigureValue = read_figure(value)
    if isinstance(figure, Decimal):
        return format_number(figure)
    return "" if figure is None and name == "was" else words_of_figure(figure, _NO_MEASURE)
