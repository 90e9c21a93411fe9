"""Versions of the plan of xã Vũ Dương: the shipped sample with some of its cells, rows or names changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from documents.appendix import read_plan
from documents.appendix.answers import apply_answers
from documents.samples import vu_duong
from domain.amendments import RENAMED, doubts, meant
from domain.drafts import BLOCKING, LEAVE_TO_ADMIN, PlanDraft
from domain.model import Unit
from domain.periods import WorkCalendar
from handlers.amendments import Amended, amend, version_of
from handlers.plans import find_alike, import_plan
from storage import amendments, units
from storage.database import Transaction
from tests.cast import MONDAY, ZONE

NAME, UNIT, TARGET, AGENCY, DEADLINE = 1, 2, 3, 4, 6  # columns of the sample
CALENDAR = WorkCalendar(ZONE)
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


async def amend_to(tx: Transaction, unit: Unit, data: bytes, now: object = MONDAY, answer: str = RENAMED) -> Amended:
    """Replace the commune's plan by a version of it; each doubtful name is answered alike."""
    new = draft(data)
    alike = await find_alike(tx, unit, new)
    assert alike is not None
    old = (await amendments.version(tx, alike.plan.id)).indicators
    same = meant(answer) == RENAMED
    renamed = {found.new.position: found.old.position for found in doubts(old, version_of(new)) if same}
    return await amend(tx, unit, alike.plan.id, new, renamed, CALENDAR, now)  # type: ignore[arg-type]
