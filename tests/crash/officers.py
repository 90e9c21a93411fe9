"""Officers who report over weeks: they type and press, hesitate, mend and get lost, as their chance has it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from domain.periods import WorkCalendar
from domain.reminders import steps
from storage.values import figure
from tests.crash.chats import Chat, Figure

WORDS = {"task": ("Đã hoàn thành", "done"), "boolean": ("Đạt", True), "qualitative": ("Đạt", True)}
_LOST = ("đang tổng hợp gấp lắm", "sếp bảo ổn", "cao hơn năm ngoái")


@dataclass(slots=True)
class Line:
    """What is owed, as the officer knows it."""

    id: int
    name: str
    due: date
    kind: str
    unit: str
    status: str = "missing"


@dataclass(slots=True)
class Officer:
    """Somebody who answers for an agency, and what of its lines has been answered.

    Everything is drawn from a chance of their own, so that it does not depend on who was quicker.
    """

    chat: Chat
    code: str
    commune_id: int
    joins: date
    chance: random.Random
    lines: list[Line]
    at: int = 0
    asked: list[Line] = field(default_factory=list)
    last: Line | None = None

    async def join(self) -> None:
        """Accept an invitation, by a link or by its code."""
        if self.chance.random() < 0.5:
            await self.chat.say(f"/start {self.code}", "có đồng ý không?")
            await self.chat.press("Đồng ý", "đã là đầu mối")
        else:
            await self.chat.say(f"MỜI {self.code[:4]}-{self.code[4:]}", "có đồng ý không?")
            await self.chat.say("đồng ý", "đã là đầu mối")

    def owes(self, today: date, calendar: WorkCalendar) -> date | None:
        """Return the latest due day of those to be reminded of today, None where nobody is to be."""
        due = {line.due for line in self.lines if line.status != "reported"}
        if today == self.joins:
            return max((day for day in due if calendar.today(next(steps(day, calendar))) <= today), default=None)
        return max((day for day in due if today in _days(day, today, calendar)), default=None)

    async def spend(self, today: date, calendar: WorkCalendar, last_day: bool) -> None:
        """Spend a day: join, be reminded, report something, mend it, ask."""
        since = self.chat.now()
        if today == self.joins:
            await self.join()
        elif today < self.joins:
            return
        until = self.owes(today, calendar)
        if until is not None:
            await self.chat.hears("🔔", since)
        if self.chance.random() < (0.8 if until or last_day else 0.35):
            await self._report(until, last_day)
        await self._ask_this_and_that()

    async def _report(self, until: date | None, last_day: bool) -> None:
        self.last = None
        lines = [line for line in self.lines if until is None or line.due <= until]
        self.asked = [line for line in lines if line.status == "missing"]
        self.asked += [line for line in lines if line.status == "no_data"]
        if not self.asked:
            await self.chat.say("nhập số liệu", "không còn chỉ tiêu nào")
            return
        self.at = 0
        if until is None:
            await self.chat.say("/viec", "Hạn ")  # or the words below would mean the days of the newest reminder
            await self.chat.say("nhập số liệu", self._question())
        else:
            token = f"go:report:{until.isoformat()}:{self.commune_id}"
            await self.chat.press(token, self._question())
        most = len(self.asked) if last_day else self.chance.randint(1, 3)
        while self.at < min(most, len(self.asked)):
            await self._answer()
        if self.at < len(self.asked):
            await self.chat.press("Dừng", "Đã dừng")
        elif self.chat.is_offered("Dừng"):  # asked why targets were missed, or when the rest will come
            await self.chat.press("Dừng", "Đã ghi. Xem tất cả")
        if self.last is not None and self.chance.random() < 0.4:
            await self.chat.press(f"go:revise:{self.last.id}", "1/1 · hạn")
            typed, value = self.number(self.last)
            await self.chat.say(typed, "Đã sửa xong", Figure(self.last.id, value))

    async def _answer(self) -> None:
        line, draw = self.asked[self.at], self.chance.random()
        after = self._question(self.at + 1)
        if draw < 0.12:
            await self.chat.press("Chưa có số liệu", after, Figure(line.id, None))
            line.status, self.last = "no_data", None
        elif draw < 0.2:
            await self.chat.press("Bỏ qua", after)
        elif draw < 0.24 and line.kind not in WORDS:
            await self._get_lost(after)
        elif line.kind in WORDS:
            await self._answer_in_words(line, after)
        else:
            await self._answer_bynumber(line, after, draw)
        self.at += 1

    async def _get_lost(self, after: str) -> None:
        for words in _LOST[:-1]:
            await self.chat.say(words, f'"{words}"')
        await self.chat.say(_LOST[-1], after)

    async def _answer_in_words(self, line: Line, after: str) -> None:
        words, value = WORDS[line.kind]
        kept = Figure(line.id, figure(value))
        if self.chance.random() < 0.5:
            await self.chat.press(words, after, kept)
        else:
            await self.chat.say(words.lower(), after, kept)
        line.status, self.last = "reported", None

    async def _answer_bynumber(self, line: Line, after: str, draw: float) -> None:
        typed, value = self.number(line)
        if draw < 0.34:
            await self.chat.say(f"~{typed}", "Đúng không?")
            await self.chat.press("Đúng", after, Figure(line.id, value))
        else:
            await self.chat.say(typed, after, Figure(line.id, value))
        line.status, self.last = "reported", line
        if draw > 0.9 and self.at + 1 < len(self.asked):
            await self.chat.press("Quay lại", self._question())
            typed, value = self.number(line)
            await self.chat.say(typed, "(thay ", Figure(line.id, value))

    async def _ask_this_and_that(self) -> None:
        draw = self.chance.random()
        if draw < 0.15:
            await self.chat.say("/viec", "Hạn ")
        elif draw < 0.25:
            await self.chat.say("/help", "/help: hướng dẫn này")
        elif draw < 0.35:
            await self.chat.thank()
        elif draw < 0.37:
            await self.chat.say("theo văn bản tối mật số 12", "bí mật nhà nước")

    def _question(self, at: int = -1) -> str:
        """Return what the question at a place begins with; behind the last one the report is closed."""
        at = self.at if at < 0 else at
        return f"{at + 1}/{len(self.asked)} · hạn" if at < len(self.asked) else "Xem tất cả: gõ /viec"

    def number(self, line: Line) -> tuple[str, str | None]:
        """Return a figure that is likely, as typed and as kept."""
        most, least, step = {"%": (95, 60, "0.5"), "Người": (1900, 900, "1"), "Tỷ đồng": (39, 21, "0.1")}[line.unit]
        value = Decimal(self.chance.randint(least, most))
        if step != "1":
            value = value / 10 if step == "0.1" else value + Decimal(self.chance.randint(0, 1)) / 2
        return f"{value:f}".replace(".", ","), figure(value)


def _days(due: date, until: date, calendar: WorkCalendar) -> set[date]:
    found = set()
    for step in steps(due, calendar):
        found.add(calendar.today(step))
        if calendar.today(step) >= until:
            return found
    return found
