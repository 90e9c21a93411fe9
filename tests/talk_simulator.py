"""Talks on simulated phones, with the program worked by hand."""

from __future__ import annotations

from bot import scheduler
from bot.app import App
from bot.channels.base import SendError
from bot.channels.simulator import NAME, WITH_BUTTONS, Simulator
from bot.rehearsal import drain
from domain.messages import WEAKEST, Address, Capabilities, Incoming, Outgoing
from domain.periods import WorkCalendar
from storage.database import connect
from tests.cast import ZONE
from tests.talk import Stage

CAPABILITIES: dict[str, Capabilities] = {"buttons": WITH_BUTTONS, "plain": WEAKEST}


class SimulatorStage(Stage):
    """Phones without a network, of the kind "buttons" or "plain"."""

    def __init__(self, url: str, kind: str = "buttons") -> None:
        super().__init__(url)
        self.kind = kind
        self._simulator = Simulator(CAPABILITIES[kind])
        self._simulator.listener = self.heard.append
        self._simulator.failure = self._fail
        self._barred: set[str] = set()
        self._last: Incoming | None = None

    async def start(self) -> None:
        self.database = await connect(self.url)
        self.app = App(self.database, WorkCalendar(ZONE), self.clock, [self._simulator])

    async def end(self, *, killed: bool = False) -> None:
        await self.database.close()

    async def ring(self, app: App) -> int:
        return await scheduler.ring(app)

    async def work(self, app: App) -> None:
        await drain(app)

    def address(self, who: str) -> Address:
        return Address(NAME, who)

    def type(self, who: str, text: str) -> None:
        self._last = self._simulator.say(who, text, self.clock.now())

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
