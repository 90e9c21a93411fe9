"""What is meant by words that a digest's choices say more closely: "nhắc lại sau", "không thuộc đơn vị tôi"."""

from __future__ import annotations

from collections.abc import Sequence

from domain.model import DutyLine


def next_owed(lines: Sequence[DutyLine]) -> str:
    """Return the nearest due day of what lacks a figure and its unit, "2026-11-30:3"; empty when nothing does."""
    waiting = [line for line in lines if line.status != "reported"]
    first = min(waiting, key=lambda line: line.due, default=None)
    return f"{first.due.isoformat()}:{first.unit_id}" if first else ""
