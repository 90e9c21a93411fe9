"""dondoc plan import: where the plan belongs, what is known already, the answers, and only then what is stored."""

from __future__ import annotations

import sys
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from bot.cli.common import COMMUNE_TYPES, bare_name, commune_name, province_name, with_database
from bot.cli.dialog import converse
from bot.cli.plan import answered, read
from bot.cli.terminal import say
from bot.clock import Clock
from bot.complaint import Complaint
from bot.config import Settings
from domain.drafts import BLOCKING, LEAVE_TO_ADMIN, PlanDraft
from domain.model import Unit
from domain.vietnamese import clean, fold, format_date
from handlers.plans import find_alike, import_plan
from storage import plans, units
from storage.database import Database, Transaction


class Place(NamedTuple):
    """Where a plan belongs: full names, and whether the clerk insists (`--force`)."""

    province: str
    commune: str
    force: bool


def store(
    config: Path | None,
    file: Path,
    province: str,
    commune: str,
    year: int | None,
    answers: Path | None,
    *,
    leave: bool,
    force: bool,
) -> None:
    """Import a plan once its blocking questions are answered: from a file, at the terminal, or left for later."""
    full = province_name(province)
    if not clean(commune) or fold(commune) in map(fold, COMMUNE_TYPES):
        raise Complaint("commune_empty")
    draft = read(file, year, config)
    place = Place(full, _printed_spelling(draft, commune, file, force=force), force)

    async def look(_: Settings, database: Database) -> bool:
        async with database.transaction() as tx:
            return await _is_known(tx, place, draft)

    async def work(settings: Settings, database: Database) -> None:
        now = Clock().now()
        async with database.transaction() as tx:
            await _is_known(tx, place, confirmed)  # questions take time, and two clerks may be at it
            unit = await _unit(tx, place, now)
            imported = await import_plan(tx, unit, confirmed, settings.calendar.calendar(), now)
        if imported.already:
            say("already", commune=unit.name)
        else:
            say("imported", imported=imported, commune=unit.name, draft=confirmed)

    if with_database(config, look):
        say("already", commune=place.commune)
        return
    confirmed = _confirmed(draft, answers, leave=leave, file=file)
    with_database(config, work)


def _printed_spelling(draft: PlanDraft, typed: str, file: Path, *, force: bool) -> str:
    """Return the commune's full name: as the plan prints it where that is the one meant, else as typed."""
    kind, printed = draft.document.commune_type, draft.document.commune
    name = commune_name(typed, kind)
    if not printed:
        return name
    full = commune_name(printed, kind) if kind else printed
    if fold(full) == fold(name):
        return full
    if fold(full) == fold(bare_name(name)):  # printed without its type
        return f"{name.removesuffix(bare_name(name))}{full}"
    if not force:
        raise Complaint("other_commune", path=file, printed=full, name=name)
    return name


async def _is_known(tx: Transaction, place: Place, draft: PlanDraft) -> bool:
    """Tell whether this very file is stored there; raises `Complaint` for what would be stored a second time."""
    unit = None
    for found in await units.alike(tx, "commune", place.commune):
        parent = await units.find(tx, found.parent_id) if found.parent_id is not None else None
        here = parent is not None and fold(parent.name) == fold(place.province)
        if here and found.name == place.commune:
            unit = found
        elif not place.force:
            values = {"name": found.name, "province": parent.name if parent else ""}
            if here:
                raise Complaint("commune_spelling", typed=place.commune, **values)
            raise Complaint("commune_elsewhere", **values)
    if unit is None:
        return False
    if await plans.find_same(tx, unit.id, draft.source_sha256) is not None:
        return True
    alike = None if place.force else await find_alike(tx, unit, draft)
    if alike is not None:
        raise Complaint("plan_alike", name=unit.name, alike=alike, year=draft.document.year)
    return False


async def _unit(tx: Transaction, place: Place, now: datetime) -> Unit:
    known = await units.alike(tx, "province", place.province)
    parent = known[0] if known else await units.ensure_unit(tx, "province", place.province, None, now)
    return await units.ensure_unit(tx, "commune", place.commune, parent, now)


def _confirmed(draft: PlanDraft, answers: Path | None, *, leave: bool, file: Path) -> PlanDraft:
    if answers is not None:
        draft = answered(draft, _read_answers(answers), file)
    open_questions = [question for question in draft.questions if question.kind in BLOCKING]
    if open_questions and not leave and sys.stdin.isatty():
        return answered(draft, converse(draft, open_questions), file)
    if open_questions and not leave:
        raise Complaint("questions_open", questions=open_questions, path=file)
    return answered(draft, {question.id: LEAVE_TO_ADMIN for question in open_questions}, file)


def _read_answers(path: Path) -> dict[str, str]:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise Complaint("file_missing", path=path) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Complaint("answers_unreadable", path=path) from error
    if any(isinstance(value, dict | list) for value in found.values()):
        raise Complaint("answers_unreadable", path=path)
    return {name: format_date(value) if isinstance(value, date) else str(value) for name, value in found.items()}
