"""Golden talks: text files in Vietnamese that anybody can read, played on the real program.

A talk is a file `tests/golden/<flow>/<name>.talk`:

    # A comment, kept as it is.
    -- given xa_vu_duong            the situation it starts from, see tests/golden/situations.py; the first line
    lan> xin chào                   somebody types this (a phone nobody has seen before is a new phone)
         một dòng nữa               lines indented by five spaces go on
    lan> [Đồng ý]                   somebody presses the newest button of that label
    lan> (ảnh lớp 1) 85             somebody sends a picture with words below it; another name is another picture
    lan> (ảnh a, tệp b.pdf)         somebody sends an album; see tests/talk_files.py for what is in the files
    lan> (biểu 1: 85; 2: 14 # lý do)     somebody fills in the form received last, and sends it back
    lan> (tin thoại)                somebody sends what is neither words nor a file
    bot> Đã ghi nhận.               what the last speaker receives …
         [Nhập tiếp] [Dừng]         … with its buttons
         (tệp số liệu.xlsx)         … with a file
    bot → minh> Lan đã tham gia.    what anybody else receives

Stage directions:

    -- phones plain                 play it only without buttons, and show the choices as they are written there
    -- phones buttons               play it only with buttons (old buttons, invented button data)
    -- clock 23/11/2026 08:00       let time pass until then, reminders on the way included; also +3d, +2h, +30m
    -- stopped until 1/12/2026      nothing runs until then; what it missed it does at once
    -- amended xa_hoa_lu            a new version replaces the plan, see tests/golden/situations.py
    -- restart                      the program stops, and starts again on the same database; it may be killed, too
    -- press again                  the last press once more: a double tap
    -- deliver again                the messenger delivers the last message once more
    -- lan presses the first [Dừng]     the oldest button of that label
    -- lan presses go:status:#2     button data as a hostile program might send it ("x * 1000" repeats)
    -- invited hoa (officer, Phòng Kinh tế): 7K4M-29QX      an invitation with this code; it ends in seven days
    -- joined hoa (leader, xã Vũ Dương)     somebody joined before; (officer, agency, commune) where there are several
    -- lan blocks the bot           and "lan unblocks the bot"; nobody tells the bot, which learns it when it writes
    {mã 1}                       stands for the first code that the bot itself made
    -- only minh, thu               show only what these people receive; "everyone" ends it

Each talk is played on both database engines: with buttons and on the weakest channel by simulated phones, where a press
is typed as its label, and over the loopback Bot API with the channel of Telegram, in one process and in two. Talks for
plain phones are not played on Telegram, which has buttons. What the bot says must be the same everywhere but for how
it is shown; `spoken` says what that means, and over a network different people do not get their messages in turn.

DONDOC_REWRITE_TALKS=1 rewrites what the bot says in the files, from the run with simulated buttons on SQLite (plain
talks: from that without); never in CI.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.app import App
from bot.channels.simulator import Heard
from bot.clock import MovableClock
from bot.console import read_moment
from bot.rehearsal import travel
from domain.messages import TOKEN_MAX_BYTES, WEAKEST, Address, Outgoing
from handlers.codes import ALPHABET
from storage import people
from storage.database import Database
from tests.cast import ZONE
from tests.golden.situations import AMENDMENTS, SITUATIONS, find_place
from tests.talk_files import Sent, read_sent
from tests.talk_lines import INDENT, Line, directions, parse

START = datetime(2026, 11, 21, 9, 0, tzinfo=ZONE)  # a Saturday, nine days before the due day
KINDS = ("buttons", "plain")  # of phones
EXAMPLE = "7K4M-29QX"  # of a code, in the words for whoever has none
REACTIONS = {"👍": "Dạ."}  # what a reaction says, where there are none
_PRESSES = re.compile(r"(\w+) presses (the first )?(.+)")
_PERSON = re.compile(r"(invited|joined) (\w+) \((\w+), ([^,)]+)(?:, ([^)]+))?\)(?:: ([0-9A-Z-]+))?")
_BLOCKS = re.compile(r"(\w+) (un)?blocks the bot")
_NUMBERED = re.compile(r"\n\nTrả lời bằng số:\n((?:\d+\. .*(?:\n|\Z))+)\Z")
_CODE = re.compile(rf"\b[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}\b")
_MASK = re.compile(r"\{mã (\d+)\}")
_LINKED = re.compile(r"^Mở đường dẫn này rồi bấm Bắt đầu \(Start\): https://\S+$", re.MULTILINE)
LINK_PICTURE = "ma-moi.png"  # of a link, where a channel has links
UNLINKED = "Gửi dòng sau vào kênh:"  # what stands there on a channel without links
_TYPED = re.compile(r"\n\nCó thể gõ: (.*)\Z")


class Stage(ABC):
    """The real program with phones of `kind`, and what is written down of the talk; a subclass says what phones are.

    `heard` is all that arrived on them. `raw` tells to show choices as the channel does.
    """

    kind = "buttons"

    def __init__(self, url: str) -> None:
        self.url = url
        self.raw = False
        self.clock = MovableClock(START)
        self.database: Database
        self.app: App  # for its database, calendar and clock; the program may be another
        self.heard: list[Heard] = []
        self._written: list[str] = []
        self._given_codes: set[str] = set()
        self._codes: list[str] = []  # those the bot made, in their order; "{mã 1}" stands for the first
        self._speaker = ""
        self._only: frozenset[str] = frozenset()
        self._pressed: tuple[str, str, str | None] | None = None

    @abstractmethod
    async def start(self) -> None:
        """Start the program, for the first time or again."""

    @abstractmethod
    async def end(self, *, killed: bool = False) -> None:
        """End the program; by force where it is `killed` and can be."""

    @abstractmethod
    async def ring(self, app: App) -> int:
        """Let the program remind of all that is due."""

    @abstractmethod
    async def work(self, app: App) -> None:
        """Let the program do all it has to do, and put what it says into `heard`."""

    @abstractmethod
    def address(self, who: str) -> Address:
        """Return where somebody is reached; they have a chat with the bot from now on."""

    @abstractmethod
    def type(self, who: str, text: str) -> None:
        """Let somebody type something."""

    @abstractmethod
    def give(self, who: str, sent: Sent) -> None:
        """Let somebody send files, or what is neither words nor a file."""

    @abstractmethod
    async def find(self, who: str, label: str) -> tuple[str, str | None]:
        """Return the data of the newest button of a label on somebody's phone, and the message it stands on."""

    @abstractmethod
    def send(self, who: str, data: str, message_id: str | None) -> None:
        """Let somebody press a button with this data, whether it was ever offered or not."""

    @abstractmethod
    def repeat(self) -> None:
        """Let the messenger deliver what was typed or pressed last once more."""

    @abstractmethod
    def bar(self, who: str, *, barred: bool) -> None:
        """Let somebody block the bot, or let it in again, without a word to it."""

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.end()

    async def play(self, lines: Sequence[Line]) -> str:
        """Play the lines and return the whole talk as a file holds it."""
        for number, line in enumerate(lines):
            if line.gap and number:
                self._written.append("")
            self._written.append(line.printed())
            before = len(self.heard)
            if line.kind == "said":
                await self._say(line.who, line.text)
            elif line.kind == "direction":
                await self._direct(line.text)
            self._write(self.heard[before:])
        return "\n".join(self._written) + "\n"

    def _write(self, heard: Sequence[Heard]) -> None:
        for said in spoken(heard, worded=self.kind == "plain" and not self.raw):
            if self._only and said.who not in self._only:
                self._masked(said.text)  # its codes count all the same
                continue
            lines = self._masked(said.text).split("\n")
            if said.labels:
                lines.append(" ".join(f"[{label}]" for label in said.labels))
            lines.extend(said.files)
            who = "bot" if said.who == self._speaker else f"bot → {said.who}"
            self._written.append(f"{who}> {lines[0]}")
            self._written.extend(f"{INDENT}{line}".rstrip() for line in lines[1:])

    def _masked(self, text: str) -> str:
        """Return what the bot said with {mã 1} in place of the first code it made: no two runs make the same."""

        def mask(found: re.Match[str]) -> str:
            if found[0] in self._given_codes or found[0] == EXAMPLE:
                return found[0]
            if found[0] not in self._codes:
                self._codes.append(found[0])
            return f"{{mã {self._codes.index(found[0]) + 1}}}"

        return _CODE.sub(mask, _LINKED.sub(UNLINKED, text))

    async def _say(self, who: str, text: str) -> None:
        self._speaker = who
        text = _MASK.sub(lambda mask: self._codes[int(mask[1]) - 1], text)
        label = text[1:-1] if text.startswith("[") and text.endswith("]") else None
        if label is not None and self.kind != "plain":
            await self._press(who, *await self.find(who, label))
        elif (sent := read_sent(text)) is not None:
            self.give(who, sent)
            await self.work(self.app)
        else:
            self.type(who, label or text)
            await self.work(self.app)

    async def _press(self, who: str, data: str, message_id: str | None = None) -> None:
        self._speaker = who
        self._pressed = who, data, message_id
        self.send(who, data, message_id)
        await self.work(self.app)

    async def _direct(self, text: str) -> None:
        if press := _PRESSES.fullmatch(text):
            repeated, _, times = press[3].partition(" * ")
            data = repeated * int(times or 1)
            await self._press(press[1], *(self._first(press[1], data) if press[2] else (data,)))
        elif person := _PERSON.fullmatch(text):
            await self._let_in(*person.groups())
        elif blocks := _BLOCKS.fullmatch(text):
            self.bar(blocks[1], barred=not blocks[2])
        else:
            name, _, argument = text.partition(" ")
            await DIRECTIONS[name](self, argument)

    def _first(self, who: str, label: str) -> tuple[str, str]:
        offered = [(heard.id, choice) for heard in self.heard if heard.who == who for choice in heard.outgoing.choices]
        return next((choice.token, message_id) for message_id, choice in offered if choice.label == label.strip("[]"))

    async def _given(self, name: str) -> None:
        async with self.database.transaction() as tx:
            await SITUATIONS[name](tx, self.clock.now(), self.address)

    async def _amended(self, name: str) -> None:
        async with self.database.transaction() as tx:
            await AMENDMENTS[name](tx, self.clock.now())

    async def _phones(self, kind: str) -> None:
        assert kind in KINDS

    def _moment(self, typed: str) -> datetime:
        moment = read_moment(typed, self.clock, self.app)
        assert moment is not None, f"no time to go to: {typed}"
        self._speaker = ""
        return moment

    async def _clock(self, to: str) -> None:
        await travel(self.app, self.clock, self._moment(to), self.ring, self.work)

    async def _stopped(self, until: str) -> None:
        moment = self._moment(until.removeprefix("until "))
        await self.end()
        self.clock.move_to(moment)
        await self._start_again()

    async def _restart(self, _: str) -> None:
        await self.end(killed=True)
        await self._start_again()

    async def _start_again(self) -> None:
        await self.start()
        await self.ring(self.app)
        await self.work(self.app)

    async def _again(self, _: str) -> None:
        assert self._pressed is not None, "nothing was pressed"
        await self._press(*self._pressed)

    async def _deliver(self, _: str) -> None:
        self.repeat()
        await self.work(self.app)

    async def _show_only(self, names: str) -> None:
        self._only = frozenset(names.split(", "))

    async def _everyone(self, _: str) -> None:
        self._only = frozenset()

    async def _let_in(self, how: str, who: str, role: str, place: str, commune: str | None, code: str | None) -> None:
        now = self.clock.now()
        name = who.capitalize()
        async with self.database.transaction() as tx:
            unit_id, agency_id = await find_place(tx, place, commune)
            self._given_codes.add(code or "")
            fresh = code.replace("-", "") if code else f"{who}:{len(self._written)}"
            await people.invite(tx, fresh, role, name, unit_id, agency_id, now + timedelta(days=7), now)  # type: ignore[arg-type]
            if how == "invited":
                return
            invited = await people.find_invitation(tx, fresh, now)
            assert invited is not None
            address = self.address(who)
            row = await tx.one("SELECT person_id FROM addresses WHERE external_id = :id", id=address.id)
            await people.accept(tx, invited, address, row["person_id"] if row else None, now)


DIRECTIONS: dict[str, Callable[[Stage, str], Awaitable[None]]] = {
    "given": Stage._given,
    "amended": Stage._amended,
    "phones": Stage._phones,
    "clock": Stage._clock,
    "stopped": Stage._stopped,
    "restart": Stage._restart,
    "press": Stage._again,
    "deliver": Stage._deliver,
    "only": Stage._show_only,
    "everyone": Stage._everyone,
}


@dataclass(slots=True)
class Said:
    """One thing the bot said, as a talk holds it. `unfinished` tells that more belongs to it."""

    who: str
    text: str
    labels: list[str]
    unfinished: bool = False
    files: list[str] = field(default_factory=list)


def spoken(heard: Sequence[Heard], *, worded: bool = False) -> list[Said]:
    """Return what a talk holds of all that arrived on phones after one of its lines.

    Talks are the same on every channel, and so: a menu is not speech; a reaction is the first words of the answer; a
    question that became the receipt for its answer and what was sent after it are one message; the choices of a
    message are those of all its pages (phones bring them together); with `worded`, those that are written below it.
    """
    said: list[Said] = []
    for each in heard:
        outgoing = each.outgoing
        last = next((one for one in reversed(said) if one.who == each.who), None)
        if outgoing.menu is not None:
            continue
        if outgoing.reaction is not None:
            if last is None:
                said.append(Said(each.who, REACTIONS[outgoing.reaction], [], unfinished=True))
            else:
                last.text = f"{REACTIONS[outgoing.reaction]}\n\n{last.text}"
            continue
        text, labels = outgoing.text, [choice.label for choice in outgoing.choices]
        if worded:
            text, labels = _unworded(text)
        if last is not None and last.unfinished and outgoing.replaces is None:
            last.text, last.labels, last.unfinished = f"{last.text}\n\n{text}", labels, False
        else:
            said.append(Said(each.who, text, labels, unfinished=outgoing.replaces is not None and not labels))
        files = [file for file in outgoing.attachments if file.name != LINK_PICTURE]
        said[-1].files += [f"({'ảnh' if file.kind == 'photo' else 'tệp'} {file.name})" for file in files]
    return said


def _unworded(text: str) -> tuple[str, list[str]]:
    """Take the choices written below a message apart from it."""
    if found := _NUMBERED.search(text):
        return text[: found.start()], [line.partition(". ")[2] for line in found[1].splitlines()]
    if found := _TYPED.search(text):
        return text[: found.start()], found[1].split(" · ")
    return text, []


def faults(outgoing: Outgoing) -> list[str]:
    """Return what no message of the bot may have: it is too long, has leftovers of a template, or shouts."""
    if outgoing.menu is not None or outgoing.reaction is not None:
        return []
    found = [f"holds {piece!r}" for piece in ("None", "{{", "{%", "!") if piece in outgoing.text]
    if not outgoing.text.strip() or len(outgoing.text) > WEAKEST.max_text:
        found.append(f"has {len(outgoing.text)} characters")
    if "\n\n\n" in outgoing.text or outgoing.text != outgoing.text.strip():
        found.append("has blank lines too many")
    found += [f"has the token {c.token}" for c in outgoing.choices if len(c.token.encode()) > TOKEN_MAX_BYTES]
    labels = [choice.label for choice in outgoing.choices]
    found += [f"offers [{label}] twice" for label in set(labels) if labels.count(label) > 1]
    return found


async def play(path: Path, stage: Stage, watch: Callable[[Stage], Awaitable[None]] | None = None) -> str:
    """Play a talk on a migrated, empty database and return it as it went; what no message may have is an error."""
    lines = parse(path.read_text(encoding="utf-8"))
    stage.raw = directions(lines, "phones") == ["plain"]
    async with stage:
        went = await stage.play(lines)
        if watch is not None:
            await watch(stage)
    wrong = [f"{fault}: {heard.outgoing.text}" for heard in stage.heard for fault in faults(heard.outgoing)]
    assert not wrong, "\n".join(wrong)
    return went
