"""In what order lines that lack a figure are shown and asked for: the worst first."""

from __future__ import annotations

from datetime import date

from domain.model import DutyLine
from domain.targets import judge


def worst_first(line: DutyLine) -> tuple[date, bool, bool, int, int]:
    """Return what lines are sorted by: the due day; then what nobody has said anything of; then what lags behind."""
    spoken_of = line.status == "no_data" or line.promised is not None
    behind = line.previous is not None and judge(line.target, line.previous) == "not_met"
    return line.due, spoken_of, not behind, line.duty_id, line.position
