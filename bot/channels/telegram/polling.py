"""Long polling: fetch, record, and only then tell the server, by the next fetch, that updates arrived."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from bot.channels.telegram.api import Api
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.patience import Backoff, Patient, Pauses
from bot.channels.telegram.updates import ALLOWED, number_of
from bot.failures import where

POLL = 30  # seconds the server holds an empty answer back; routers forget connections that are silent for longer
MARGIN = 15.0  # seconds more until a poll counts as dead
BATCH = 100  # Bot API: getUpdates.limit, 1-100
# Seconds from one poll to the next. Where messages come thick and fast, what comes in meanwhile is fetched and recorded
# together, in one call and one commit instead of one each; the public server is further away than this.
GATHER = 0.05
_TRIES = 3  # of a whole batch, before its updates are recorded one by one
_log = logging.getLogger("dondoc.telegram")


class Poller:
    """One bot's poll. The offset is kept in memory only: after a restart the server repeats what it is not sure of."""

    def __init__(self, api: Api, intake: Intake, pauses: Pauses, progress: Callable[[], None]) -> None:
        self._patient = Patient(api, pauses, progress)
        self._intake = intake
        self._pauses = pauses
        self._progress = progress
        self._offset: int | None = None

    async def run(self) -> None:
        """Poll until cancelled; raises ChannelUnusable."""
        state = await self._patient.call("getWebhookInfo")
        if isinstance(state, dict) and state.get("url"):
            _log.warning("a webhook was set; polling takes its place")
            # What waited for the webhook is ours, too.
            await self._patient.call("deleteWebhook", {"drop_pending_updates": False})
        while True:
            await self._poll()

    async def _poll(self) -> None:
        clock = asyncio.get_running_loop().time
        asked_at = clock()
        # Bot API: without the list the server keeps the one it was given last, whoever gave it.
        asked = {"offset": self._offset, "limit": BATCH, "timeout": POLL, "allowed_updates": ALLOWED}
        updates: Any = await self._patient.call("getUpdates", asked, POLL + MARGIN)
        if isinstance(updates, list) and updates:
            await self._hand_on(updates)
            await asyncio.sleep(max(0.0, asked_at + GATHER - clock()))
            return
        # All before the offset is confirmed. Bot API: after a week without updates their numbers start anywhere, below
        # the offset, too; so it is not kept for longer than it is needed.
        self._offset = None
        if clock() - asked_at < 0.1:
            await self._pauses.sleep(self._pauses.first)  # something on the way answers in the server's place

    async def _hand_on(self, updates: list[Any]) -> None:
        """Record a batch, however often that takes, and move the offset behind it."""
        backoff = Backoff(self._pauses)
        while True:
            self._progress()
            try:
                if backoff.failures < _TRIES:
                    await self._intake.take(updates)
                else:
                    await self._intake.take_apart(updates)
            except Exception as error:
                _log.exception("%d updates not recorded: %s", len(updates), where(error), exc_info=False)
                await backoff.pause()
            else:
                break
        numbers = [number for update in updates if (number := number_of(update)) is not None]
        if numbers:
            self._offset = max(numbers) + 1
        else:
            await backoff.pause()  # nothing to move the offset by: the same again, but not at full speed
