"""Makes docs/samples/: the five plans with a year of invented figures, in every document the program makes.

`make samples` runs it. Figures, people and reasons are invented; the plans are those of the tests.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from documents.appendix import read_plan
from documents.appendix.answers import apply_answers
from domain.drafts import BLOCKING, LEAVE_TO_ADMIN, PlanDraft
from domain.figures import measure_of
from domain.model import DutyLine, FigureValue
from domain.periods import WorkCalendar
from domain.targets import judge
from handlers.plans import import_plan
from handlers.summaries import Summary, summary_of
from storage import duties, people, plans, remarks, submissions, units
from storage.database import Database, connect
from storage.migrate import migrate
from tests.documents.plans import PLANS, plan_bytes

CALENDAR = WorkCalendar(ZoneInfo("Asia/Ho_Chi_Minh"))
START = datetime(2026, 5, 4, 8, 0, tzinfo=CALENDAR.zone)
END = datetime(2026, 12, 21, 9, 0, tzinfo=CALENDAR.zone)
PLACES = {
    "thuy_hung": ("tỉnh Lạng Sơn", "xã Thụy Hùng"),
    "loi_bac": ("tỉnh Lạng Sơn", "xã Lợi Bác"),
    "vu_duong": ("tỉnh Ninh Bình", "xã Vũ Dương"),
    "xuan_hung": ("tỉnh Đồng Nai", "xã Xuân Hưng"),
    "dang_uy_xa": ("tỉnh Ninh Bình", "xã Yên Từ"),
}
_REASONS = ("Một số thôn ở xa chưa hoàn thành.", "Chờ kinh phí được phân bổ.", "Người dân chưa quen sử dụng.")


def draft_of(plan: str, data: bytes | None = None, name: str | None = None) -> PlanDraft:
    """Return a plan with its questions answered as a clerk might: the end of the year, else the first proposal."""
    draft = read_plan(data or plan_bytes(plan), name or f"{plan}.txt", year=2026)
    answers = {}
    for question in draft.questions:
        if question.kind in BLOCKING:
            dated = question.kind in ("missing_deadline", "unclear_deadline")
            proposed = question.proposals[0] if question.proposals else LEAVE_TO_ADMIN
            answers[question.id] = "31/12/2026" if dated else proposed
    return apply_answers(draft, answers)


async def settle(database: Database, plan: str, draft: PlanDraft | None = None, data: bytes | None = None) -> int:
    """Import a plan and tell a year of figures for it; return the commune's id."""
    province, commune = PLACES[plan]
    async with database.transaction() as tx:
        parent = await units.ensure_unit(tx, "province", province, None, START)
        unit = await units.ensure_unit(tx, "commune", commune, parent, START)
        imported = await import_plan(tx, unit, draft or draft_of(plan), CALENDAR, START)
        plans.keep_source(tx, imported.plan_id, data or plan_bytes(plan))
        found = await units.agencies(tx, unit.id)
        person_id = await people.invite(tx, f"S-{plan}", "leader", "Lan", unit.id, None, END, START) and 0
        invited = await people.find_invitation(tx, f"S-{plan}", START)
        assert invited is not None
        from domain.messages import Address

        person_id = await people.accept(tx, invited, Address("sample", plan), None, START) or 0
        for agency_id, _ in found:
            await tx.run(
                "INSERT INTO memberships (person_id, agency_id, role, created_at) VALUES (:p, :a, 'primary', :now)",
                p=person_id,
                a=agency_id,
                now=START.isoformat(),
            )
    await _tell(database, person_id)
    return unit.id


async def _tell(database: Database, person_id: int) -> None:
    async with database.transaction() as tx:
        lines = await duties.lines_of(tx, person_id)
    inbox = person_id * 1_000_000
    for line in lines:
        for month in range(6, 13):
            at = START.replace(month=month, day=3 + line.id % 20)
            value = _figure(line, month)
            if at > END or value is None:
                continue
            inbox += 1
            async with database.transaction() as tx:
                seen = await duties.line_of(tx, person_id, line.id)
                assert seen is not None
                verdict = judge(seen.target, value)
                submissions.record(
                    tx, seen, person_id, value, verdict, "số mẫu", {}, inbox, at, as_of=at.date()
                )  # fmt: skip
                if verdict == "not_met":
                    remarks.add(tx, line.id, person_id, "reason", _REASONS[line.id % 3], at)
                    if line.id % 2:
                        remarks.add(
                            tx, line.id, person_id, "remedy", "Tổ công nghệ số hỗ trợ tại nhà trong tháng 12.", at
                        )


def _figure(line: DutyLine, month: int) -> FigureValue:
    """Return an invented figure that grows over the year; None where this agency stays silent."""
    if line.id % 9 == 4 or (line.id % 7 == 3 and month > 10):
        return None
    grown = Decimal(month - 3) / 9
    target = line.target
    kind = measure_of(target).kind
    if kind == "task":
        return "done" if month > 9 else "in_progress"
    if kind != "number" or not isinstance(target.value, Decimal):
        return month > 8 if kind == "boolean" else (True if kind == "qualitative" else Decimal(month))
    reach = Decimal((70, 96, 108, 115)[line.id % 4]) / 100
    if target.direction == "lower":
        return (target.value * (2 - grown * reach)).quantize(Decimal(1))
    value = target.value * grown * reach
    if target.unit == "%":
        return min(value, Decimal(100)).quantize(Decimal("0.1"))
    step = Decimal(1) if target.value == target.value.to_integral() and target.value > 3 else Decimal("0.01")
    return value.quantize(step)


async def summary(database: Database, unit_id: int, now: datetime = END) -> Summary:
    """Return how a commune stands at the end."""
    async with database.transaction() as tx:
        unit = await units.find(tx, unit_id)
        assert unit is not None
        return await summary_of(tx, unit, now, CALENDAR)


async def make(folder: Path) -> None:
    """Write the documents of every plan into `folder`."""
    from handlers.documents import FORMATS, build

    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        database = await connect(f"sqlite:///{scratch}/samples.db")
        try:
            await migrate(database)
            for plan in PLANS:
                unit_id = await settle(database, plan)
                found = await summary(database, unit_id)
                async with database.transaction() as tx:
                    source = await plans.source(tx, found.plans[0].id)
                for name in FORMATS:
                    made = build(name, found, source)
                    (folder / f"{plan}_{name}{made.suffix}").write_bytes(made.data)
        finally:
            await database.close()


if __name__ == "__main__":
    asyncio.run(make(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/samples")))
