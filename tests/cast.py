"""The people and places of the tests: Lan answers for Phòng Kinh tế of xã Vũ Dương, Minh leads it, Thu looks after it.

Everything is on one fixed Monday, 23/11/2026, a week before the due day 30/11/2026.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from domain.cycles import by_deadline
from domain.drafts import DraftAgency, DraftDocument, DraftIndicator, DraftSection, DraftTarget, PlanDraft
from domain.messages import Address, Incoming
from domain.model import Deadline, DutyLine, Target, Unit
from storage import duties, people, plans, units
from storage.database import Database

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MONDAY = datetime.combine(date(2026, 11, 23), time(9, 0), ZONE)
DUE = date(2026, 11, 30)
ECONOMY = "Phòng Kinh tế"
POLICE = "Công an xã"
LAN = Address("telegram", "1001")
HOA = Address("telegram", "1002")
MINH = Address("telegram", "2001")
THU = Address("zalo", "3001")


@dataclass(frozen=True, slots=True)
class Cast:
    """Ids of the people and places that `settle_in` stored."""

    province: Unit
    commune: Unit
    economy: int
    police: int
    lan: int  # officer of Phòng Kinh tế
    hoa: int  # her colleague there
    minh: int  # leader of the commune
    thu: int  # admin of the province


@dataclass(frozen=True, slots=True)
class StoredDuty:
    """A duty of Phòng Kinh tế due on `DUE`, and the ids of its lines in order."""

    plan_id: int
    duty_id: int
    lines: tuple[int, ...]


async def settle_in(database: Database) -> Cast:
    """Store the province, the commune, two agencies and the people of the cast."""
    async with database.transaction() as tx:
        province = await units.ensure_unit(tx, "province", "tỉnh Ninh Bình", None, MONDAY)
        commune = await units.ensure_unit(tx, "commune", "xã Vũ Dương", province, MONDAY)
        economy = await units.ensure_agency(tx, commune.id, ECONOMY, "agency", MONDAY)
        police = await units.ensure_agency(tx, commune.id, POLICE, "agency", MONDAY)
    lan = await join(database, "Lan", LAN, "officer", commune.id, economy)
    hoa = await join(database, "Hoa", HOA, "officer", commune.id, economy)
    minh = await join(database, "Minh", MINH, "leader", commune.id)
    thu = await join(database, "Thu", THU, "admin", province.id)
    return Cast(province, commune, economy, police, lan, hoa, minh, thu)


async def join(
    database: Database, name: str, address: Address, role: str, unit_id: int, agency_id: int | None = None
) -> int:
    """Let a person in by an invitation, as the bot does; return their id."""
    async with database.transaction() as tx:
        code = f"{name}-{address.channel}-{address.id}-{role}-{unit_id}"
        ends = MONDAY.replace(year=2027)
        await people.invite(tx, code, role, name, unit_id, agency_id, ends, MONDAY)  # type: ignore[arg-type]
        invited = await people.find_invitation(tx, code, MONDAY)
        assert invited is not None
        person_id = await people.accept(tx, invited, address, None, MONDAY)
    assert person_id is not None
    return person_id


def message(sender: Address, external_id: str, text: str = "", token: str | None = None) -> Incoming:
    """Something a person sent."""
    return Incoming(sender, external_id, MONDAY, text, token)


def percent(value: str = "65") -> Target:
    """At least that many percent."""
    return Target("number", ">=", Decimal(value), unit="%", direction="higher", op_printed="≥", raw=f"≥ {value}")


def target(of: Target, year: int | None = 2026, scope: str = "xa", due: date | None = DUE) -> DraftTarget:
    """A target of the plan's year at the commune's own level, unless told otherwise."""
    return DraftTarget(of, year, "column", scope, due, "stated" if due else "none")  # type: ignore[arg-type]


def indicator(seq: int, name: str, *targets: DraftTarget, reporters: tuple[str, ...] = (ECONOMY,)) -> DraftIndicator:
    """An indicator of section I."""
    return DraftIndicator(
        seq=seq,
        section=("A", "I"),
        ordinal_raw=str(seq),
        ordinal=seq,
        name=name,
        name_suggested=name,
        unit_raw="%",
        unit="%",
        targets=targets or (target(percent()),),
        lead_raw=ECONOMY,
        lead_agencies=(ECONOMY,),
        monitor_raw=POLICE,
        monitor_agencies=(POLICE,),
        coordinating_raw=None,
        coordinating_agencies=(),
        assignee_roles=(),
        suggested_reporters=reporters,
        deadline=Deadline("Tháng 11/2026", DUE, "stated", "month"),
        source_lines=(seq,),
    )


def plan(*indicators: DraftIndicator, sha256: str = "0" * 64) -> PlanDraft:
    """A small plan; two indicators unless given."""
    document = DraftDocument(
        "Chương trình chuyển đổi số", "Phụ lục I", "12/KH-UBND", date(2026, 1, 15), "UBND xã", "xã Vũ Dương", 2026
    )
    return PlanDraft(
        document=document,
        sections=(DraftSection(("A",), "Chuyển đổi số"), DraftSection(("A", "I"), "Chính quyền số")),
        indicators=indicators or (indicator(1, "Hồ sơ trực tuyến"), indicator(2, "Chữ ký số")),
        agencies=(DraftAgency(ECONOMY, "agency"), DraftAgency(POLICE, "agency")),
        questions=(),
        source_name="phu-luc.docx",
        source_sha256=sha256,
    )


async def store_duty(
    database: Database,
    unit_id: int,
    agency_id: int,
    draft: PlanDraft | None = None,
    first_reminder_at: datetime = MONDAY,
    due: date = DUE,
) -> StoredDuty:
    """Store a plan of a commune and one duty of an agency for all its targets."""
    async with database.transaction() as tx:
        stored = await plans.store(tx, unit_id, draft or plan(), MONDAY)
        owed = [(found.position, found.id) for found in stored.targets]
        duty_id = await duties.create(tx, stored.id, agency_id, by_deadline(due), owed, first_reminder_at, MONDAY)
    async with database.transaction() as tx:
        rows = await tx.all("SELECT id FROM duty_lines WHERE duty_id = :id ORDER BY position", id=duty_id)
    return StoredDuty(stored.id, duty_id, tuple(row["id"] for row in rows))


async def line_of(database: Database, person_id: int, line_id: int) -> DutyLine:
    """Read one line as a person sees it."""
    async with database.transaction() as tx:
        line = await duties.line_of(tx, person_id, line_id)
    assert line is not None
    return line
