"""A program killed with SIGKILL over and over, under load, and let run to the end: what it was told is all there.

DONDOC_CRASH_KILLS says how often it is killed (`make crash`: 25), DONDOC_CRASH_SEED repeats a run: the seed is printed
with a failure and by `make crash`.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from benchmarks.stage import BEGIN, MONDAY, Officer, Saying, in_turns, settle
from storage.database import Database, connect
from storage.migrate import migrate
from tests.crash import traps
from tests.crash.program import NAME, Books, Journal
from tests.crash.proof import prove

KILLS = int(os.environ.get("DONDOC_CRASH_KILLS", "3"))
COMMUNES = 5
MESSAGES = 200
PATIENCE = 120  # seconds for one start; a program that hangs is killed and the test fails
# Each start finds the leases of the one before it ended; the clock is moved instead of waiting for them.
BETWEEN_STARTS = timedelta(seconds=90)
ROOT = Path(__file__).parents[2]


def schedule(kills: int, chance: random.Random) -> list[tuple[str, int]]:
    """Return the hop and count of every kill: half at chosen hops, half anywhere, those that come but once first."""
    if kills < len(traps.HOPS) + 4:
        hops = ["migrating", "sent", traps.ANY] * kills
        return [(hop, _count(hop, chance)) for hop in sorted(hops[:kills], key="migrating".__ne__)]
    early = ["migrating", "migrating", "migrating", "reminding", "reminded", "received", "received"]
    late = [hop for hop in traps.HOPS if hop not in early]
    rest = [traps.ANY if number % 2 else late[number // 2 % len(late)] for number in range(kills - len(early))]
    chance.shuffle(rest)
    return [(hop, _count(hop, chance)) for hop in early + rest]


def _count(hop: str, chance: random.Random) -> int:
    """Return a count small enough for the work to last until the last kill: 200 messages pass some 1,200 hops."""
    most = {traps.ANY: 60, "migrating": 20, "received": 3, "reminding": 2, "reminded": 2}.get(hop, 6)
    return chance.randint(1, most)


class Program:
    """Starts the program, and sees to its end."""

    def __init__(self, url: str, folder: Path, chance: random.Random) -> None:
        self._url = url
        self._folder = folder
        self._chance = chance
        self._starts = 0

    def killed_at(self, hop: str, count: int) -> None:
        """Start it and kill it there; it must not have come to its end by itself."""
        status = self._start(hop, count)
        assert status == -signal.SIGKILL, f"killed at {hop} {count}: ended with {status} instead: {self.log()}"

    def run_to_the_end(self) -> None:
        """Start it and let it finish its work."""
        status = self._start("never", 0)
        assert status == 0, f"ended with {status}: {self.log()}"

    def log(self) -> str:
        """Return what all starts so far have complained of."""
        return (self._folder / "log.txt").read_text(encoding="utf-8")

    def _start(self, hop: str, count: int) -> int:
        at = MONDAY + self._starts * BETWEEN_STARTS
        self._starts += 1
        words = [self._url, str(self._folder), at.isoformat(), hop, str(count)]
        with (
            (self._folder / "log.txt").open("a") as log,
            subprocess.Popen(
                [sys.executable, "-m", "tests.crash.program", *words], cwd=ROOT, stdout=subprocess.PIPE, stderr=log
            ) as child,
        ):
            watchdog = threading.Timer(PATIENCE, child.terminate)
            watchdog.start()
            try:
                assert child.stdout is not None
                if child.stdout.readline():  # the end of the stream where the trap did the killing itself
                    time.sleep(self._chance.uniform(0, 0.004))
                    child.kill()
                return child.wait()
            finally:
                watchdog.cancel()
                child.kill()


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """Open a database for a while."""
    database = await connect(url)
    try:
        yield database
    finally:
        await database.close()


def write_feed(books: Books, officers: Sequence[Officer]) -> dict[str, Saying]:
    """Let all officers say, all at the same time, two commands, then that they begin, then their figures."""
    talks = [[Saying("/viec"), Saying("/help"), Saying(BEGIN), *officer.sayings] for officer in officers]
    said = {}
    lines = []
    for number, (who, saying) in enumerate(in_turns(talks), 1):
        said[f"m-{number}"] = saying
        lines.append(json.dumps([officers[who].address.id, f"m-{number}", saying.text], ensure_ascii=False))
    books.feed.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return said


@pytest.mark.slow
async def test_a_program_killed_again_and_again_loses_nothing_and_counts_nothing_twice(
    bare_url: str, tmp_path: Path, request: pytest.FixtureRequest, engine: str
) -> None:
    seed = int(os.environ.get("DONDOC_CRASH_SEED") or random.SystemRandom().randrange(10**6))
    print(f"seed {seed}")
    chance = random.Random(seed)
    books = Books(tmp_path)
    program = Program(bare_url, tmp_path, chance)
    kills = schedule(KILLS, chance)
    for hop, count in (kill for kill in kills if kill[0] == "migrating"):
        program.killed_at(hop, count)
    async with opened(bare_url) as database:
        await migrate(database)
        officers = await settle(database, NAME, COMMUNES)
    said = write_feed(books, officers)
    assert len(said) == MESSAGES

    for hop, count in (kill for kill in kills if kill[0] != "migrating"):
        program.killed_at(hop, count)
    program.run_to_the_end()

    async with opened(bare_url) as database:
        repeated = await prove(database, books, officers, said)
    assert repeated <= KILLS * Journal.sends_at_once
    assert program.log() == ""
    places = ", ".join(f"{hop} {count}" for hop, count in kills)
    text = f"{engine}: {KILLS} kills, {repeated} of {len(books.sent())} sends repeated, seed {seed} ({places})"
    request.node.user_properties.append(("crash", text))
