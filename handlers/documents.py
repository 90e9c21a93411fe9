"""The documents of a commune, made from the one summary; where a library is missing, its documents are not offered."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from domain.periods import WorkCalendar
from domain.vietnamese import strip_marks
from handlers.summaries import Summary, printed, summary_of
from storage import plans, units
from storage.database import Transaction
from storage.reports import ReportedPlan

Format = Literal["docx", "xlsx", "appendix", "png"]
FORMATS: tuple[Format, ...] = get_args(Format)
_NEEDS: dict[Format, tuple[str, ...]] = {
    "docx": ("docxtpl",),
    "xlsx": ("xlsxwriter",),
    "appendix": ("docx", "openpyxl"),
    "png": ("matplotlib",),
}
_BEGINS = {
    "docx": "bao-cao",
    "xlsx": "so-lieu",
    "appendix": "phu-luc",
    "png": "bieu-do",
    "history": "dien-bien",
    "map": "so-sanh",
}


@dataclass(frozen=True, slots=True)
class Made:
    """A document: its bytes, and the end of its name, ".docx" and the like."""

    data: bytes
    suffix: str


def missing(name: Format) -> list[str]:
    """Return the libraries a format needs and this installation lacks."""
    return [library for library in _NEEDS[name] if importlib.util.find_spec(library) is None]


def build(
    name: Format,
    summary: Summary,
    source: bytes | None = None,
    template: bytes | None = None,
    plan_id: int | None = None,
) -> Made:
    """Make a document: pure work of up to some seconds, for a thread.

    An appendix is that of one plan, the first unless told which; `source` is the file that plan came from.

    Raises ImportError where a library is missing, see `missing`.
    """
    report = printed(summary)
    if name == "docx":
        from documents.report.word import write_word

        return Made(write_word(report, template), ".docx")
    if name == "xlsx":
        from documents.report.sheets import write_workbook

        return Made(write_workbook(report), ".xlsx")
    if name == "appendix":
        from documents.report.appendix import fill_appendix

        filled = fill_appendix(report, plan_id or report.plans[0].id, source)
        return Made(filled.data, filled.suffix)
    from documents.report.pictures import progress

    return Made(progress(report), ".png")


def file_name(name: str, place: str, at: datetime, suffix: str) -> str:
    """Return what a file of a unit is called: of plain letters, which no messenger and no disk spoils.

    `name` is a format, or "history" or "map".
    """
    place = strip_marks(place).lower().replace(" ", "-")
    plain = "".join(letter for letter in place if letter.isascii() and (letter.isalnum() or letter == "-"))
    return f"{_BEGINS[name]}-{plain}-{at:%Y%m%d-%H%M}{suffix}"


def asked(summary: Summary, plan_id: int | None = None) -> dict[str, Any]:
    """Return what a document to be made when it is sent is described by: which commune, and when it was asked for.

    An appendix is that of one plan.
    """
    return {
        "unit": summary.unit.id,
        "at": summary.at.isoformat(),
        "zone": str(summary.at.tzinfo),
        "period": summary.period,
        "plan": plan_id,
    }


async def collect(tx: Transaction, argument: Mapping[str, Any], today: date) -> Any:  # noqa: ARG001
    """Read what a document is made of, as things are now; None where no plan is in force any more."""
    summary = await summary_asked_for(tx, argument)
    if summary is None:
        return None
    wanted = argument.get("plan") or summary.plans[0].id
    if all(plan.id != wanted for plan in summary.plans):
        return None  # replaced since
    return summary, await plans.source(tx, wanted), wanted


async def summary_asked_for(tx: Transaction, argument: Mapping[str, Any]) -> Summary | None:
    """Read the summary that `asked` describes; None where no plan is in force any more."""
    unit = await units.find(tx, argument["unit"])
    if unit is None:
        return None
    calendar = WorkCalendar(ZoneInfo(argument["zone"]))
    at = datetime.fromisoformat(argument["at"])
    summary = await summary_of(tx, unit, at, calendar, argument["period"] or None)
    return summary if summary.report.rows else None


def maker(name: Format) -> Callable[[Any], Made]:
    """Return what makes a format of what `collect` has read, in a thread."""
    return lambda found: build(name, found[0], found[1], plan_id=found[2])


def likely_ending(name: Format, plan: ReportedPlan) -> str:
    """Return how a document's name will end. An appendix is what its plan was, where that file can be filled in."""
    if name == "appendix":
        return ".xlsx" if plan.source_name.lower().endswith((".xlsx", ".xlsm")) else ".docx"
    return f".{name}"
