"""What golden talks start from. The plans are read and imported as an administrator would; the people are invented."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from bot.channels.simulator import NAME
from documents.appendix import read_plan
from documents.appendix.answers import apply_answers
from documents.samples import vu_duong
from domain.cycles import by_deadline
from domain.drafts import BLOCKING, LEAVE_TO_ADMIN, PlanDraft
from domain.messages import Address
from domain.model import FigureValue, InvitationRole
from domain.periods import WorkCalendar
from domain.targets import judge
from handlers.amendments import amend
from handlers.plans import find_alike, import_plan
from storage import duties, people, submissions, units
from storage.database import Transaction
from tests.cast import ZONE

CULTURE = "Phòng Văn hóa - Xã hội"
Where = Callable[[str], Address]  # where a person is reached
_PLANS = Path(__file__).parent.parent / "fixtures" / "plans"
# One indicator of every kind, all of one agency and due on one day, so that a talk can walk through them.
_KINDS = """Phụ lục: Chỉ tiêu năm 2026
(Kèm theo Kế hoạch số 12/KH-UBND ngày 15/1/2026 của UBND xã Hoa Lư)
TT\tChỉ tiêu\tĐơn vị tính\tMục tiêu\tCơ quan chủ trì\tThời gian hoàn thành
1\tTỷ lệ hồ sơ trực tuyến\t%\t≥ 80\tPhòng Kinh tế\tTháng 11/2026
2\tSố người được tập huấn kỹ năng số\tNgười\t≥ 1000\tPhòng Kinh tế\tTháng 11/2026
3\tDoanh thu thương mại điện tử\tTỷ đồng\t≥ 2,5\tPhòng Kinh tế\tTháng 11/2026
4\tCó trang thông tin điện tử của xã\t\tCó\tPhòng Kinh tế\tTháng 11/2026
5\tBan hành quy chế an toàn thông tin\t\t\tPhòng Kinh tế\tTháng 11/2026
"""

# Six numbers, for counting what it takes to report them.
_SIX = """Phụ lục: Chỉ tiêu năm 2026
(Kèm theo Kế hoạch số 9/KH-UBND ngày 15/1/2026 của UBND xã Gia Hưng)
TT\tChỉ tiêu\tĐơn vị tính\tMục tiêu\tCơ quan chủ trì\tThời gian hoàn thành
1\tTỷ lệ hồ sơ trực tuyến\t%\t≥ 80\tPhòng Kinh tế\tTháng 11/2026
2\tTỷ lệ thanh toán trực tuyến\t%\t≥ 60\tPhòng Kinh tế\tTháng 11/2026
3\tTỷ lệ hồ sơ được số hóa\t%\t≥ 70\tPhòng Kinh tế\tTháng 11/2026
4\tSố người được tập huấn kỹ năng số\tNgười\t≥ 100\tPhòng Kinh tế\tTháng 11/2026
5\tTỷ lệ người dân có sổ sức khỏe điện tử\t%\t≥ 40\tPhòng Kinh tế\tTháng 11/2026
6\tTỷ lệ hộ dùng nước sạch\t%\t≥ 90\tPhòng Kinh tế\tTháng 11/2026
"""

# Of each kind of change one; the third is dropped.
_KINDS_AMENDED = """Phụ lục: Chỉ tiêu năm 2026
(Kèm theo Kế hoạch số 45/KH-UBND ngày 20/6/2026 của UBND xã Hoa Lư)
TT\tChỉ tiêu\tĐơn vị tính\tMục tiêu\tCơ quan chủ trì\tThời gian hoàn thành
1\tTỷ lệ hồ sơ trực tuyến\t%\t≥ 90\tPhòng Kinh tế\tTháng 11/2026
2\tSố người được tập huấn kỹ năng số\t%\t≥ 60\tPhòng Kinh tế\tTháng 11/2026
3\tCó trang thông tin điện tử của xã\t\tCó\tPhòng Văn hóa - Xã hội\tTháng 11/2026
4\tBan hành quy chế an toàn thông tin\t\t\tPhòng Kinh tế\tTháng 12/2026
5\tSố dịch vụ công trực tuyến toàn trình\tDịch vụ\t20\tPhòng Kinh tế\tTháng 11/2026
"""


@cache
def _read(data: bytes, name: str) -> PlanDraft:
    draft = read_plan(data, name)
    return apply_answers(draft, {q.id: LEAVE_TO_ADMIN for q in draft.questions if q.kind in BLOCKING})


async def _import(tx: Transaction, commune: str, data: bytes, now: datetime) -> int:
    province = await units.ensure_unit(tx, "province", "tỉnh Ninh Bình", None, now)
    unit = await units.ensure_unit(tx, "commune", commune, province, now)
    await import_plan(tx, unit, _read(data, "phu-luc.txt"), WorkCalendar(ZONE), now)
    return unit.id


def simulated(who: str) -> Address:
    """Return where a person with a simulated phone is reached."""
    return Address(NAME, who)


async def _join(
    tx: Transaction,
    who: str,
    role: InvitationRole,
    unit_id: int,
    agency: str | None,
    now: datetime,
    at: Where = simulated,
    known: int | None = None,
) -> None:
    agency_id = next((found for found, name in await units.agencies(tx, unit_id) if name == agency), None)
    code = f"{who}:{unit_id}"
    await people.invite(tx, code, role, who.capitalize(), unit_id, agency_id, now + timedelta(days=7), now)
    invited = await people.find_invitation(tx, code, now)
    assert invited is not None
    await people.accept(tx, invited, at(who), known, now)


async def nothing(tx: Transaction, now: datetime, at: Where = simulated) -> None:
    """Nobody and nothing."""


async def plan_alone(tx: Transaction, now: datetime, at: Where = simulated) -> None:
    """The plan of xã Vũ Dương; nobody has joined."""
    await _import(tx, "xã Vũ Dương", vu_duong(), now)


async def vu_duong_commune(tx: Transaction, now: datetime, at: Where = simulated) -> None:
    """The plan of xã Vũ Dương: Lan answers for Phòng Văn hóa - Xã hội, Minh leads the commune, Thu is its admin."""
    unit_id = await _import(tx, "xã Vũ Dương", vu_duong(), now)
    await _join(tx, "lan", "officer", unit_id, CULTURE, now, at)
    await _join(tx, "minh", "leader", unit_id, None, now, at)
    await _join(tx, "thu", "admin", unit_id, None, now, at)


async def whole_ladder(tx: Transaction, now: datetime, at: Where = simulated) -> None:
    """xã Vũ Dương; at Phòng Văn hóa - Xã hội Sơn is Lan's alternate and Mai the head."""
    await vu_duong_commune(tx, now, at)
    [unit] = await units.alike(tx, "commune", "xã Vũ Dương")
    await _join(tx, "son", "alternate", unit.id, CULTURE, now, at)
    await _join(tx, "mai", "head", unit.id, CULTURE, now, at)


async def every_kind(tx: Transaction, now: datetime, at: Where = simulated) -> None:
    """xã Hoa Lư, where Lan owes one figure of every kind by 30/11/2026; Minh leads, Thu is the admin."""
    unit_id = await _import(tx, "xã Hoa Lư", _KINDS.encode(), now)
    await _join(tx, "lan", "officer", unit_id, "Phòng Kinh tế", now, at)
    await _join(tx, "minh", "leader", unit_id, None, now, at)
    await _join(tx, "thu", "admin", unit_id, None, now, at)


async def every_kind_amended(tx: Transaction, now: datetime) -> None:
    """Replace the plan of xã Hoa Lư as its clerk would, without a name in doubt."""
    [unit] = await units.alike(tx, "commune", "xã Hoa Lư")
    draft = _read(_KINDS_AMENDED.encode(), "ban-moi.txt")
    alike = await find_alike(tx, unit, draft)
    assert alike is not None
    await amend(tx, unit, alike.plan.id, draft, {}, WorkCalendar(ZONE), now)


async def second_period(tx: Transaction, now: datetime, at: Where = simulated) -> None:
    """xã Hoa Lư, where Lan has reported the same indicators for 30/6/2026 already: 66,5 %, 900 people, 1,8 billion."""
    await every_kind(tx, now, at)
    await _reported_before(tx, now, [Decimal("66.5"), Decimal(900), Decimal("1.8"), True, "in_progress"])


async def six_numbers(tx: Transaction, now: datetime, at: Where = simulated) -> None:
    """xã Gia Hưng, where Lan owes six numbers and has reported them for 30/6/2026, each as good as its target."""
    unit_id = await _import(tx, "xã Gia Hưng", _SIX.encode(), now)
    await _join(tx, "lan", "officer", unit_id, "Phòng Kinh tế", now, at)
    await _reported_before(tx, now, [Decimal(value) for value in (82, 61, 75, 120, 41, 93)])


async def _reported_before(tx: Transaction, now: datetime, values: Sequence[FigureValue]) -> None:
    """Store figures of Lan for the indicators of the only duty there is, as of 30/6/2026."""
    [duty] = await tx.all("SELECT plan_id, agency_id FROM duties")
    lines = await tx.all("SELECT target_id, position FROM duty_lines ORDER BY position")
    owed = [(line["position"], line["target_id"]) for line in lines]
    earlier = await duties.create(
        tx, duty["plan_id"], duty["agency_id"], by_deadline(date(2026, 6, 30)), owed, now, now
    )
    lan = await tx.one("SELECT id FROM people WHERE name = 'Lan'")
    assert lan is not None
    mine = [line for line in await duties.lines_of(tx, lan["id"]) if line.duty_id == earlier]
    for inbox_id, (line, value) in enumerate(zip(mine, values, strict=True), 1):
        verdict = judge(line.target, value)
        submissions.record(
            tx, line, lan["id"], value, verdict, "", {"action": "accept"}, -inbox_id, now, as_of=line.due
        )


async def two_communes(tx: Transaction, now: datetime, at: Where = simulated) -> None:
    """xã Vũ Dương and xã Thụy Hùng with their plans, and Bình, who leads the province."""
    unit_id = await _import(tx, "xã Vũ Dương", vu_duong(), now)
    await _import(tx, "xã Thụy Hùng", (_PLANS / "thuy_hung.txt").read_bytes(), now)
    await _join(tx, "lan", "officer", unit_id, CULTURE, now, at)
    province = await tx.one("SELECT id FROM units WHERE kind = 'province'")
    assert province is not None
    await _join(tx, "binh", "leader", province["id"], None, now, at)


async def officer_of_two(tx: Transaction, now: datetime, at: Where = simulated) -> None:
    """xã Hoa Lư and xã Gia Hưng: Lan answers for Phòng Kinh tế of both."""
    for commune, plan in (("xã Hoa Lư", _KINDS), ("xã Gia Hưng", _SIX)):
        unit_id = await _import(tx, commune, plan.encode(), now)
        known = await tx.one("SELECT person_id FROM addresses WHERE external_id = :id", id=at("lan").id)
        await _join(tx, "lan", "officer", unit_id, "Phòng Kinh tế", now, at, known["person_id"] if known else None)


async def many_communes(tx: Transaction, now: datetime, at: Where = simulated) -> None:
    """Twelve communes without a plan, and Bình, who leads their province."""
    province = await units.ensure_unit(tx, "province", "tỉnh Ninh Bình", None, now)
    for number in range(12):
        await units.ensure_unit(tx, "commune", f"xã Yên {'ABCDEGHKLMNP'[number]}", province, now)
    await _join(tx, "binh", "leader", province.id, None, now, at)


SITUATIONS: dict[str, Callable[..., Awaitable[None]]] = {
    "chua_co_gi": nothing,
    "ke_hoach_vu_duong": plan_alone,
    "xa_vu_duong": vu_duong_commune,
    "du_bac_thang": whole_ladder,
    "xa_hoa_lu": every_kind,
    "xa_hoa_lu_ky_hai": second_period,
    "xa_gia_hung": six_numbers,
    "tinh_ninh_binh": two_communes,
    "tinh_nhieu_xa": many_communes,
    "dau_moi_hai_xa": officer_of_two,
}
AMENDMENTS: dict[str, Callable[[Transaction, datetime], Awaitable[None]]] = {"xa_hoa_lu": every_kind_amended}


async def find_place(tx: Transaction, place: str, commune: str | None) -> tuple[int, int | None]:
    """Return the unit called `place`, or the agency of that name (in `commune`) and its unit."""
    if unit := await tx.one("SELECT id FROM units WHERE name = :name", name=place):
        return unit["id"], None
    row = await tx.one(
        "SELECT a.id, a.unit_id FROM agencies a JOIN units u ON u.id = a.unit_id"
        " WHERE a.name = :name AND (u.name = :commune OR :commune = '') ORDER BY u.id",
        name=place,
        commune=commune or "",
    )
    assert row is not None, f"no such place: {place}"
    return row["unit_id"], row["id"]
