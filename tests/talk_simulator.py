"""Talks on simulated phones, with the program worked by hand."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot import scheduler
from bot.app import App
from bot.channels.base import SendError
from bot.channels.simulator import NAME, WITH_BUTTONS, Simulator
from bot.file_store import FileStore
from bot.rehearsal import drain
from domain.messages import WEAKEST, Address, Capabilities, Incoming, Outgoing, ReceivedFile
from domain.periods import WorkCalendar
from storage.database import connect
from tests.cast import ZONE
from tests.talk import Stage
from tests.talk_files import Sent

CAPABILITIES: dict[str, Capabilities] = {"buttons": WITH_BUTTONS, "plain": WEAKEST}


class SimulatorStage(Stage):
    """Phones without a network, of the kind "buttons" or "plain"."""

    def __init__(self, url: str, kind: str = "buttons") -> None:
        super().__init__(url)
        self.kind = kind
        self._folder = tempfile.TemporaryDirectory(prefix="dondoc-talk-")
        self._store = FileStore(Path(self._folder.name))
        self._simulator = Simulator(CAPABILITIES[kind], self._store.folder)
        self._simulator.listener = self.heard.append
        self._simulator.failure = self._fail
        self._barred: set[str] = set()
        self._last: Incoming | None = None

    async def start(self) -> None:
        self.database = await connect(self.url)
        self.app = App(self.database, WorkCalendar(ZONE), self.clock, [self._simulator], files=self._store)

    async def end(self, *, killed: bool = False) -> None:
        await self.database.close()

    async def __aexit__(self, *failure: Any) -> None:
        await super().__aexit__(*failure)
        self._folder.cleanup()

    async def ring(self, app: App) -> int:
        return await scheduler.ring(app)

    async def work(self, app: App) -> None:
        await drain(app)

    def address(self, who: str) -> Address:
        return Address(NAME, who)

    def type(self, who: str, text: str) -> None:
        self._last = self._simulator.say(who, text, self.clock.now())

    def give(self, who: str, sent: Sent) -> None:
        now = self.clock.now()
        if sent.kind is not None:
            empty = self._simulator.say(who, "", now)
            self._simulator.waiting()
            self._last = self._simulator.put(replace(empty, unread=True))
        album = f"album-{len(self._simulator.files)}" if len(sent.files) > 1 else None
        for at, file in enumerate(sent.files):
            name = file.name if file.kind == "document" else ""
            received = ReceivedFile(file.kind, f"file-{len(self._simulator.files)}", name)
            self._last = self._simulator.give(
                who, received, file.data(list(self._simulator.documents.values())), now, "" if at else sent.text, album
            )

    async def find(self, who: str, label: str) -> tuple[str, str | None]:
        for message_id, outgoing in reversed(self._simulator.shown(who).items()):
            for choice in outgoing.choices:
                if choice.label == label:
                    return choice.token, message_id
        raise LookupError(f"{who} has no choice [{label}]")

    def send(self, who: str, data: str, message_id: str | None) -> None:
        self._last = self._simulator.press(who, data, self.clock.now(), message_id)

    def repeat(self) -> None:
        assert self._last is not None
        self._simulator.repeat(self._last)

    def bar(self, who: str, *, barred: bool) -> None:
        (self._barred.add if barred else self._barred.discard)(who)

    def _fail(self, address: Address, outgoing: Outgoing) -> None:
        if address.id in self._barred:
            raise SendError("blocked", "403")
