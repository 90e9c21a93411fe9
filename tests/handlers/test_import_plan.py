"""Taking in a plan: which targets become duties, and that the very same file changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from documents.appendix import read_plan
from documents.appendix.answers import apply_answers
from domain.drafts import DraftIndicator, PlanDraft
from domain.periods import WorkCalendar
from handlers.plans import Imported, find_alike, import_plan
from storage import plans, units
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


async def test_who_owes_how_much_and_what_nobody_owes_is_told(database: Database) -> None:
    imported = await take_in(database, "thuy_hung", {**ANSWERS, "Q1": "để sau"})
    assert sum(imported.reporters.values()) == imported.indicators == 21
    assert list(imported.reporters)[:1] == ["Phòng Văn hóa - Xã hội"]
    assert dict(imported.left) == {"left": 1}
    async with database.transaction() as tx:
        [commune] = await units.alike(tx, "commune", "XA THUY HUNG")
        assert await plans.reporters(tx, commune.id) == sorted(imported.reporters)
        assert await plans.any_stored(tx)


async def test_the_reasons_for_owing_nothing_are_told_apart(database: Database) -> None:
    file = PLANS / "loi_bac.txt"
    draft = read_plan(file.read_bytes(), file.name)
    deadline = next(question.id for question in draft.questions if question.kind == "missing_deadline")
    assert dict((await take_in(database, "loi_bac", {})).left) == {"secret": 1, "no_deadline": 28}
    async with database.transaction() as tx:
        await tx.run("UPDATE plans SET source_sha256 = 'another file'")
    imported = await take_in(database, "loi_bac", {deadline: "31/12/2026"})
    assert dict(imported.left) == {"secret": 1}
    assert imported.indicators == 28


@pytest.mark.parametrize(
    ("change", "common"),
    [
        (lambda draft: draft, 22),
        (lambda draft: replace(draft, indicators=draft.indicators[:1]), 1),
        (lambda draft: replace(draft, indicators=renamed(draft, 22)), 0),
        (lambda draft: numbered(replace(draft, indicators=renamed(draft, 11)), "88/KH-UBND"), 11),
        (lambda draft: numbered(replace(draft, indicators=renamed(draft, 12)), "88/KH-UBND"), None),
        (lambda draft: numbered(replace(draft, indicators=renamed(draft, 12)), None), None),
        (lambda draft: replace(draft, document=replace(draft.document, year=2027)), None),
    ],
)
async def test_another_copy_of_a_plan_is_recognised(
    database: Database, change: Callable[[PlanDraft], PlanDraft], common: int | None
) -> None:
    await take_in(database, "thuy_hung", ANSWERS)
    file = PLANS / "thuy_hung.txt"
    draft = change(read_plan(file.read_bytes(), file.name))
    async with database.transaction() as tx:
        [commune] = await units.alike(tx, "commune", "xã Thụy Hùng")
        found = await find_alike(tx, commune, draft)
    assert (found.common if found else None) == common
    assert found is None or found.plan.number == "87/KH-UBND"


def renamed(draft: PlanDraft, count: int) -> tuple[DraftIndicator, ...]:
    """Return the indicators of a draft, the first `count` of them under other names."""
    first = (replace(each, name_suggested=f"Chỉ tiêu khác {each.seq}") for each in draft.indicators[:count])
    return (*first, *draft.indicators[count:])


def numbered(draft: PlanDraft, number: str | None) -> PlanDraft:
    """Return a draft with another number of the plan."""
    return replace(draft, document=replace(draft.document, plan_number=number))
