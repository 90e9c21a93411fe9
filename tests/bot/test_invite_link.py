"""dondoc invite: a link to forward where Telegram answers in time, and the code in any case."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import receiver
from bot.app import App
from bot.channels.simulator import Simulator
from bot.rehearsal import drain
from domain.messages import Address, Incoming
from domain.periods import WorkCalendar
from storage import units
from storage.database import Database, connect
from tests.bot.stage import heard
from tests.botapi import BotApi
from tests.cast import ZONE

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    """A Bot API on the loopback interface."""
    async with BotApi() as started:
        yield started


@pytest.fixture
async def commune(sqlite_url: str) -> AsyncIterator[Database]:
    """A database with one commune."""
    database = await connect(sqlite_url)
    async with database.transaction() as tx:
        now = datetime.now(UTC)
        province = await units.ensure_unit(tx, "province", "tỉnh Ninh Bình", None, now)
        await units.ensure_unit(tx, "commune", "xã Vũ Dương", province, now)
    yield database
    await database.close()


async def invite(folder: Path, api_url: str, token: str) -> str:
    """Invite an admin in another process, and return what is printed."""
    (folder / "config.toml").write_text(f'[telegram]\napi_base_url = "{api_url}"\n', encoding="utf-8")
    known = {name: value for name, value in os.environ.items() if not name.startswith("DONDOC_")}
    words = ("invite", "--commune", "xã Vũ Dương", "--name", "Thu", "--role", "admin")
    done = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", *words),
        cwd=folder,
        env=known | {"DONDOC_TELEGRAM_TOKEN": token, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await done.communicate()
    assert (done.returncode, err) == (0, b""), err.decode()
    assert not token or token.partition(":")[2] not in out.decode()
    return out.decode()


async def test_a_link_is_printed_that_lets_somebody_in(api: BotApi, commune: Database, tmp_path: Path) -> None:
    said = await invite(tmp_path, api.url, api.token)
    link = re.search(rf"^https://t\.me/{api.first_bot.username}\?start=(\S+)$", said, re.MULTILINE)
    assert link
    assert f"@{api.first_bot.username} trong Telegram rồi gửi: MỜI {link[1]}" in said
    app = App(commune, WorkCalendar(ZONE), channels=[Simulator()], reading_time=None)
    thu = Address("simulator", "thu")
    await receiver.record(app, [Incoming(thu, "1", datetime.now(UTC), f"/start {link[1]}")])
    await drain(app)
    assert "Thu" in heard(app, "thu")[-1]
    assert "xã Vũ Dương" in heard(app, "thu")[-1]


@pytest.mark.parametrize("why", ["no token", "no such token", "no answer"])
async def test_without_telegram_the_code_is_printed_all_the_same(
    api: BotApi, commune: Database, tmp_path: Path, why: str
) -> None:
    if why == "no answer":
        await api.go_down()
    token = {"no token": "", "no such token": "999999:" + "A" * 35, "no answer": api.token}[why]
    said = await invite(tmp_path, api.url, token)
    assert "t.me" not in said
    assert re.search(r"^MỜI \S{4}-\S{4}$", said, re.MULTILINE)
