"""Versions of the plan of xã Vũ Dương: the shipped sample with some of its cells, rows or names changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from documents.appendix import read_plan
from documents.appendix.answers import apply_answers
from documents.samples import vu_duong
from domain.amendments import RENAMED, doubts, meant
from domain.drafts import BLOCKING, LEAVE_TO_ADMIN, PlanDraft
from domain.model import DutyLine, Unit
from domain.periods import WorkCalendar
from domain.status import StatusRow
from domain.targets import judge
from handlers.amendments import Amended, amend, version_of
from handlers.plans import find_alike, import_plan
from storage import amendments, duties, reports, submissions, units
from storage.database import Database, Transaction
from tests.cast import HOA, LAN, MONDAY, ZONE, join

NAME, UNIT, TARGET, AGENCY, DEADLINE = 1, 2, 3, 4, 6  # columns of the sample
CALENDAR = WorkCalendar(ZONE)
LATER = MONDAY + timedelta(days=2)  # when it is amended, unless told otherwise
CULTURE, ECONOMY = "Phòng Văn hóa - Xã hội", "Phòng Kinh tế"

# Some rows by what only their name has.
COVERAGE = "Tỷ lệ phủ sóng 5G"
CERTIFIED = "Tỷ lệ cán bộ chuyên trách"  # of CULTURE, due 30/11/2026
COACHED = "Tỷ lệ thành viên các Tổ công nghệ số"  # the other one of CULTURE due that day
ARTICLES = "Số bài viết khoa học"
HEALTH = "Sổ sức khỏe điện tử"
CASHLESS = "Giá trị thanh toán không dùng tiền mặt"  # of ECONOMY
SCALE = "Quy mô kinh tế số"  # of ECONOMY
NEW_ROW = "99.\tSố hộ gia đình có địa chỉ số\tHộ\t$\\geq 500$\tPhòng Kinh tế\t\tTháng 11/2026"


def version(
    changes: Mapping[str, Mapping[int, str]] | None = None,
    *,
    drop: Sequence[str] = (),
    add: Sequence[str] = (),
    note: str = "",
) -> bytes:
    """Return the sample with cells changed, rows dropped, and rows added after the last; `note` changes only bytes."""
    lines = vu_duong().decode().rstrip("\n").split("\n")
    for row, cells in (changes or {}).items():
        at = _row(lines, row)
        parts = lines[at].split("\t")
        for column, text in cells.items():
            parts[column] = text
        lines[at] = "\t".join(parts)
    for row in drop:
        del lines[_row(lines, row)]
    return ("\n".join([*lines, *add]) + "\n" + note).encode()


def _row(lines: Sequence[str], name: str) -> int:
    [at] = [number for number, line in enumerate(lines) if "\t" in line and name in line.split("\t")[1]]
    return at


def draft(data: bytes, name: str = "ban-moi.txt") -> PlanDraft:
    """Return a version as read; what it leaves open is set aside."""
    found = read_plan(data, name)
    return apply_answers(found, {q.id: LEAVE_TO_ADMIN for q in found.questions if q.kind in BLOCKING})


async def take_in(tx: Transaction, data: bytes, commune: str = "xã Vũ Dương") -> Unit:
    """Import a version as a plan of its own and return its commune."""
    province = await units.ensure_unit(tx, "province", "tỉnh Ninh Bình", None, MONDAY)
    unit = await units.ensure_unit(tx, "commune", commune, province, MONDAY)
    await import_plan(tx, unit, draft(data, "ban-cu.txt"), CALENDAR, MONDAY)
    return unit


async def amend_to(tx: Transaction, unit: Unit, data: bytes, now: datetime = MONDAY, answer: str = RENAMED) -> Amended:
    """Replace the commune's plan by a version of it; each doubtful name is answered alike."""
    new = draft(data)
    alike = await find_alike(tx, unit, new)
    assert alike is not None
    old = (await amendments.version(tx, alike.plan.id)).indicators
    same = meant(answer) == RENAMED
    renamed = {found.new.position: found.old.position for found in doubts(old, version_of(new)) if same}
    return await amend(tx, unit, alike.plan.id, new, renamed, CALENDAR, now)


class World:
    """xã Vũ Dương with its plan; Lan answers for the culture office, Hoa for the economy office."""

    def __init__(self, database: Database, unit: Unit, lan: int, hoa: int) -> None:
        self.database, self.unit, self.lan, self.hoa = database, unit, lan, hoa
        self._messages = 0

    async def report(self, person_id: int, name: str, value: Decimal | None) -> DutyLine:
        """Report on the line whose indicator has `name` in it; return the line as it was."""
        self._messages += 1
        line = await self.line(person_id, name)
        async with self.database.transaction() as tx:
            submissions.record(
                tx, line, person_id, value, judge(line.target, value), str(value), {}, self._messages, MONDAY
            )
        return line

    async def lines(self, person_id: int) -> list[DutyLine]:
        """Return what a person owes."""
        async with self.database.transaction() as tx:
            return await duties.lines_of(tx, person_id)

    async def line(self, person_id: int, name: str) -> DutyLine:
        """Return the one line whose indicator has `name` in it."""
        [line] = [line for line in await self.lines(person_id) if name in line.indicator]
        return line

    async def amend(self, data: bytes, now: datetime = LATER, **more: str) -> Amended:
        """Replace the plan."""
        async with self.database.transaction() as tx:
            return await amend_to(tx, self.unit, data, now, **more)

    async def rows(self, sql: str, **parameters: Any) -> list[dict[str, Any]]:
        """Return rows of the database."""
        async with self.database.transaction() as tx:
            return [dict(row) for row in await tx.all(sql, **parameters)]

    async def status(self) -> dict[str, StatusRow]:
        """Return what a leader sees, by the beginning of each name."""
        async with self.database.transaction() as tx:
            return {row.name[:20]: row for row in await reports.status_rows(tx, self.unit.id, MONDAY.date())}

    async def duty(self, duty_id: int) -> dict[str, Any]:
        """Return the row of a duty."""
        [row] = await self.rows("SELECT * FROM duties WHERE id = :id", id=duty_id)
        return row


async def settled(database: Database) -> World:
    """Return the commune as it is before its plan is amended."""
    async with database.transaction() as tx:
        unit = await take_in(tx, version())
        agencies = {row["name"]: row["id"] for row in await tx.all("SELECT id, name FROM agencies")}
    lan = await join(database, "Lan", LAN, "officer", unit.id, agencies[CULTURE])
    hoa = await join(database, "Hoa", HOA, "officer", unit.id, agencies[ECONOMY])
    return World(database, unit, lan, hoa)
