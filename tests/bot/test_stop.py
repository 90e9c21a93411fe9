"""dondoc run as a process of its own against a Bot API: what is seen when something is wrong, and how it stops."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest

from bot.lookups import wait_for_no_thread
from tests.botapi import BotApi

ROOT = Path(__file__).parents[2]
BACKLOG = 300
LONGEST_STOP = 5.0  # seconds


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    """A Bot API on the loopback interface."""
    async with BotApi() as started:
        yield started


class Run:
    """A running program, and what it has said."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.said = ""

    async def until(self, words: str) -> None:
        """Read what it says until it has said something."""
        assert self._process.stdout
        async with asyncio.timeout(30):
            while words not in self.said:
                read = await self._process.stdout.readline()
                assert read, self.said
                self.said += read.decode()

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> float:
        """Tell it to stop, and return how many seconds that took."""
        told_at = time.monotonic()
        self.tell(number)
        await self.end()
        return time.monotonic() - told_at

    def tell(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    async def end(self) -> int:
        """Wait for its end, and return its exit status."""
        assert self._process.stdout
        async with asyncio.timeout(40):
            self.said += (await self._process.stdout.read()).decode()
            return await self._process.wait()


@asynccontextmanager
async def running(folder: Path, api: BotApi, *settings: str, token: str = "") -> AsyncIterator[Run]:
    """Start the program on the database of a folder; it has ended in the end."""
    lines = ["[telegram]", f'api_base_url = "{api.url}"', "sends_a_second = 1000.0", *settings, ""]
    (folder / "config.toml").write_text("\n".join(lines), encoding="utf-8")
    known = {name: value for name, value in os.environ.items() if not name.startswith("DONDOC_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", "run"),
        cwd=folder,
        env=known | {"DONDOC_TELEGRAM_TOKEN": token or api.token, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    started = Run(process)
    try:
        yield started
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()
    assert "Traceback" not in started.said


async def test_a_stop_with_a_backlog_and_a_slow_server_is_quick_and_loses_nothing(api: BotApi, tmp_path: Path) -> None:
    people = [api.person(f"Người {number}") for number in range(BACKLOG)]
    for person in people:
        person.say("xin chào")
    api.latency = 0.05
    async with running(tmp_path, api) as first:
        await api.until(lambda: api.calls["sendMessage"] >= 20, 30)
        assert await first.stop() < LONGEST_STOP
    assert first.said.endswith("Đã dừng.\n")
    sent = Counter(event.chat_id for event in api.events if event.kind == "sent")
    assert 0 < len(sent) < BACKLOG
    api.latency = 0.0
    async with running(tmp_path, api) as second:
        await api.until(lambda: all(person.texts() for person in people), 30)
        await second.stop()
    assert {len(person.texts()) for person in people} == {1}


async def test_told_twice_it_ends_at_once(api: BotApi, tmp_path: Path) -> None:
    lan = api.person("Lan")
    lan.say("xin chào")
    api.faults.add("delay", method="sendMessage", seconds=20)
    async with running(tmp_path, api) as run:
        await api.until(lambda: api.calls["sendMessage"], 30)
        run.tell(signal.SIGINT)
        await run.until("Đang dừng")
        assert await run.stop(signal.SIGINT) < 1.5
        assert await run.end() == 130
    assert run.said.splitlines()[-1].startswith("Đã dừng ngay.")


async def test_without_a_network_at_the_start_it_says_so_and_goes_on_by_itself(api: BotApi, tmp_path: Path) -> None:
    await api.go_down()
    async with running(tmp_path, api) as run:
        await run.until("getMe: failed: refused; trying again")
        await api.come_up()
        await run.until(f"connected as @{api.first_bot.username}")
        assert await run.stop() < LONGEST_STOP


async def test_two_programs_on_one_token_are_warned(api: BotApi, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    async with running(tmp_path, api) as first:
        await first.until("connected")
        async with running(other, api) as second:
            await first.until("another program uses this bot")
            await second.stop()
        await first.stop()


async def test_a_port_in_use_ends_it_with_one_line(api: BotApi, tmp_path: Path) -> None:
    async with await asyncio.start_server(lambda *_: None, "127.0.0.1", 0) as taken:
        port = taken.sockets[0].getsockname()[1]
        settings = 'mode = "webhook"', 'webhook_url = "http://127.0.0.1"', f"listen_port = {port}"
        async with running(tmp_path, api, *settings) as run:
            assert await run.end() == 2
    assert run.said.splitlines()[-1].startswith("Không mở được cổng nhận tin của Telegram")


@contextmanager
def held(file: Path) -> Iterator[None]:
    """Hold a SQLite file as a tool does that somebody has left open."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    yield
    connection.close()


async def test_a_database_held_by_another_program_ends_it_with_one_line(api: BotApi, tmp_path: Path) -> None:
    with held(tmp_path / "dondoc.db"):
        async with running(tmp_path, api) as run:
            assert await run.end() == 2
    [only] = run.said.splitlines()
    assert only.startswith("Cơ sở dữ liệu đang bị chương trình khác giữ (dondoc.db: database is locked).")


def test_a_name_that_is_looked_up_for_ever_holds_no_end_up() -> None:
    ended = threading.Event()

    async def begin() -> str:
        wait_for_no_thread()
        asyncio.get_running_loop().run_in_executor(None, ended.wait)
        return str(await asyncio.to_thread(lambda: "done"))

    assert asyncio.run(begin()) == "done"
    ended.set()
    script = (
        "import asyncio, time\nfrom bot.lookups import wait_for_no_thread\n"
        "async def begin():\n    wait_for_no_thread()\n"
        "    asyncio.get_running_loop().run_in_executor(None, time.sleep, 60)\n"
        "asyncio.run(begin())\n"
    )
    subprocess.run([sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=30, check=True)


async def test_what_fails_in_a_thread_fails_where_it_is_awaited() -> None:
    wait_for_no_thread()
    with pytest.raises(ZeroDivisionError):
        await asyncio.to_thread(lambda: 1 // 0)
