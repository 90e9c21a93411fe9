"""dondoc plan check, dondoc plan import."""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from bot.cli.terminal import say
from bot.complaint import Complaint
from documents.appendix import read_plan
from documents.appendix.answers import apply_answers
from documents.appendix.errors import AppendixError, BadAnswer
from domain.drafts import BLOCKING, LEAVE_TO_ADMIN, PlanDraft, Question
from domain.vietnamese import fold, format_date

_LIMIT = 20 * 1024 * 1024


def read(file: Path, year: int | None) -> PlanDraft:
    """Read a plan's file; raises `Complaint` with what to send instead."""
    try:
        with file.open("rb") as stream:
            data = stream.read(_LIMIT + 1)
        return read_plan(data, file.name, year=year)
    except FileNotFoundError as error:
        raise Complaint("file_missing", path=file) from error
    except OSError as error:
        raise Complaint("file_unreadable", path=file) from error
    except AppendixError as error:
        raise _complaint(error, file) from error


def _complaint(error: AppendixError, file: Path) -> Complaint:
    return Complaint("appendix", path=file, code=error.code, values=dict(error.values))


def check(file: Path, *, as_json: bool, year: int | None) -> None:
    """Print what was understood of a plan and what must be asked."""
    draft = read(file, year)
    if as_json:
        from documents.appendix.as_json import draft_to_json

        sys.stdout.write(json.dumps(draft_to_json(draft), ensure_ascii=False, indent=1) + "\n")
        return
    titles = {section.path: section.title for section in draft.sections}
    say("plan", draft=draft, titles=titles, blocking=BLOCKING)


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
    from bot.cli.common import bare_name, commune_name, province_name, with_database
    from bot.clock import Clock
    from bot.config import Settings
    from handlers.plans import import_plan
    from storage import units
    from storage.database import Database

    draft = read(file, year)
    name = commune_name(commune, draft.document.commune_type)
    printed, kind = draft.document.commune, draft.document.commune_type
    if printed and kind:
        printed = commune_name(printed, kind)
    if printed and not force and fold(printed) not in (fold(name), fold(bare_name(name))):
        raise Complaint("other_commune", path=file, printed=printed, name=name)

    async def work(settings: Settings, database: Database) -> None:
        now = Clock().now()
        async with database.transaction() as tx:
            parent = await units.ensure_unit(tx, "province", province_name(province), None, now)
            unit = await units.ensure_unit(tx, "commune", name, parent, now)
            imported = await import_plan(tx, unit, confirmed, settings.calendar.calendar(), now)
        say("imported", imported=imported, unit=unit, draft=confirmed)

    confirmed = _confirmed(draft, answers, leave=leave, file=file)
    with_database(config, work)


def _confirmed(draft: PlanDraft, answers: Path | None, *, leave: bool, file: Path) -> PlanDraft:
    if answers is not None:
        draft = _apply(draft, _read_answers(answers), file)
    open_questions = [question for question in draft.questions if question.kind in BLOCKING]
    if open_questions and not leave and sys.stdin.isatty():
        for question in open_questions:
            draft = _ask(draft, question)
        return draft
    if open_questions and not leave:
        raise Complaint("questions_open", questions=open_questions, path=file)
    return _apply(draft, {question.id: LEAVE_TO_ADMIN for question in open_questions}, file)


def _apply(draft: PlanDraft, answers: Mapping[str, str], file: Path) -> PlanDraft:
    try:
        return apply_answers(draft, answers)
    except AppendixError as error:
        raise _complaint(error, file) from error


def _ask(draft: PlanDraft, question: Question) -> PlanDraft:
    names = {indicator.seq: indicator.name for indicator in draft.indicators}
    say("question", question=question, names=names)
    while True:
        sys.stdout.write("> ")
        sys.stdout.flush()
        typed = sys.stdin.readline()
        if not typed:
            raise Complaint("questions_open", questions=[question], path="")
        try:
            return apply_answers(draft, {question.id: typed.strip()})
        except BadAnswer as error:
            say("bad_answer", values=error.values)


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
