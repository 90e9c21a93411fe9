"""What goes wrong on the way: refusals, broken and garbled answers, silence, a service that is down."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from typing import Any

from tests.botapi import BotApi
from tests.botapi.faults import Fault

# What may happen, and how often beside the others: what, of which call (None: any), and how.
_KINDS: tuple[tuple[int, str, dict[str, Any]], ...] = (
    (3, "http", {"code": 500, "after": True}),
    (3, "http", {"code": 502}),
    (2, "http", {"code": 503}),
    (2, "http", {"code": 504, "after": True}),
    (3, "429", {"retry_after": 1}),
    (1, "429", {}),
    (3, "drop", {}),
    (3, "drop", {"after": True}),
    (3, "reset", {}),
    (3, "reset", {"after": True}),
    (3, "cut", {}),
    (2, "garbage", {}),
    (3, "delay", {"seconds": 1.5}),
    (3, "delay", {"seconds": 1.5, "after": True}),
    (1, "409", {"method": "getUpdates"}),
)
_METHODS = ("sendMessage", "sendMessage", "editMessageText", "getUpdates", "answerCallbackQuery", None)
EVERY = (0.1, 0.6)  # seconds from one of them to the next
DOWN = (0.5, 4.0)  # seconds
SLOWEST = 30.0  # seconds, longer than anybody waits for an answer


class Weather:
    """Bad weather, until it is calmed; `done` counts what happened to whom."""

    def __init__(self, api: BotApi, chance: random.Random, done: Counter[str]) -> None:
        self._api = api
        self._chance = chance
        self._done = done
        self._seen: list[dict[str, Any]] = []
        self._faults: list[Fault] = []

    async def rage(self, seconds: float) -> None:
        """Let things go wrong for so long, then let all be well again."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    await asyncio.sleep(self._chance.uniform(*EVERY))
                    await self._strike()
        except TimeoutError:
            self._calm()

    async def _strike(self) -> None:
        draw = self._chance.random()
        self._remember()
        if draw < 0.02:
            self._done["down"] += 1
            try:
                await self._api.go_down()
                await asyncio.sleep(self._chance.uniform(*DOWN))
            finally:
                await self._api.come_up()
        elif draw < 0.03:
            # Never before the effect: a question that comes half a minute late would be taken for today's by anybody.
            self._add("delay", method="sendMessage", seconds=SLOWEST, after=True)
        elif draw < 0.15:
            self._api.latency = self._chance.choice([0.0, 0.0, 0.02, 0.2])
        elif draw < 0.3 and self._seen:
            self._done["repeated update"] += 1
            self._api.repeat(self._chance.choice(self._seen))
        else:
            weights = [weight for weight, *_ in _KINDS]
            [(_, kind, how)] = self._chance.choices(_KINDS, weights)
            self._add(kind, **{"method": self._chance.choice(_METHODS), "times": self._chance.randint(1, 4), **how})

    def _add(self, kind: str, **how: Any) -> None:
        if kind.isdigit():
            self._faults.append(self._api.faults.error(int(kind), **how))
        else:
            self._faults.append(self._api.faults.add(kind, **how))

    def _remember(self) -> None:
        """Keep some of the updates there are, to deliver them again when they are long done with."""
        self._seen += [waiting.update for waiting in self._api.first_bot.updates.pending.values()]
        self._seen = self._seen[-200:]
        self._api.faults.active = [fault for fault in self._api.faults.active if fault.hits < (fault.times or 0)]

    def _calm(self) -> None:
        self._api.faults.clear()
        self._api.latency = 0.0
        for fault in self._faults:
            when = " after" if fault.after else ""
            self._done[
                f"{fault.kind} {fault.code}{when}" if fault.kind in ("http", "error") else fault.kind + when
            ] += fault.hits
        self._faults.clear()
