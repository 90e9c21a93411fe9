"""dondoc plan import: where the plan belongs, what is known already, the answers, and only then what is stored."""

from __future__ import annotations

import sys
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Literal, NamedTuple

from bot.cli.common import COMMUNE_TYPES, bare_name, commune_name, province_name, with_database
from bot.cli.cycles import named_cycle
from bot.cli.dialog import converse
from bot.cli.plan import answered, read, source_of
from bot.cli.plan_amend import agree, check_doubts, replaced
from bot.cli.terminal import say
from bot.clock import Clock
from bot.complaint import Complaint
from bot.config import Settings
from documents.appendix.answers import unjudged
from domain.cycles import Cycle
from domain.drafts import BLOCKING, LEAVE_TO_ADMIN, WORTH_ASKING, PlanDraft
from domain.model import Unit
from domain.vietnamese import clean, fold, format_date
from handlers.plan_intake import (
    AlreadyReplaced,
    Known,
    Older,
    about_file,
    changes,
    is_doubt,
    known_of,
    left_open,
    raise_questions,
    renamings,
)
from handlers.plans import ask_for_confirmation, import_plan
from storage import duties, plans, units
from storage.database import Database, Transaction


class Place(NamedTuple):
    """Where a plan belongs: full names, and what the clerk insists on (`--force`, `--replace`, `--cycle`)."""

    province: str
    commune: str
    force: bool
    replace: bool
    cycle: Cycle | Literal["kept"] | None


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
    replace: bool,
    cycle: str | None = None,
    confirm: bool = False,
) -> None:
    """Import a plan once its blocking questions are answered: from a file, at the terminal, or left for later.

    A new version of a plan replaces it, once the clerk has seen what it changes and agreed.
    """
    full = province_name(province)
    if not clean(commune) or fold(commune) in map(fold, COMMUNE_TYPES):
        raise Complaint("commune_empty")
    wanted: Cycle | Literal["kept"] | None = named_cycle(cycle) if cycle is not None else "kept"
    draft = read(file, year, config)
    data = source_of(file, draft)
    place = Place(full, _printed_spelling(draft, commune, file, force=force), force, replace, wanted)

    async def look(_: Settings, database: Database) -> Known:
        async with database.transaction() as tx:
            return await _known(tx, place, await _find(tx, place), draft)

    async def work(settings: Settings, database: Database) -> None:
        now = Clock().now()
        calendar = settings.work_calendar()
        async with database.transaction() as tx:
            await _find(tx, place)
            unit = await _unit(tx, place, now)
            duties.hold_unit(tx, unit.id)
            if not agreed:
                # Questions take time, and two clerks may be at it.
                if (await _known(tx, place, unit, confirmed)).older:
                    raise Complaint("replaced_meanwhile", name=unit.name)
                imported = await import_plan(
                    tx, unit, confirmed, calendar, now, wanted if isinstance(wanted, Cycle) else None
                )
            else:
                amended = await replaced(tx, unit, agreed, confirmed, calendar, now, place.cycle)
                imported = amended.imported
            if data is not None:
                plans.keep_source(tx, imported.plan_id, data)
            if confirm:
                await ask_for_confirmation(tx, unit.id, imported.plan_id, now)
        if imported.already:
            say("already", commune=unit.name, open=0, path=file)
        elif agreed:
            say("amended", amended=amended, older=agreed.older, commune=unit.name, draft=confirmed, same=known.same)
        else:
            say("imported", imported=imported, commune=unit.name, draft=confirmed)
        if confirm:
            say("to_be_confirmed")

    known = with_database(config, look)
    given = _read_answers(answers) if answers is not None else {}
    confirmed, renamed = _confirmed(draft, known, given, leave=leave, file=file)
    if known.same and known.older is not None and not changes(known.older, confirmed):
        _keep_file(config, known.older, data)
        say("already", commune=place.commune, open=left_open(confirmed), path=file)
        _let_confirm(config, known.older, confirm=confirm)
        return
    # Whoever has answered what was left of this very file has agreed to what follows from it.
    agreed = agree(known.older, confirmed, renamed, replace=replace or known.same) if known.older else None
    with_database(config, work)


def _keep_file(config: Path | None, plan: Older, data: bytes | None) -> None:
    """Keep the file of a plan that was imported before files were kept: its appendix can then be returned filled in."""

    async def work(_: Settings, database: Database) -> None:
        async with database.transaction() as tx:
            if data is not None:
                plans.keep_source(tx, plan.alike.plan.id, data)

    with_database(config, work)


def _let_confirm(config: Path | None, plan: Older, *, confirm: bool) -> None:
    """Let the figures of a plan that was imported before be confirmed from now on, if that is wanted."""
    if not confirm:
        return

    async def work(_: Settings, database: Database) -> None:
        async with database.transaction() as tx:
            await ask_for_confirmation(tx, plan.unit.id, plan.alike.plan.id, Clock().now())

    with_database(config, work)
    say("to_be_confirmed")


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


async def _find(tx: Transaction, place: Place) -> Unit | None:
    """Return the commune if it is known; raises `Complaint` for one that differs from a known one in a mark only."""
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
    return unit


async def _known(tx: Transaction, place: Place, unit: Unit | None, draft: PlanDraft) -> Known:
    """Return what is there of the plan; raises `Complaint` for what must not be stored again."""
    try:
        known = await known_of(tx, unit, draft, alike=place.replace or not place.force) if unit else Known()
    except AlreadyReplaced as error:
        raise Complaint("plan_replaced", name=place.commune, plan=error.plan) from error
    if known.older is None and place.replace:
        raise Complaint("nothing_to_replace", name=place.commune, year=draft.document.year)
    return known


async def _unit(tx: Transaction, place: Place, now: datetime) -> Unit:
    known = await units.alike(tx, "province", place.province)
    parent = known[0] if known else await units.ensure_unit(tx, "province", place.province, None, now)
    return await units.ensure_unit(tx, "commune", place.commune, parent, now)


def _confirmed(
    draft: PlanDraft, known: Known, given: dict[str, str], *, leave: bool, file: Path
) -> tuple[PlanDraft, dict[int, int]]:
    """Return the draft with its questions answered, and which indicators are old ones under another name."""
    older = known.older
    raised = raise_questions(answered(draft, about_file(given), file), older)
    given = {name: text for name, text in given.items() if is_doubt(name)}
    if raised.inherited and not known.same:
        say("inherited", answers=raised.inherited, draft=raised.draft)
    check_doubts(raised.doubts, given, file)
    at_terminal = sys.stdin.isatty() and not leave
    asked = BLOCKING | WORTH_ASKING if at_terminal and not known.same else BLOCKING
    open_questions = [question for question in raised.questions(asked) if question.id not in given]
    if older and not known.same:
        say("older", older=older, questions=len(open_questions))
    if open_questions and at_terminal:
        given |= converse(raised.draft, open_questions)
    elif open_questions and not leave and not known.same:
        unsure = [question for question in open_questions if is_doubt(question.id)]
        if unsure:
            say("doubts", questions=unsure, draft=raised.draft)  # the others are shown by `dondoc plan check`
        others = [question for question in open_questions if not is_doubt(question.id)]
        raise Complaint("questions_open", questions=others, unsure=unsure, path=file)
    else:
        given |= {question.id: LEAVE_TO_ADMIN for question in open_questions}
    return unjudged(answered(raised.draft, about_file(given), file)), renamings(raised.doubts, given)


def _read_answers(path: Path) -> dict[str, str]:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise Complaint("file_missing", path=path) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Complaint("answers_unreadable", path=path) from error
    if any(isinstance(value, dict | list) for value in found.values()):
        raise Complaint("answers_unreadable", path=path)
    return {name: format_date(value) if isinstance(value, date) else str(value) for name, value in found.items()}
