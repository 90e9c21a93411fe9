"""The year 2026 of nine communes and forty people, who answer early, late or never, are on leave, or block the bot.

What was sent is a table, held against rules written down anew here: nothing is missing, doubled, sent in quiet hours
or to somebody who has answered. The clock is moved by hand, so the year takes seconds.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot import scheduler
from bot.app import App
from bot.channels.base import SendError
from bot.channels.simulator import NAME, Simulator
from bot.clock import MovableClock
from bot.config import Settings
from bot.rehearsal import drain, travel
from documents.appendix import read_plan
from documents.appendix.answers import apply_answers
from domain.cycles import Cycle
from domain.drafts import BLOCKING, LEAVE_TO_ADMIN
from domain.messages import Address, Outgoing
from domain.rungs import LATE_EVERY, STEPS
from handlers.plans import import_plan
from handlers.schedules import schedule_of
from storage import duties, people, submissions, units
from storage.database import Database, Transaction, connect
from tests.cast import ZONE

PLANS = sorted((Path(__file__).parent.parent / "fixtures" / "plans").glob("*.txt"))
# Every plan by its deadlines, and those whose deadlines can be read without asking by periods as well.
COMMUNES: tuple[tuple[str, Cycle | None], ...] = (
    *((path.stem, None) for path in PLANS),
    ("vu_duong", Cycle(("quarter",))),
    ("xuan_hung", Cycle(("half_year", "nine_months"))),
    ("vu_duong", Cycle(("half_year",), "calendar")),
    ("xuan_hung", Cycle(("month",))),
)
FIRST, LAST = date(2026, 1, 5), date(2026, 12, 31)
PEOPLE = 40
LEAVE = (date(2026, 11, 16), date(2026, 11, 27))
BLOCKS_ON = date(2026, 6, 1)
KINDS = ("early", "late", "never", "on_leave", "blocks")
# Each person answers for one commune, so that only their own agencies' duties meet on one day; the cap is tried apart.
_UNCAPPED = replace(Settings().reminders.rules(), weekly_cap=7)
CALENDAR = replace(Settings().work_calendar(), rules=_UNCAPPED)


@dataclass
class Year:
    """The program, its people by what they do, and the agencies they answer for."""

    app: App
    clock: MovableClock
    phones: Simulator
    kinds: dict[int, str] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    agencies: dict[int, int] = field(default_factory=dict)
    units: list[int] = field(default_factory=list)
    messages: int = 0
    heard: list[tuple[str, datetime]] = field(default_factory=list)

    async def rows(self, sql: str) -> list[dict[str, str]]:
        async with self.app.database.transaction() as tx:
            return [dict(row) for row in await tx.all(sql)]


def at(day: date, hour: int) -> datetime:
    """An hour of a day by the clock of the communes."""
    return datetime.combine(day, time(hour), ZONE)


async def settle(database: Database) -> Year:
    """Take the plans in and let the people join; one agency each, in turn what they do."""
    clock = MovableClock(at(FIRST, 7))
    phones = Simulator()
    year = Year(App(database, CALENDAR, clock, [phones]), clock, phones)
    phones.listener = lambda heard: year.heard.append((heard.who, clock.now()))
    async with database.transaction() as tx:
        province = await units.ensure_unit(tx, "province", "tỉnh Ninh Bình", None, clock.now())
        for number, (name, cycle) in enumerate(COMMUNES):
            path = PLANS[0].with_name(f"{name}.txt")
            draft = read_plan(path.read_bytes(), path.name, year=2026)
            draft = apply_answers(draft, {q.id: LEAVE_TO_ADMIN for q in draft.questions if q.kind in BLOCKING})
            unit = await units.ensure_unit(tx, "commune", f"xã Số {number}", province, clock.now())
            await import_plan(tx, unit, draft, CALENDAR, clock.now(), cycle)
            year.units.append(unit.id)
        owing = await tx.all(
            "SELECT DISTINCT d.agency_id AS id, a.unit_id, a.name FROM duties d JOIN agencies a ON a.id = d.agency_id"
            " ORDER BY d.agency_id"
        )
        for number in range(PEOPLE):
            agency = owing[number % len(owing)]
            if number >= len(owing):  # the second round are alternates
                await _join(tx, year, f"dự phòng {number}", "alternate", agency["unit_id"], agency["id"])
                continue
            person = await _join(tx, year, f"đầu mối {number}", "officer", agency["unit_id"], agency["id"])
            year.kinds[person], year.agencies[person] = KINDS[number % len(KINDS)], agency["id"]
    return year


async def _join(tx: Transaction, year: Year, name: str, role: str, unit_id: int, agency_id: int) -> int:
    now = year.clock.now()
    await people.invite(tx, name, role, name, unit_id, agency_id, now + timedelta(days=7), now)  # type: ignore[arg-type]
    invited = await people.find_invitation(tx, name, now)
    assert invited is not None
    person = await people.accept(tx, invited, Address(NAME, name), None, now)
    assert person is not None
    year.names[person] = name
    return person


async def report(year: Year, person: int, due: date) -> None:
    """Let a person give every figure due by a day, straight into the database: the talk is tried elsewhere."""
    async with year.app.database.transaction() as tx:
        lines = [line for line in await duties.lines_of(tx, person, due) if line.status != "reported"]
        for line in lines:
            year.messages += 1
            submissions.record(tx, line, person, Decimal(1), "met", "1", {}, year.messages, year.clock.now(), as_of=due)


async def live(year: Year) -> None:
    """Let the year pass: each morning people do what they do, each day the bell rings."""
    dues = await year.rows("SELECT DISTINCT agency_id, due_on FROM duties")
    owed: dict[int, list[date]] = defaultdict(list)
    for row in dues:
        owed[int(row["agency_id"])].append(date.fromisoformat(row["due_on"]))

    def failure(address: Address, _: Outgoing) -> None:
        blocks = {year.names[person] for person, kind in year.kinds.items() if kind == "blocks"}
        if address.id in blocks and year.clock.now() >= at(BLOCKS_ON, 0):
            raise SendError("blocked", "tried")

    year.phones.failure = failure
    async with year.app.database.transaction() as tx:
        for person, kind in year.kinds.items():
            if kind == "on_leave":
                tx.later(
                    "INSERT INTO absences (person_id, first_day, last_day, created_at) VALUES (:id, :first, :last, '')",
                    id=person,
                    first=LEAVE[0].isoformat(),
                    last=LEAVE[1].isoformat(),
                )
    day = FIRST
    while day <= LAST:
        year.clock.move_to(at(day, 7))
        for person, kind in year.kinds.items():
            for due in owed[year.agencies[person]]:
                if kind == "early" and day == max(FIRST, due - timedelta(days=40)):
                    await report(year, person, due)
                if kind == "late" and day == CALENDAR.step(CALENDAR.last_working_day(due), 2):
                    await report(year, person, due)
        await travel(year.app, year.clock, at(day, 17))
        day += timedelta(days=1)


@pytest.fixture
async def year(sqlite_url: str) -> AsyncIterator[Year]:
    """The communes on the first working day of the year."""
    database = await connect(sqlite_url)
    yield await settle(database)
    await database.close()


def step_days(due: date, until: date) -> list[date]:
    """The days on which officers are told of a duty, worked out in the plainest way."""
    anchor = due
    while not CALENDAR.is_working_day(anchor):
        anchor -= timedelta(days=1)
    offsets = [*STEPS, *range(STEPS[-1] + LATE_EVERY, 300, LATE_EVERY)]
    found = []
    for offset in offsets:
        day, left = anchor, abs(offset)
        while left:
            day += timedelta(days=1 if offset > 0 else -1)
            left -= CALENDAR.is_working_day(day)
        found.append(day)
    return [day for day in found if day <= until]


async def test_a_year_misses_nobody_and_nags_nobody(year: Year) -> None:
    await live(year)
    assert len(year.names) == PEOPLE
    assert set(year.kinds.values()) == set(KINDS)

    days = {(who, moment.astimezone(ZONE).date()) for who, moment in year.heard}
    # A message cut into parts for its length is one digest; they are of one instant.
    digests = await year.rows("SELECT person_id, day FROM digests")
    assert len(digests) == len({(row["person_id"], row["day"][:10]) for row in digests})
    assert days == {(year.names[int(row["person_id"])], date.fromisoformat(row["day"])) for row in digests}
    assert all(CALENDAR.is_open(moment) for _, moment in year.heard)

    told: dict[int, list[tuple[date, int, str]]] = defaultdict(list)
    for row in await year.rows("SELECT duty_id, person_id, day, rung FROM notices ORDER BY day"):
        told[int(row["duty_id"])].append((date.fromisoformat(row["day"]), int(row["person_id"]), row["rung"]))
    officers = {agency: person for person, agency in year.agencies.items()}
    checked = Counter[str]()
    for duty in await year.rows("SELECT id, agency_id, due_on FROM duties"):
        person = officers.get(int(duty["agency_id"]))
        if person is None:
            continue
        kind, due = year.kinds[person], date.fromisoformat(duty["due_on"])
        mine = sorted({day for day, who, rung in told[int(duty["id"])] if who == person and rung == "officer"})
        if due - timedelta(days=40) < FIRST:
            continue  # its first steps were before the year began: it is told at once
        answered = CALENDAR.step(CALENDAR.last_working_day(due), 2) if kind == "late" else LAST
        expected = [day for day in step_days(due, LAST) if day < answered or kind not in ("early", "late")]
        match kind:
            case "early":
                expected = []
            case "on_leave":
                expected = [day for day in expected if not LEAVE[0] <= day <= LEAVE[1]]
                # What they missed is told them once they are back, when the bell next rings for anybody.
                caught_up = [day for day in mine if day not in expected]
                assert len(caught_up) <= 1
                assert all(LEAVE[1] < day <= CALENDAR.step(LEAVE[1], LATE_EVERY) for day in caught_up)
                mine = [day for day in mine if day in expected]
            case "blocks":
                expected = [day for day in expected if day < BLOCKS_ON]
        assert mine == expected, (kind, due)
        checked[kind] += 1
    assert set(checked) == set(KINDS)


async def test_what_is_foretold_is_what_is_sent(year: Year) -> None:
    until = date(2026, 7, 15)
    expected = []
    for unit_id in year.units:
        async with year.app.database.transaction() as tx:
            entries = await schedule_of(tx, unit_id, year.clock.now(), until, CALENDAR)
        expected += [(entry.at.date().isoformat(), entry.name) for entry in entries if entry.name]
    await travel(year.app, year.clock, at(until, 17))
    sent = await year.rows("SELECT s.day, p.name FROM digests s JOIN people p ON p.id = s.person_id")
    assert sorted((row["day"], row["name"]) for row in sent) == sorted(expected)
    assert expected


async def test_a_program_killed_at_any_statement_of_a_round_sends_the_same(
    year: Year, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kill leaves what was committed: each try is stopped one write later, until it gets through."""
    expected = []
    until = date(2026, 3, 20)
    for unit_id in year.units:
        async with year.app.database.transaction() as tx:
            entries = await schedule_of(tx, unit_id, year.clock.now(), until, CALENDAR)
        expected += [(entry.at.date().isoformat(), entry.name) for entry in entries if entry.name]
    left = 0
    tries = 0

    class Killed(BaseException):
        pass

    from storage.sqlite import _SqliteTransaction

    send = _SqliteTransaction._send

    async def dying(self: object, *arguments: object) -> object:
        nonlocal left
        if left == 0 and arguments[0][0] != "ROLLBACK":  # type: ignore[index]
            raise Killed
        left -= 1
        return await send(self, *arguments)  # type: ignore[arg-type]

    async def ring(app: App) -> int:
        nonlocal left, tries
        hops = 0
        while True:
            monkeypatch.setattr(_SqliteTransaction, "_send", dying)
            left = hops
            try:
                return await scheduler.ring(app)
            except Killed:
                hops += 1
                tries += 1
            finally:
                monkeypatch.setattr(_SqliteTransaction, "_send", send)

    await travel(year.app, year.clock, at(until, 17), ring=ring)
    await drain(year.app)
    sent = await year.rows("SELECT s.day, p.name FROM digests s JOIN people p ON p.id = s.person_id")
    assert sorted((row["day"], row["name"]) for row in sent) == sorted(expected)
    assert tries > 10
