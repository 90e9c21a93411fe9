"""How values are written in a row: instants as UTC text of fixed width, days as ISO text, figures as decimal text."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, cast

from domain.model import FigureValue, TaskState

_TASK_STATES = ("done", "in_progress", "not_started", "blocked")
_pack = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode  # json.dumps makes a new one every time


@lru_cache(maxsize=64)  # a turn writes the same two or three instants some ten times
def instant(moment: datetime) -> str:
    """Return an aware datetime as text that sorts as time does: "2026-11-23T01:00:00.000000Z".

    ValueError for a naive one: it would be taken for the time of whatever zone this machine is set to.
    """
    if moment.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def read_instant(text: str) -> datetime:
    """Return the aware UTC datetime that `instant` wrote."""
    return datetime.fromisoformat(text)


def read_optional_instant(text: str | None) -> datetime | None:
    """Return the instant, or None for NULL."""
    return None if text is None else datetime.fromisoformat(text)


def read_day(text: str) -> date:
    """Return the day that `date.isoformat` wrote."""
    return date.fromisoformat(text)


def figure(value: FigureValue) -> str | None:
    """Return a figure as text: a plain decimal, "yes"/"no", a task's state; None stays None and is never "0"."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    return format(value, "f") if isinstance(value, Decimal) else value


def read_figure(text: str | None) -> FigureValue:
    """Return the figure that `figure` wrote."""
    if text is None:
        return None
    if text in ("yes", "no"):
        return text == "yes"
    if text in _TASK_STATES:
        return cast(TaskState, text)
    return Decimal(text)


def packed(value: Any) -> str:
    """Return plain data as compact JSON."""
    return _pack(value)


def unpacked(text: str | None) -> Any:
    """Return the data that `packed` wrote; None for NULL."""
    return None if text is None else json.loads(text)
