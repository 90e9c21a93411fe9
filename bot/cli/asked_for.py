"""Which period and which indicator of a commune somebody at the terminal means."""

from __future__ import annotations

from datetime import date

from bot.complaint import Complaint
from domain.model import Unit
from domain.status import StatusRow
from domain.vietnamese import fold
from handlers.render import words_of_period
from handlers.summaries import Summary
from storage import reports
from storage.database import Transaction


async def find_period(tx: Transaction, unit: Unit, typed: str | None, today: date) -> str | None:
    """Return the key of a period typed as its key or as the bot words it; None where none is typed.

    Raises `Complaint`, which names those there are, for a period the commune was not asked for.
    """
    if typed is None:
        return None
    known = await reports.periods(tx, unit.id, today)
    found = [key for key in known if fold(typed) in (fold(key), fold(words_of_period(key)))]
    if not found:
        names = [words_of_period(key) for key in known]
        raise Complaint("period_unknown", name=typed, unit=unit, known=names)
    return found[0]


def find_indicator(summary: Summary, typed: str) -> StatusRow:
    """Return the indicator of that number or name, else the only one whose name holds these words.

    Raises `Complaint` where none or several fit.
    """
    wanted, rows = fold(typed).strip("."), summary.report.rows
    exact = [row for row in rows if wanted in (fold(row.ordinal).strip("."), fold(row.name))]
    found = exact or [row for row in rows if wanted in fold(row.name)]
    if len(found) != 1:
        raise Complaint("indicator_unknown", name=typed, unit=summary.unit, rows=found or rows, several=bool(found))
    return found[0]
