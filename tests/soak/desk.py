"""Looks into the database for the people of a soak: is anything still on its way to or from somebody?"""

from __future__ import annotations

import asyncio

from storage.database import Database
from tests.botapi import BotApi

LOOK_EVERY = 0.05  # seconds; a database in another process tells nobody that it changed
_BUSY = (
    "SELECT recipient AS who FROM outbox WHERE status IN ('queued', 'sending') AND kind = 'conversation'"
    " UNION SELECT sender FROM inbox WHERE status = 'waiting'"
)


class Desk:
    """One look for all who wait."""

    def __init__(self, api: BotApi, database: Database) -> None:
        self._api = api
        self._database = database
        self._busy: set[int] = set()
        self._looked = asyncio.Condition()
        self._looks = 0

    async def look(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            # First what the messenger has: on its way from there to the database it is in both, never in neither.
            busy = {waiting.key for waiting in self._api.first_bot.updates.pending.values()}
            async with self._database.transaction() as tx:
                busy |= {int(row["who"]) for row in await tx.all(_BUSY)}
            async with self._looked:
                self._busy = busy
                self._looks += 1
                self._looked.notify_all()
            await asyncio.sleep(LOOK_EVERY)

    async def settled(self, who: int) -> None:
        """Wait until nothing is on its way to or from somebody any more."""
        async with self._looked:
            begun = self._looks + 1  # the look going on now may have begun too early
            await self._looked.wait_for(lambda: self._looks > begun and who not in self._busy)
