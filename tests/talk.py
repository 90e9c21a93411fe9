"""Golden talks: text files in Vietnamese that anybody can read, played on the real program.

A talk is a file `tests/golden/<flow>/<name>.talk`:

    # A comment, kept as it is.
    -- given xa_vu_duong            the situation it starts from, see tests/golden/situations.py; the first line
    lan> xin chào                   somebody types this (a phone nobody has seen before is a new phone)
         một dòng nữa               lines indented by five spaces go on
    lan> [Đồng ý]                   somebody presses the newest button of that label
    bot> Đã ghi nhận.               what the last speaker receives …
         [Nhập tiếp] [Dừng]         … with its buttons
    bot → minh> Lan đã tham gia.    what anybody else receives

Stage directions:

    -- phones plain                 play it only without buttons, and show the choices as they are written there
    -- phones buttons               play it only with buttons (old buttons, invented button data)
    -- clock 23/11/2026 08:00       let time pass until then, reminders on the way included; also +3d, +2h, +30m
    -- stopped until 1/12/2026      nothing runs until then; what it missed it does at once
    -- amended xa_hoa_lu            a new version replaces the plan, see tests/golden/situations.py
    -- restart                      the program stops, and starts again on the same database
    -- press again                  the last press once more: a double tap
    -- deliver again                the messenger delivers the last message once more
    -- lan presses the first [Dừng]     the oldest button of that label
    -- lan presses go:status:#2     button data as a hostile program might send it ("x * 1000" repeats)
    -- invited hoa (officer, Phòng Kinh tế): 7K4M-29QX      an invitation with this code; it ends in seven days
    -- joined hoa (leader, xã Vũ Dương)     somebody joined before; (officer, agency, commune) where there are several
    -- lan blocks the bot           and "lan unblocks the bot"
    -- only minh, thu               show only what these people receive; "everyone" ends it

Each talk is played on both database engines, with buttons and on the weakest channel: there a press is typed as its
label, and what the bot says must be the same but for how the choices are shown. DONDOC_REWRITE_TALKS=1 rewrites what
the bot says in the files, from the run with buttons on SQLite (plain talks: from that without); never in CI.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from bot import scheduler
from bot.app import App
from bot.channels.base import SendError
from bot.channels.simulator import NAME, WITH_BUTTONS, Heard, Simulator
from bot.clock import MovableClock
from bot.console import read_moment
from bot.rehearsal import drain, travel
from domain.messages import TOKEN_MAX_BYTES, WEAKEST, Address, Capabilities, Incoming, Outgoing
from domain.periods import WorkCalendar
from storage import people
from storage.database import Database, Transaction, connect
from tests.cast import ZONE
from tests.golden.situations import AMENDMENTS, SITUATIONS

REWRITE = "DONDOC_REWRITE_TALKS"
START = datetime(2026, 11, 21, 9, 0, tzinfo=ZONE)  # a Saturday, nine days before the due day
PHONES: dict[str, Capabilities] = {"buttons": WITH_BUTTONS, "plain": WEAKEST}
_INDENT = "     "
_SPEECH = re.compile(r"(\w+)> (.*)")
_PRESSES = re.compile(r"(\w+) presses (the first )?(.+)")
_PERSON = re.compile(r"(invited|joined) (\w+) \((\w+), ([^,)]+)(?:, ([^)]+))?\)(?:: ([0-9A-Z-]+))?")
_BLOCKS = re.compile(r"(\w+) (un)?blocks the bot")
_NUMBERED = re.compile(r"\n\nTrả lời bằng số:\n((?:\d+\. .*(?:\n|\Z))+)\Z")
_TYPED = re.compile(r"\n\nCó thể gõ: (.*)\Z")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a talk that is not the bot's: a comment, a direction, or what `who` says."""

    kind: str
    text: str
    who: str = ""
    gap: bool = False  # a blank line stands before it

    def printed(self) -> str:
        """Return the line as it stands in the file."""
        if self.kind == "said":
            return f"{self.who}> " + self.text.replace("\n", f"\n{_INDENT}")
        return self.text if self.kind == "comment" else f"-- {self.text}"


def parse(text: str) -> list[Line]:
    """Return the lines of a talk; the bot's are left out, for the program says them."""
    lines: list[Line] = []
    gap = bot = False
    for number, raw in enumerate(text.splitlines(), 1):
        if not raw.strip():
            gap = True
            continue
        if raw.startswith(_INDENT):
            if not bot and lines and lines[-1].kind == "said":
                lines[-1] = replace(lines[-1], text=f"{lines[-1].text}\n{raw.removeprefix(_INDENT)}")
            gap = False  # a blank line before it stands within the message
            continue
        bot = raw.startswith(("bot> ", "bot → "))
        if bot:
            gap = False
            continue
        if raw.startswith("#"):
            lines.append(Line("comment", raw, gap=gap))
        elif raw.startswith("-- "):
            lines.append(Line("direction", raw[3:], gap=gap))
        elif speech := _SPEECH.fullmatch(raw):
            lines.append(Line("said", speech[2], speech[1], gap=gap))
        else:
            raise ValueError(f"line {number} is neither speech, a direction nor a comment: {raw}")
        gap = False
    return lines


def directions(lines: Sequence[Line], name: str) -> list[str]:
    """Return the arguments of a direction: directions(lines, "given") gives ["xa_vu_duong"]."""
    return [line.text.partition(" ")[2] for line in lines if line.kind == "direction" and line.text.startswith(name)]


@dataclass(slots=True)
class Stage:
    """The real program with simulated phones, and what is written down of the talk."""

    database: Database
    url: str
    phones: str
    raw: bool = False  # show choices as the channel does
    clock: MovableClock = field(default_factory=lambda: MovableClock(START))
    written: list[str] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    speaker: str = ""
    only: frozenset[str] = frozenset()
    blocked: set[str] = field(default_factory=set)
    last: Incoming | None = None
    simulator: Simulator = field(init=False)
    app: App = field(init=False)

    def __post_init__(self) -> None:
        self.simulator = Simulator(PHONES[self.phones])
        self.simulator.listener = self._hear
        self.simulator.failure = self._fail
        self.app = App(self.database, WorkCalendar(ZONE), self.clock, [self.simulator])

    async def play(self, lines: Sequence[Line]) -> str:
        """Play the lines and return the whole talk as a file holds it."""
        for number, line in enumerate(lines):
            if line.gap and number:
                self.written.append("")
            self.written.append(line.printed())
            if line.kind == "said":
                await self._say(line.who, line.text)
            elif line.kind == "direction":
                await self._direct(line.text)
        return "\n".join(self.written) + "\n"

    async def _say(self, who: str, text: str) -> None:
        self.speaker = who
        if text.startswith("[") and text.endswith("]") and not self.simulator.capabilities.buttons:
            text = text[1:-1]
        self.last = self.simulator.say(who, text, self.clock.now())
        await drain(self.app)

    async def _send(self, who: str, token: str) -> None:
        self.speaker = who
        self.last = self.simulator.press(who, token, self.clock.now())
        await drain(self.app)

    async def _direct(self, text: str) -> None:
        if press := _PRESSES.fullmatch(text):
            await self._press(press[1], press[3], first=press[2] is not None)
        elif person := _PERSON.fullmatch(text):
            await self._let_in(*person.groups())
        elif blocks := _BLOCKS.fullmatch(text):
            (self.blocked.discard if blocks[2] else self.blocked.add)(blocks[1])
        else:
            name, _, argument = text.partition(" ")
            await DIRECTIONS[name](self, argument)

    async def _press(self, who: str, what: str, *, first: bool) -> None:
        if first:
            choices = [choice for heard in self.heard if heard.who == who for choice in heard.outgoing.choices]
            what = next(choice.token for choice in choices if choice.label == what.strip("[]"))
        repeated, _, times = what.partition(" * ")
        await self._send(who, repeated * int(times or 1))

    async def _given(self, name: str) -> None:
        async with self.database.transaction() as tx:
            await SITUATIONS[name](tx, self.clock.now())

    async def _amended(self, name: str) -> None:
        async with self.database.transaction() as tx:
            await AMENDMENTS[name](tx, self.clock.now())

    async def _phones(self, kind: str) -> None:
        assert kind in PHONES

    async def _clock(self, to: str) -> None:
        moment = read_moment(to, self.clock, self.app)
        assert moment is not None, f"no time to go to: {to}"
        self.speaker = ""
        await travel(self.app, self.clock, moment)

    async def _stopped(self, until: str) -> None:
        moment = read_moment(until.removeprefix("until "), self.clock, self.app)
        assert moment is not None, f"no time to go to: {until}"
        self.speaker = ""
        self.clock.move_to(moment)
        await scheduler.ring(self.app)
        await drain(self.app)

    async def _restart(self, _: str) -> None:
        await self.database.close()
        self.database = await connect(self.url)
        self.app = App(self.database, self.app.calendar, self.clock, [self.simulator])
        await drain(self.app)

    async def _again(self, _: str) -> None:
        assert self.last is not None
        assert self.last.token is not None, "the last message was no press"
        await self._send(self.last.sender.id, self.last.token)

    async def _deliver(self, _: str) -> None:
        assert self.last is not None
        self.simulator.repeat(self.last)
        await drain(self.app)

    async def _only(self, names: str) -> None:
        self.only = frozenset(names.split(", "))

    async def _everyone(self, _: str) -> None:
        self.only = frozenset()

    async def _let_in(self, how: str, who: str, role: str, place: str, commune: str | None, code: str | None) -> None:
        now = self.clock.now()
        name = who.capitalize()
        async with self.database.transaction() as tx:
            unit_id, agency_id = await _find(tx, place, commune)
            fresh = code.replace("-", "") if code else f"{who}:{len(self.written)}"
            await people.invite(tx, fresh, role, name, unit_id, agency_id, now + timedelta(days=7), now)  # type: ignore[arg-type]
            if how == "invited":
                return
            invited = await people.find_invitation(tx, fresh, now)
            assert invited is not None
            address = Address(NAME, who)
            known = await people.by_name(tx, name, NAME)
            row = await tx.one("SELECT person_id FROM addresses WHERE external_id = :id", id=who) if known else None
            await people.accept(tx, invited, address, row["person_id"] if row else None, now)

    def _fail(self, address: Address, outgoing: Outgoing) -> None:
        if address.id in self.blocked:
            raise SendError("blocked", "403")

    def _hear(self, heard: Heard) -> None:
        self.heard.append(heard)
        if self.only and heard.who not in self.only:
            return
        text, labels = heard.outgoing.text, [choice.label for choice in heard.outgoing.choices]
        if self.phones == "plain" and not self.raw:
            text, labels = _unworded(text)
        lines = text.split("\n")
        if labels:
            lines.append(" ".join(f"[{label}]" for label in labels))
        who = "bot" if heard.who == self.speaker else f"bot → {heard.who}"
        self.written.append(f"{who}> {lines[0]}")
        self.written.extend(f"{_INDENT}{line}".rstrip() for line in lines[1:])


DIRECTIONS: dict[str, Callable[[Stage, str], Awaitable[None]]] = {
    "given": Stage._given,
    "amended": Stage._amended,
    "phones": Stage._phones,
    "clock": Stage._clock,
    "stopped": Stage._stopped,
    "restart": Stage._restart,
    "press": Stage._again,
    "deliver": Stage._deliver,
    "only": Stage._only,
    "everyone": Stage._everyone,
}


async def _find(tx: Transaction, place: str, commune: str | None) -> tuple[int, int | None]:
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


def _unworded(text: str) -> tuple[str, list[str]]:
    """Take the choices written below a message apart from it, so that a talk reads the same on every channel."""
    if found := _NUMBERED.search(text):
        return text[: found.start()], [line.partition(". ")[2] for line in found[1].splitlines()]
    if found := _TYPED.search(text):
        return text[: found.start()], found[1].split(" · ")
    return text, []


def faults(outgoing: Outgoing) -> list[str]:
    """Return what no message of the bot may have: it is too long, has leftovers of a template, or shouts."""
    found = [f"holds {piece!r}" for piece in ("None", "{{", "{%", "!") if piece in outgoing.text]
    if not outgoing.text.strip() or len(outgoing.text) > WEAKEST.max_text:
        found.append(f"has {len(outgoing.text)} characters")
    if "\n\n\n" in outgoing.text or outgoing.text != outgoing.text.strip():
        found.append("has blank lines too many")
    found += [f"has the token {c.token}" for c in outgoing.choices if len(c.token.encode()) > TOKEN_MAX_BYTES]
    labels = [choice.label for choice in outgoing.choices]
    found += [f"offers [{label}] twice" for label in set(labels) if labels.count(label) > 1]
    return found


async def play(path: Path, url: str, phones: str, watch: Callable[[Stage], Awaitable[None]] | None = None) -> str:
    """Play a talk on a migrated, empty database and return it as it went; what no message may have is an error."""
    lines = parse(path.read_text(encoding="utf-8"))
    stage = Stage(await connect(url), url, phones, raw=directions(lines, "phones") == ["plain"])
    try:
        went = await stage.play(lines)
        if watch is not None:
            await watch(stage)
    finally:
        await stage.database.close()
    wrong = [f"{fault}: {heard.outgoing.text}" for heard in stage.heard for fault in faults(heard.outgoing)]
    assert not wrong, "\n".join(wrong)
    return went


def compare(path: Path, went: str, *, rewrite: bool) -> str:
    """Return the difference between a talk's file and how it went, "" for none; with `rewrite` the file is changed."""
    written = path.read_text(encoding="utf-8")
    if written == went:
        return ""
    if rewrite:
        path.write_text(went, encoding="utf-8")
        return ""
    lines = difflib.unified_diff(
        written.splitlines(), went.splitlines(), f"{path.name}, as written", f"{path.name}, as it went", lineterm=""
    )
    return "\n".join(lines)


def rewriting() -> bool:
    """Tell whether talks are to be rewritten; RuntimeError in CI, where nobody would read what changed."""
    if not os.environ.get(REWRITE):
        return False
    if os.environ.get("CI"):
        raise RuntimeError(f"{REWRITE} is set in CI: talks are rewritten by hand, read, and committed")
    return True
