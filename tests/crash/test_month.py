"""The program killed with SIGKILL over and over through two months of talk over HTTP: nobody notices.

DONDOC_CRASH_KILLS_OVER_HTTP says how often (`make crash`: 200 on each engine), DONDOC_CRASH_SEED repeats a run.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from time import monotonic

import pytest

from tests.crash.house import house
from tests.crash.killer import Killer
from tests.crash.ledger import Ledger, Repeats, count_repeats, prove, read_ledger
from tests.crash.month import LAST, Month

KILLS = int(os.environ.get("DONDOC_CRASH_KILLS_OVER_HTTP", "6"))
SEED = int(os.environ.get("DONDOC_CRASH_SEED") or random.SystemRandom().randrange(10**6))
# What is on its way to different people at the moment of a kill is repeated; to one person, an answer and a reminder
# at the most, for the next of either is only sent once the one before is marked.
ON_A_SCREEN = 2
WHOLE = KILLS >= 100  # fewer are done with in the first days
_undisturbed: list[Ledger] = []  # what is told without kills does not depend on the engine, either


@asynccontextmanager
async def play(url: str, folder: Path, seed: int, kills: int) -> AsyncIterator[tuple[Month, Killer]]:
    """Play the script from the first day to the last with so many kills; the messenger is still there afterwards."""
    last = LAST if WHOLE else date(2026, 11, 10)
    async with house(url, folder, seed, last) as (month, bot):
        killer = Killer(bot, month.api, month.page, random.Random(seed))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(killer.keep())
            await _play_all(month, killer, kills)
        assert bot.log() == ""
        yield month, killer


async def _play_all(month: Month, killer: Killer, kills: int) -> None:
    on = max(2, len(month.days) * 6 // 10)  # what there was no time for can still be done after that
    for number, day in enumerate(month.days, 1):
        due = any(officer.owes(day, month.calendar) for officer in month.officers)
        killer.kill(kills * min(number, on) // on - len(killer.deaths), due)
        await month.play(day)
        killer.relent()
        await month.rest()
    while len(killer.deaths) < kills:
        await killer.kill_idle()
    await month.rest()
    killer.end()


def _causes(killer: Killer, repeats: Repeats) -> str:
    """Return how often each hop was the end, and how many messages that repeated."""
    deaths = Counter(killer.deaths)
    repeated: Counter[str] = Counter()
    for life, times in repeats.by_life.items():
        repeated[killer.deaths[life]] += times
    return ", ".join(f"{hop} {deaths[hop]}: {repeated[hop]}" for hop in sorted(deaths))


@pytest.mark.slow
async def test_a_program_killed_again_and_again_over_two_months_is_as_if_it_had_never_been(
    bare_url: str, tmp_path: Path, request: pytest.FixtureRequest, engine: str
) -> None:
    print(f"seed {SEED}")
    began = monotonic()
    if not _undisturbed:
        (tmp_path / "calm").mkdir()
        async with play(f"sqlite:///{tmp_path}/calm/dondoc.db", tmp_path / "calm", SEED, 0) as (month, killer):
            _undisturbed.append(await read_ledger(month.database))
            await prove(month.database, month.api, month.book, *_undisturbed)
            assert (await count_repeats(month.database, month.api, killer.lives)).total == 0
    calm = monotonic() - began
    async with play(bare_url, tmp_path, SEED, KILLS) as (month, killer):
        await prove(month.database, month.api, month.book, *_undisturbed)
        repeats = await count_repeats(month.database, month.api, killer.lives)
    done = len(killer.deaths)
    sent = sum(event.kind == "sent" for event in month.api.events)
    text = (
        f"{engine} over HTTP: {done} kills, {len(month.book)} things said, {sent} messages sent,"
        f" {repeats.total} of them repeated, at most {max(repeats.by_life.values(), default=0)} a kill"
        f" and {repeats.most_on_a_screen} on one screen;"
        f" {calm:.0f} s undisturbed, {monotonic() - began - calm:.0f} s with kills; seed {SEED}"
        f" ({_causes(killer, repeats)})"
    )
    request.node.user_properties.append(("crash", text))
    print(text)
    assert done >= KILLS
    assert len(killer.lives) - 1 not in repeats.by_life, "only a kill repeats a message"
    assert repeats.most_on_a_screen <= ON_A_SCREEN
