"""Two months of a scripted life: four communes with duties due on 30/11 and 31/12, twenty chats, day after day."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from benchmarks.stage import CALENDAR
from documents.appendix import read_plan
from domain.model import InvitationRole, Unit
from handlers.codes import ALPHABET
from handlers.plans import import_plan
from storage import duties, inbox, outbox, people, units
from storage.database import Database
from storage.values import read_day
from tests.botapi import BotApi
from tests.crash.chats import PATIENCE, Chat, Given, Silent
from tests.crash.officers import Line, Officer
from tests.crash.page import Page

FIRST, LAST = date(2026, 11, 9), date(2026, 12, 31)
LATE = date(2026, 11, 25)  # when two officers join who were not there when the first reminders went out
COMMUNES = 4
OFFICES = (
    "Phòng Kinh tế",
    "Phòng Văn hóa - Xã hội",
    "Trung tâm Phục vụ hành chính công",
    "Văn phòng HĐND và UBND",
)
# Of each office three due at the end of November and three at the end of December.
_OWED = (
    ("Tỷ lệ hồ sơ trực tuyến của", "%", "≥ 80", 11),
    ("Số người được tập huấn tại", "Người", "≥ 1000", 11),
    ("Ban hành quy chế làm việc của", "", "", 11),
    ("Tỷ lệ văn bản ký số của", "%", "≥ 70", 12),
    ("Doanh thu số qua", "Tỷ đồng", "≥ 2,5", 12),
    ("Có trang thông tin của", "", "Có", 12),
)
LOOK_EVERY = 0.01  # seconds; a database in another process tells nobody that it changed


def working_days(first: date, last: date) -> Iterator[date]:
    """Yield the days on which people are written to."""
    day = first
    while day <= last:
        if CALENDAR.is_open(opening(day)):
            yield day
        day += timedelta(days=1)


def opening(day: date) -> datetime:
    """Return when people may first be written to on a day."""
    return datetime.combine(day, time(8, 0), CALENDAR.zone)


@dataclass(slots=True)
class Watcher:
    """A leader or an admin: joins, and asks how things are."""

    chat: Chat
    code: str
    communes: Sequence[str]
    chance: random.Random

    async def join(self) -> None:
        """Accept an invitation."""
        await self.chat.say(f"/start {self.code}", "có đồng ý không?")
        await self.chat.press("Đồng ý", "/status")

    async def ask(self) -> None:
        """Ask how things are, on most days, and look at one commune where there are several."""
        if self.chance.random() < 0.3:
            return
        if len(self.communes) == 1:
            await self.chat.say("/status", "Số liệu lúc")
        else:
            await self.chat.say("/status", "Số liệu lúc")
            await self.chat.press(self.chance.choice(self.communes), "Số liệu lúc")


class Month:
    """The people, the days, and the book of all that was said. Everything in it follows from the seed."""

    def __init__(self, api: BotApi, database: Database, page: Page, seed: int, last: date = LAST) -> None:
        self.api = api
        self.database = database
        self.page = page
        self.book: list[Given] = []
        self.officers: list[Officer] = []
        self.watchers: list[Watcher] = []
        self.calendar = CALENDAR
        self.days = list(working_days(FIRST, last))
        self._chance = random.Random(seed)

    async def settle(self) -> None:
        """Store the plans and the invitations."""
        now = opening(FIRST) - timedelta(days=3)
        names = [f"xã Vũ Dương {number}" for number in range(1, COMMUNES + 1)]
        async with self.database.transaction() as tx:
            province = await units.ensure_unit(tx, "province", "tỉnh Ninh Bình", None, now)
        await self._invite("Thu", "admin", province, names, now)
        await self._invite("Bình", "leader", province, names, now)
        for name in names:
            async with self.database.transaction() as tx:
                commune = await units.ensure_unit(tx, "commune", name, province, now)
                await import_plan(tx, commune, read_plan(_plan(name), "phu-luc.txt"), CALENDAR, now)
            await self._invite_officers(commune, now)
            if name in names[:2]:
                await self._invite(f"Minh {name[-1]}", "leader", commune, [name], now)

    async def play(self, day: date) -> None:
        """Let a day pass, all that day's talk in it."""
        self.page.move_to(opening(day))
        if day == self.days[0]:
            for watcher in self.watchers:  # the admin first, to be told of all others
                await watcher.join()
        last_day = day == self.days[-1]
        await _together(officer.spend(day, CALENDAR, last_day) for officer in self.officers)
        await self.rest()  # what a leader is told depends on what was reported before
        await _together(watcher.ask() for watcher in self.watchers)

    async def rest(self) -> None:
        """Wait until the program has nothing left to do."""
        left = ""
        try:
            async with asyncio.timeout(PATIENCE):
                while left := await self.left():  # noqa: ASYNC110
                    await asyncio.sleep(LOOK_EVERY)
        except TimeoutError:
            raise Silent(f"at {self.page.now()} still to be done: {left}") from None

    async def left(self) -> str:
        """Return what is left to do, empty for nothing."""
        if pending := self.api.first_bot.updates.pending:
            return f"{len(pending)} updates to be fetched"
        async with self.database.transaction() as tx:
            bell = await duties.next_bell(tx)
            heard = await inbox.next_due(tx, "telegram")
            queued = await outbox.next_due(tx, "telegram")
        ringing = bell is not None and bell <= self.page.now()
        return f"bell {bell}, inbox {heard}, outbox {queued}" if ringing or heard or queued else ""

    async def _invite_officers(self, commune: Unit, now: datetime) -> None:
        async with self.database.transaction() as tx:
            agencies = await units.agencies(tx, commune.id)
            rows = await tx.all(
                "SELECT a.id AS agency, l.id, i.name, d.due_on, t.kind, t.unit FROM duty_lines l"
                " JOIN duties d ON d.id = l.duty_id JOIN agencies a ON a.id = d.agency_id AND a.unit_id = :unit"
                " JOIN targets t ON t.id = l.target_id JOIN indicators i ON i.id = t.indicator_id"
                " ORDER BY d.due_on, l.duty_id, l.position",
                unit=commune.id,
            )
        for agency_id, _ in agencies:
            lines = [
                Line(row["id"], row["name"], read_day(row["due_on"]), row["kind"], row["unit"] or "")
                for row in rows
                if row["agency"] == agency_id
            ]
            if not lines:
                continue
            name = f"Lan {len(self.officers) + 1}"
            code = await self._code(name, "officer", commune, agency_id, now)
            joins = LATE if len(self.officers) % 9 == 8 and self.days[-1] > LATE else FIRST
            chance = random.Random(self._chance.random())
            chat = Chat(self.api, name, self.book)
            self.officers.append(Officer(chat, code, commune.id, joins, chance, lines))

    async def _invite(
        self, name: str, role: InvitationRole, unit: Unit, communes: Sequence[str], now: datetime
    ) -> None:
        code = await self._code(name, role, unit, None, now)
        chance = random.Random(self._chance.random())
        self.watchers.append(Watcher(Chat(self.api, name, self.book), code, communes, chance))

    async def _code(self, name: str, role: InvitationRole, unit: Unit, agency_id: int | None, now: datetime) -> str:
        code = "A2" + "".join(self._chance.choice(ALPHABET) for _ in range(6))
        async with self.database.transaction() as tx:
            await people.invite(tx, code, role, name, unit.id, agency_id, opening(LAST), now)
        return code


async def _together(acts: Iterator[Awaitable[None]]) -> None:
    async with asyncio.TaskGroup() as tasks:
        for act in acts:
            tasks.create_task(act)  # type: ignore[arg-type]


def _plan(commune: str) -> bytes:
    head = (
        "Phụ lục: Chỉ tiêu năm 2026\n"
        f"(Kèm theo Kế hoạch số 12/KH-UBND ngày 15/1/2026 của UBND {commune})\n"
        "TT\tChỉ tiêu\tĐơn vị tính\tMục tiêu\tCơ quan chủ trì\tThời gian hoàn thành\n"
    )
    rows = [(f"{name} {office}", unit, goal, office, month) for office in OFFICES for name, unit, goal, month in _OWED]
    return (
        head
        + "\n".join(
            f"{number}\t{name}\t{unit}\t{goal}\t{office}\tTháng {month}/2026"
            for number, (name, unit, goal, office, month) in enumerate(rows, 1)
        )
    ).encode()
