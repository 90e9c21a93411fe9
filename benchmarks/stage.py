"""A stage for load: communes with the shipped plan, an officer at each agency, and all that each of them will say.

What is said is known beforehand line by line, so that whoever played it can prove that every figure arrived.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count, zip_longest
from zoneinfo import ZoneInfo

from documents.appendix import read_plan
from documents.samples import VU_DUONG, vu_duong
from domain.drafts import PlanDraft
from domain.figures import measure_of, read_reply
from domain.messages import Address
from domain.model import DutyLine, Unit
from domain.periods import WorkCalendar
from handlers.plans import import_plan
from storage import duties, people, units
from storage.database import Database
from storage.values import figure

CALENDAR = WorkCalendar(ZoneInfo("Asia/Ho_Chi_Minh"))
# The sending window opens, one due day is past and the other near: every agency is to be reminded.
MONDAY = datetime(2026, 12, 14, 8, 0, tzinfo=CALENDAR.zone)
BEGIN = "nhập số liệu"


@dataclass(frozen=True, slots=True)
class Saying:
    """One message of somebody: the words and, when they are a figure, the line it is for and how it is kept."""

    text: str
    line_id: int | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer and all they will say, in order."""

    address: Address
    commune: str
    agency: str
    sayings: tuple[Saying, ...]


async def settle(
    database: Database, channel: str, communes: int, named: Callable[[int], str] = "officer-{}".format
) -> list[Officer]:
    """Import the shipped plan for that many communes and let an officer of each agency that owes something join.

    `named` gives the id of the next officer on the channel.
    """
    draft = read_plan(vu_duong(), VU_DUONG)
    ids = map(named, count(1))
    officers = []
    async with database.transaction() as tx:
        province = await units.ensure_unit(tx, "province", "tỉnh Ninh Bình", None, MONDAY)
    for number in range(1, communes + 1):
        officers += await _settle_commune(database, province, f"xã Vũ Dương {number}", draft, channel, ids)
    return officers


async def _settle_commune(
    database: Database, province: Unit, name: str, draft: PlanDraft, channel: str, ids: Iterator[str]
) -> list[Officer]:
    officers = []
    async with database.transaction() as tx:
        commune = await units.ensure_unit(tx, "commune", name, province, MONDAY)
        await import_plan(tx, commune, draft, CALENDAR, MONDAY)
        for agency_id, agency in await units.agencies(tx, commune.id):
            code = f"STAGE-{commune.id}-{agency_id}"
            await people.invite(tx, code, "officer", agency, commune.id, agency_id, MONDAY.replace(year=2027), MONDAY)
            invited = await people.find_invitation(tx, code, MONDAY)
            address = Address(channel, next(ids))
            assert invited is not None
            person_id = await people.accept(tx, invited, address, None, MONDAY)
            assert person_id is not None
            if lines := await duties.lines_of(tx, person_id):
                officers.append(Officer(address, name, agency, tuple(_answer(line) for line in lines)))
    return officers


def _answer(line: DutyLine) -> Saying:
    """Return a plain figure for a line, such that figures of neighbouring lines differ."""
    if line.target.kind == "task":
        text = "đã hoàn thành"
    elif line.target.unit == "%":
        text = f"{20 + line.id % 75},{1 + line.id % 9}"
    elif line.target.unit == "Chỉ số":
        text = f"0,{51 + line.id % 9}"
    else:
        text = str(11 + line.id % 9)
    reading = read_reply(text, measure_of(line.target))
    if reading.action != "accept":
        raise ValueError(f"{text!r} is no plain figure for {line.indicator}")
    return Saying(text, line.id, figure(reading.value))


def in_turns(talks: Sequence[Sequence[Saying]]) -> list[tuple[int, Saying]]:
    """Return (whose, what) as it comes in when all talk at once: everybody's first message, everybody's second …"""
    rounds = zip_longest(*talks)
    return [(who, saying) for said in rounds for who, saying in enumerate(said) if saying is not None]
