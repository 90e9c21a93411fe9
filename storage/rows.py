"""How a target, and what a duty owes, are written in columns and read back; used by every query that hands one out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from domain.cycles import Owing
from domain.model import Target
from storage.database import Row
from storage.values import figure, read_day, read_figure

TARGET_COLUMNS = (
    "t.kind AS target_kind, t.op, t.op_printed, t.value AS target_value, t.value_max, t.words, t.unit AS target_unit,"
    " t.direction, t.printed, t.source, t.component"
)
# Why the newest figure of line `l` was sent back: its words, or NULL.
SENT_BACK = (
    "(SELECT r.words FROM reviews r WHERE r.submission_id = l.submission_id AND r.kind = 'returned'"
    " AND l.status <> 'reported')"
)


def planned_day(duty: str) -> str:
    """Return the day a duty was due by the plan: periods follow one another by it, whatever time was granted since."""
    return f"COALESCE({duty}.extended_from, {duty}.due_on)"


def target_values(target: Target) -> dict[str, Any]:
    """Return the columns of a target."""
    return {
        "component": target.component,
        "kind": target.kind,
        "op": target.op,
        "op_printed": target.op_printed,
        "value": figure(target.value),
        "value_max": figure(target.value_max),
        "words": target.text,
        "unit": target.unit,
        "direction": target.direction,
        "printed": target.raw,
        "source": target.source,
    }


def read_target(row: Row) -> Target:
    """Return the target in a row selected with `TARGET_COLUMNS`."""
    value = read_figure(row["target_value"])
    return Target(
        kind=row["target_kind"],
        op=row["op"],
        value=value if isinstance(value, Decimal | bool) else None,
        value_max=Decimal(row["value_max"]) if row["value_max"] is not None else None,
        text=row["words"],
        unit=row["target_unit"],
        direction=row["direction"],
        op_printed=row["op_printed"],
        raw=row["printed"],
        source=row["source"],
        component=row["component"],
    )


def read_owing(row: Row) -> Owing:
    """Return what a duty owes, in a row with its `period`, `due_on`, `cut_off` and `asked_from`."""
    due = read_day(row["due_on"])
    cut_off, asked_from = (read_day(row[name]) if row[name] else None for name in ("cut_off", "asked_from"))
    return Owing(due, cut_off or due, asked_from, row["period"])
