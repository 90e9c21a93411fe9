"""Pictures besides a commune's progress: one indicator over the year, the communes of a province."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from domain.periods import WorkCalendar
from domain.status import CommuneTally, Counts, Rollup, StatusRow, count, roll_up
from domain.vietnamese import fold
from handlers.documents import asked, summary_asked_for
from handlers.summaries import Summary, document_words, pace, words_of_target
from storage import reports, units
from storage.database import Transaction

ROWS, COLUMNS = 14, 6  # communes and sections of a map that can be read on a phone


@dataclass(frozen=True, slots=True)
class History:
    """What the picture of one indicator shows: its numbers, each as of its day, oldest first, and its target."""

    name: str
    unit: str
    figures: Sequence[tuple[date, Decimal]]
    wanted: Decimal | None
    target: str


@dataclass(frozen=True, slots=True)
class Map:
    """What the map of communes by sections shows: how the worst of them stand, as `total` communes do in all."""

    place: str
    rows: Sequence[tuple[str, Sequence[Counts]]]
    columns: Sequence[str]
    total: int
    at: datetime


def history_of(summary: Summary, row: StatusRow, calendar: WorkCalendar) -> History | None:
    """Return the history of a row's target; None of less than two numbers, which are no history."""
    figures = pace(summary.history.get(row.target_id, ()), calendar)
    if len(figures) < 2:
        return None
    wanted = row.target.value if isinstance(row.target.value, Decimal) else None
    return History(row.name, row.target.unit or "", figures, wanted, words_of_target(row.target))


async def map_of(
    tx: Transaction, person_id: int | None, province_id: int, now: datetime, calendar: WorkCalendar
) -> Map | None:
    """Read the map of the communes a person may see, of one province unless it is 0; None where none has a plan.

    `person_id` is None for whoever runs the program. The worst communes are shown, each as its own /status counts it.
    """
    today = calendar.today(now)
    found = await reports.tallies(tx, person_id, today, province_id)
    rollup = roll_up(tally for tallies in found.values() for tally in tallies)
    if not rollup.communes:
        return None
    province = await units.find(tx, province_id) if province_id else None
    return await _map(tx, province.name if province else "", rollup, now.astimezone(calendar.zone), today)


async def _map(tx: Transaction, place: str, rollup: Rollup, at: datetime, today: date) -> Map:
    sections: dict[str, dict[str, list[StatusRow]]] = {}
    names: dict[str, str] = {}
    shown: Sequence[CommuneTally] = rollup.communes[:ROWS]
    for commune in shown:
        of_commune = sections.setdefault(str(commune.unit_id), {})
        for row in await reports.status_rows(tx, commune.unit_id, today):
            name = row.section or document_words()["no_section"]
            names.setdefault(fold(name), name)
            of_commune.setdefault(fold(name), []).append(row)
    usual = Counter(key for of_commune in sections.values() for key in of_commune)
    several = len(names) > COLUMNS
    kept = sorted(names, key=lambda key: (-usual[key], list(names).index(key)))[: COLUMNS - 1 if several else COLUMNS]
    kept.sort(key=list(names).index)
    rows = []
    for commune in shown:
        of_commune = sections[str(commune.unit_id)]
        cells = [count(of_commune.get(key, ()), today) for key in kept]
        if several:
            cells.append(count([row for key, each in of_commune.items() if key not in kept for row in each], today))
        rows.append((commune.name, cells))
    columns = [names[key] for key in kept] + [document_words()["pictures"]["other_sections"]] * several
    return Map(place, rows, columns, len(rollup.communes), at)


def draw(picture: History | Map) -> bytes:
    """Make the PNG, in a thread. Raises ImportError without matplotlib."""
    from documents.report import pictures

    words = document_words()
    if isinstance(picture, History):
        return pictures.history(
            words, picture.name, picture.unit, picture.figures, picture.wanted, picture.target
        )  # fmt: skip
    return pictures.heat_map(words, picture.rows, picture.columns, picture.place, picture.total, picture.at)


def asked_history(summary: Summary, row: StatusRow) -> dict[str, Any]:
    """Return what the picture of a row's history is described by until it is sent."""
    return asked(summary) | {"line": row.line_id}


def asked_map(person_id: int, province_id: int, at: datetime) -> dict[str, Any]:
    """Return what a map is described by until it is sent; what the person may see is asked then."""
    return {"person": person_id, "province": province_id, "at": at.isoformat(), "zone": str(at.tzinfo)}


async def collect_history(tx: Transaction, argument: Mapping[str, Any], today: date) -> History | None:  # noqa: ARG001
    """Read the history of a line; None where the line or its numbers are no more."""
    summary = await summary_asked_for(tx, argument)
    row = summary.report.row_of(argument["line"]) if summary else None
    return history_of(summary, row, WorkCalendar(ZoneInfo(argument["zone"]))) if summary and row else None


async def collect_map(tx: Transaction, argument: Mapping[str, Any], today: date) -> Map | None:  # noqa: ARG001
    """Read a map, of what the person may see by now."""
    calendar = WorkCalendar(ZoneInfo(argument["zone"]))
    at = datetime.fromisoformat(argument["at"])
    return await map_of(tx, argument["person"], argument["province"], at, calendar)
