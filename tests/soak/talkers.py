"""People who go on talking whatever the weather: they answer what they see, and ask again where they see nothing."""

from __future__ import annotations

import asyncio
import random
import re
from collections import Counter
from collections.abc import Callable

from storage.values import figure
from tests.botapi.strange import KINDS
from tests.crash.chats import Figure
from tests.crash.month import Watcher
from tests.crash.officers import WORDS, Line, Officer
from tests.soak.desk import Desk

READING = (1.1, 2.5)  # seconds; what comes sooner than a second after a question cannot be meant as its answer
IN_HASTE = (0.02, 0.3)  # for a soak of seconds, and a program that believes in quick readers
_QUESTION = re.compile(r"\d+/\d+ · hạn .*\n(.+)")
# Without what the messenger itself would never send: a webhook refuses megabytes however often they are posted.
_STRANGE = [kind for kind in KINDS if kind != "huge_text"]


class Gate:
    """Lets people talk by day, and knows when all have stopped for the night."""

    def __init__(self) -> None:
        self._open = asyncio.Event()
        self._talking = 0
        self._quiet = asyncio.Condition()

    async def pass_by(self) -> None:
        """Wait until it is day."""
        await self._open.wait()

    def open(self) -> None:
        """Let it be day."""
        self._open.set()

    def is_open(self) -> bool:
        """Tell whether it is day."""
        return self._open.is_set()

    def close(self) -> None:
        """Let everybody finish what they are at."""
        self._open.clear()

    async def __aenter__(self) -> None:
        await self._open.wait()
        self._talking += 1

    async def __aexit__(self, *_: object) -> None:
        self._talking -= 1
        async with self._quiet:
            self._quiet.notify_all()

    async def quiet(self) -> None:
        """Wait until nobody is at anything any more."""
        async with self._quiet:
            await self._quiet.wait_for(lambda: self._talking == 0)


class Talker:
    """An officer who never comes to an end: every third line is left open, and what is sent is mended."""

    def __init__(
        self, officer: Officer, desk: Desk, gate: Gate, done: Counter[str], reading: tuple[float, float]
    ) -> None:
        self._officer = officer
        self._chat = officer.chat
        self._chance: random.Random = officer.chance
        self._desk = desk
        self._gate = gate
        self._done = done
        self._reading = reading
        self._lines = {line.name: line for line in officer.lines}
        self._doubted: Figure | None = None
        self._heard: list[str] = []

    async def talk(self) -> None:
        """Talk until cancelled."""
        while True:
            await asyncio.sleep(self._chance.uniform(*self._reading))
            async with self._gate:
                since = self._chat.now()
                await self._act()
                await self._desk.settled(self._chat.person.id)
                self._heard = self._chat.texts(since)

    async def _act(self) -> None:
        draw = self._chance.random()
        if draw < 0.02:
            await self._go_away()
        elif draw < 0.05:
            self._chat.api.malformed(self._chance.choice(_STRANGE), self._chat.person)
            self._done["malformed"] += 1
        elif not self._heard:
            self._done["asked again"] += 1
            self._chat.note_said("?")
        else:
            self._done["acts"] += 1
            self._answer()

    async def _go_away(self) -> None:
        """Block the bot for a while. What it says meanwhile is lost."""
        self._done["blocked"] += 1
        self._chat.note_blocked(True)
        await asyncio.sleep(self._chance.uniform(*self._reading))
        self._chat.note_blocked(False)

    def _answer(self) -> None:
        """Answer the newest question there is, else begin something."""
        for text in reversed(self._heard):
            if "Đúng không?" in text and self._doubted is not None:
                self._chat.note_pressed("Đúng", self._doubted)
                self._keep(self._doubted)
                return
            if "Anh/chị sửa số nào?" in text:
                self._chat.note_pressed(self._chance.choice(self._tokens("go:revise:")))
                return
            if asked := _QUESTION.search(text):
                self._report(self._lines[asked[1]])
                return
        words = self._chance.choice(
            ["nhập số liệu", "/sua", "/sua", "/viec", "/help", "cảm ơn", "theo văn bản tối mật"]
        )
        self._chat.note_said(words)

    def _report(self, line: Line) -> None:
        draw = self._chance.random()
        open_one = self._officer.lines.index(line) % 3 == 0
        if draw < 0.1 or (open_one and draw < 0.5):
            self._chat.note_pressed("Bỏ qua")
        elif draw < 0.15:
            self._chat.note_pressed("Dừng")
        elif open_one:
            self._keep(self._press_or_say(line, "Chưa có số liệu", None))
        elif line.kind in WORDS:
            words, value = WORDS[line.kind]
            self._keep(self._press_or_say(line, words, figure(value)))
        else:
            typed, value = self._officer.number(line)
            if draw < 0.3:
                self._doubted = Figure(line.id, value)
                self._chat.note_said(f"~{typed}")
            else:
                self._keep(Figure(line.id, value))
                self._chat.note_said(typed, Figure(line.id, value))

    def _press_or_say(self, line: Line, words: str, value: str | None) -> Figure:
        kept = Figure(line.id, value)
        act: Callable[[str, Figure], None] = self._chance.choice([self._chat.note_pressed, self._chat.note_said])
        act(words, kept)
        return kept

    def _keep(self, kept: Figure) -> None:
        """Know from now on that a line has an answer."""
        line = next(line for line in self._officer.lines if line.id == kept.line_id)
        line.status = "no_data" if kept.value is None else "reported"
        self._done["figures"] += 1

    def _tokens(self, prefix: str) -> list[str]:
        newest = next(message for message in reversed(self._chat.person.received()) if "sửa số nào" in message.text)
        found = [button["callback_data"] for row in newest.buttons for button in row]
        return [token for token in found if token.startswith(prefix)]


async def watch(watcher: Watcher, desk: Desk, gate: Gate, done: Counter[str], reading: tuple[float, float]) -> None:
    """Ask how things are, again and again, until cancelled."""
    chat = watcher.chat
    while True:
        await asyncio.sleep(watcher.chance.uniform(*reading))
        async with gate:
            done["acts"] += 1
            chat.note_said(watcher.chance.choice(["/status", f"/status {watcher.communes[0]}", "/help"]))
            await desk.settled(chat.person.id)
