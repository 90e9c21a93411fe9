"""Taking in a plan: which targets become duties, and that the very same file changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from documents.appendix import read_plan
from documents.appendix.answers import apply_answers
from domain.periods import WorkCalendar
from handlers.plans import Imported, import_plan
from storage import units
from storage.database import Database

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
CALENDAR = WorkCalendar(ZoneInfo("Asia/Ho_Chi_Minh"))
PLANS = Path(__file__).parent.parent / "fixtures" / "plans"


async def take_in(database: Database, name: str, answers: dict[str, str]) -> Imported:
    file = PLANS / f"{name}.txt"
    draft = apply_answers(read_plan(file.read_bytes(), file.name), answers)
    async with database.transaction() as tx:
        province = await units.ensure_unit(tx, "province", "tỉnh Lạng Sơn", None, NOW)
        commune = await units.ensure_unit(tx, "commune", "xã Thụy Hùng", province, NOW)
        return await import_plan(tx, commune, draft, CALENDAR, NOW)


ANSWERS = {"Q1": "Phòng Kinh tế", "Q2": "Phòng Kinh tế", "Q3": "Phòng Kinh tế", "Q4": "Công an xã", "Q5": "31/12/2026"}


async def test_every_answered_indicator_is_owed_by_somebody(database: Database) -> None:
    assert (await take_in(database, "thuy_hung", ANSWERS)).lines == 22


@pytest.mark.parametrize("question", ["Q1", "Q4"])
async def test_an_indicator_set_aside_is_kept_and_owed_by_nobody(database: Database, question: str) -> None:
    imported = await take_in(database, "thuy_hung", {**ANSWERS, question: "để sau"})
    assert imported.lines == 21


async def test_a_question_that_only_informs_may_be_set_aside_too(database: Database) -> None:
    # The deadline is asked for all; #6 to #11 have suspect units; #29 is about secret papers.
    file = PLANS / "loi_bac.txt"
    questions = {q.kind: q.id for q in read_plan(file.read_bytes(), file.name).questions if q.indicators != (29,)}
    due = {questions["missing_deadline"]: "31/12/2026"}
    with_all = await take_in(database, "loi_bac", due)
    assert with_all.lines == 28
    async with database.transaction() as tx:
        await tx.run("UPDATE plans SET source_sha256 = 'another file'")
    assert (await take_in(database, "loi_bac", {**due, questions["suspect_unit"]: "để sau"})).lines < 28


async def test_the_very_same_file_changes_nothing(database: Database) -> None:
    first = await take_in(database, "thuy_hung", ANSWERS)
    again = await take_in(database, "thuy_hung", {**ANSWERS, "Q1": "Công an xã"})
    assert again.already
    assert again.plan_id == first.plan_id
