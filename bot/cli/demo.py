"""dondoc demo: the whole job on a real plan. The people are played, the program is the real one."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.app import App
from bot.channels.console import ConsoleScreen, directions
from bot.channels.simulator import Simulator
from bot.cli.common import opened
from bot.clock import MovableClock
from bot.config import ReceivedSettings, Settings, StorageSettings
from bot.console import Console
from bot.rehearsal import drain, travel
from documents.appendix import read_plan
from documents.samples import vu_duong
from domain.model import InvitationRole
from handlers.codes import VALID_FOR, new_code, printed
from handlers.plans import import_plan
from handlers.render import render
from storage import people, units

# Invented people.
LAN, MINH, THU = "lan", "minh", "thu"
NAMES = {LAN: "Lan", MINH: "Minh", THU: "Thu"}
AGENCY = "Phòng Văn hóa - Xã hội"
PAUSE = 0.7  # seconds between messages, for a person who reads along; none without a terminal


def run() -> None:
    """Play the demo; on a terminal, hand the keyboard over at the end."""
    talked = sys.stdin.isatty() and sys.stdout.isatty()
    try:
        with tempfile.TemporaryDirectory(prefix="dondoc-demo-") as folder:
            asyncio.run(_run(_settings(Path(folder)), talk=talked))
    except KeyboardInterrupt:
        sys.stdout.write("\n")
        talked = True
    tell("goodbye" if talked else "end")


def _settings(folder: Path) -> Settings:
    return Settings(
        storage=StorageSettings(url=f"sqlite:///{folder}/demo.db"), received=ReceivedSettings(folder=f"{folder}/files")
    )


async def _run(settings: Settings, *, talk: bool) -> None:
    calendar = settings.work_calendar()
    clock = MovableClock(datetime(2026, 11, 21, 9, 0, tzinfo=calendar.zone))
    store = settings.received.store()
    simulator = Simulator(folder=store.folder)
    async with opened(settings) as database:
        app = App(database, calendar, clock, [simulator], files=store)
        stage = _Stage(app, clock, simulator)
        await stage.play()
        if talk:
            tell("your_turn")
            clock.run()
            console = Console(app, clock, simulator, stage.screen, trial=True)
            await console.take_phone(NAMES[LAN])
            await console.run()


class _Stage:
    """Plays what the people say; every answer is the program's own."""

    def __init__(self, app: App, clock: MovableClock, simulator: Simulator) -> None:
        self.screen = ConsoleScreen(simulator, _write, NAMES)
        self._app = app
        self._clock = clock
        self._simulator = simulator

    async def play(self) -> None:
        tell("intro")
        codes = await self._prepare()
        await self._join(codes)
        await self._scene("before", (MINH, "/status"))
        tell("monday")
        await travel(self._app, self._clock, datetime(2026, 11, 23, 8, 0, tzinfo=self._app.calendar.zone))
        await self._scene("answers", (LAN, "[Nhập số liệu]"), (LAN, "325"), (LAN, "32,5"), (LAN, "85"))
        await self._scene("", (LAN, "còn 9 tổ ở thôn xa chưa tập huấn"), (LAN, "xong trước 20/12"))
        await self._scene("after", (MINH, "tình hình"))

    async def _prepare(self) -> dict[str, str]:
        now = self._clock.now()
        draft = read_plan(vu_duong(), "xa_vu_duong_2026.txt")
        codes = {}
        async with self._app.database.transaction() as tx:
            province = await units.ensure_unit(tx, "province", "tỉnh Ninh Bình", None, now)
            commune = await units.ensure_unit(tx, "commune", "xã Vũ Dương", province, now)
            imported = await import_plan(tx, commune, draft, self._app.calendar, now)
            agencies = {name: found for found, name in await units.agencies(tx, commune.id)}
            invited: list[tuple[str, InvitationRole, int | None]] = [
                (LAN, "officer", agencies[AGENCY]),
                (MINH, "leader", None),
                (THU, "admin", None),
            ]
            for who, role, agency_id in invited:
                code = new_code()
                codes[who] = printed(code)
                await people.invite(tx, code, role, NAMES[who], commune.id, agency_id, now + VALID_FOR, now)
        tell("imported", imported=imported, draft=draft, codes=codes, names=NAMES, agency=AGENCY)
        return codes

    async def _join(self, codes: dict[str, str]) -> None:
        await self._scene("joining", (THU, f"MỜI {codes[THU]}"), (THU, "[Đồng ý]"))
        await self._scene("", (LAN, "xin chào"), (LAN, f"moi {codes[LAN].lower()}"), (LAN, "[Đồng ý]"))
        await self._scene("", (MINH, f"MỜI {codes[MINH]}"), (MINH, "[Đồng ý]"))

    async def _scene(self, title: str, *lines: tuple[str, str]) -> None:
        if title:
            tell(title)
        for who, text in lines:
            _write(f"{NAMES[who]}> {text}\n")
            self._simulator.say(who, text, self._clock.now())
            await drain(self._app)


def tell(scene: str, **values: Any) -> None:
    """Print a stage direction."""
    _write("\n" + directions(render(f"demo/{scene}", **values)) + "\n\n")


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
    if sys.stdout.isatty():
        time.sleep(PAUSE)
