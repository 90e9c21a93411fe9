"""Record what came in, before the channel is told that it did."""

from __future__ import annotations

from collections.abc import Sequence

from bot.app import App
from domain.messages import Incoming
from storage import inbox


async def record(app: App, messages: Sequence[Incoming]) -> None:
    """Store messages in one transaction; returning means they are on the disk."""
    async with app.database.transaction() as tx:
        inbox.record(tx, messages, app.clock.now())
    app.inbox_changed.set()
