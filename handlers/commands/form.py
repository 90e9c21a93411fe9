"""/bieu: the figures still missing as a workbook, to be filled in and sent back."""

from __future__ import annotations

from datetime import date

from domain.vietnamese import format_date
from handlers import made
from handlers.commands.base import Command
from handlers.form import open_lines
from handlers.prompts import Offer
from handlers.turn import Turn
from storage import duties

OTHERS = 3  # further due days offered


async def run(turn: Turn, argument: str) -> None:
    """Send the form of the nearest due day with missing figures, or of the one named, and offer the others."""
    lines = open_lines(await duties.lines_of(turn.tx, turn.person_id))
    days = sorted({line.due for line in lines})
    if not lines:
        turn.say("report/nothing_missing")
        return
    if not turn.capabilities.files:
        turn.say("form/no_files", aside=turn.place is not None, listed=turn.listed)
        return
    due = next((day for day in days if day.isoformat() == argument.partition(":")[0]), days[0])
    of_day = [line for line in lines if line.due == due]
    name = f"bieu-so-lieu-{due:%d-%m-%Y}.xlsx"
    what = {"person": turn.person_id, "due": due.isoformat(), "id": str(turn.received.id)}
    turn.send("form/here", [made.attachment("form", name, what)], count=len(of_day), due=due)
    if turn.place is None and (others := [day for day in days if day != due][:OTHERS]):
        turn.say("form/others", offers=_offers(others), numbered=False, listed=turn.listed)


def _offers(days: list[date]) -> list[Offer]:
    return [Offer(f"go:bieu:{day.isoformat()}", words=format_date(day)) for day in days]


_WORDS = ("biểu", "biểu excel", "tải biểu", "tải biểu excel", "biểu mẫu", "tải biểu mẫu", "tải biểu mẫu excel", "excel")
COMMAND = Command("bieu", run, "report", aliases=("biểu",), words=_WORDS, refusal="tasks/not_an_officer")
