"""Side by side: one small conversation over one Bot API, played by our bot and by those of two libraries.

Only ratios within a run say anything. Ours answers a message after it is on the disk and marks it sent there; of the
others one keeps conversations in memory, and one writes them down once a minute. python-telegram-bot handles one
message after the other; told to handle several at once (concurrent_updates), its ConversationHandler loses the thread
of chats that answer quickly, as its manual says it may. Lost chats are counted and are in no speed.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.measures import Measure
from benchmarks.rivals import with_dondoc
from benchmarks.rivals.processes import Service, other_python, started

CHATS = 100
ROUNDS = 3
DELAYS = (0.0, 0.05)  # seconds each call of the Bot API takes
_TALKS = 8  # conversations of each chat in a row, fewer where they would take longer than that
_LONGEST = 10.0  # seconds
_REPLIES = 4  # in a conversation
_COMMUNES = 25  # have four officers each, who report in one round


@dataclass(slots=True)
class _Bot:
    """A bot that takes part, and what it brought in the rounds of one delay."""

    name: str
    token: str
    module: str
    python: str = sys.executable
    words: tuple[str, ...] = ()
    talks: int = 1
    speeds: list[float] = field(default_factory=list)
    lost: int = 0


def side_by_side() -> Iterator[Measure]:
    """Yield replies a second of each bot at each delay, and the ratios."""
    yield Measure("replies over a Bot API on 127.0.0.1 that limits nobody, ours unpaced:", CHATS, "chats")
    with tempfile.TemporaryDirectory(prefix="dondoc-bench-") as folder, ExitStack() as running:
        yield from _measured(Path(folder), Service(running), running)


def _measured(folder: Path, service: Service, running: ExitStack) -> Iterator[Measure]:
    asyncio.run(with_dondoc.make(folder, CHATS, _COMMUNES * (1 + ROUNDS) * len(DELAYS)))
    reporters = iter(json.loads((folder / "sayings.json").read_text(encoding="utf-8")).items())
    ours, *others = bots = _bots()
    for bot in bots:
        own = folder if bot is ours else folder / bot.module / "".join(bot.words)
        own.mkdir(parents=True, exist_ok=True)
        words = ["--token", bot.token, "--url", service.url, "--folder", str(own), *bot.words]
        started(running, bot.python, f"benchmarks.rivals.{bot.module}", *words)
        service.ask("polled", bot.token)
    if other_python() is None:
        yield Measure("aiogram could not be installed and is not compared", 0, "bots")
    for delay in DELAYS:
        reports = _play(service, bots, ours, delay, reporters)
        at = f"{delay * 1000:.0f} ms"
        for bot in bots:
            lost = f", {bot.lost} chats lost" if bot.lost else ""
            yield Measure(f"{bot.name}{lost}, {at}", median(bot.speeds), "/s")
        yield Measure(f"Đôn Đốc, its own report in place of that, {at}", median(reports), "/s")
        for bot in others:
            limit = {"with_ptb": 2.0, "with_aiogram": 1.0}[bot.module] if not bot.words else None
            ratio = median(ours.speeds) / median(bot.speeds)
            yield Measure(f"Đôn Đốc / {bot.name}, {at}", ratio, "", limit, more_is_better=True)


def _bots() -> list[_Bot]:
    ptb = "python-telegram-bot"
    bots = [
        _Bot("Đôn Đốc, durable", "1:ours", "with_dondoc"),
        _Bot(ptb, "2:ptb", "with_ptb"),
        _Bot(f"{ptb}, concurrent_updates", "3:ptb-at-once", "with_ptb", words=("--concurrent",)),
    ]
    if python := other_python():
        bots.append(_Bot("aiogram", "4:aiogram", "with_aiogram", python))
    return bots


def _play(service: Service, bots: list[_Bot], ours: _Bot, delay: float, reporters: Iterator[Any]) -> list[float]:
    """Let all bots play at one delay, in turns; return the speeds of the reports."""

    def report() -> float:
        sayings = dict(islice(reporters, _COMMUNES * 4))
        told = service.ask("report", ours.token, latency=delay, sayings=sayings)
        if told["lost"]:
            raise RuntimeError(f"{told['lost']} officers got no answer")
        return float(told["replies"] / told["seconds"])

    for bot in bots:  # the warm-up, which also tells how many conversations there is time for
        bot.speeds, bot.lost, bot.talks = [], 0, 1
        _talk(service, bot, delay)
        speed = bot.speeds.pop()
        bot.talks = max(1, min(_TALKS, int(speed * _LONGEST / CHATS / _REPLIES)))
    report()
    reports = []
    for number in range(ROUNDS):
        for bot in bots:
            if not (number and bot.words):  # once shows what becomes of lost chats, and each waits for them in vain
                _talk(service, bot, delay)
        reports.append(report())
    return reports


def _talk(service: Service, bot: _Bot, delay: float) -> None:
    told = service.ask("small", bot.token, latency=delay, chats=CHATS, talks=bot.talks)
    bot.lost += told["lost"]
    bot.speeds.append(told["replies"] / told["seconds"])
