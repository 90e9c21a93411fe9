"""Record what came in, before the channel is told that it did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.app import App
from domain.messages import Incoming
from storage import inbox


async def record(app: App, messages: Sequence[Incoming]) -> None:
    """Store messages in one transaction; returning means they are on the disk."""
    async with app.database.transaction() as tx:
        inbox.record(tx, [_storable(message) for message in messages], app.clock.now())
    app.inbox_changed.set()


def _storable(message: Incoming) -> Incoming:
    """Return a message without what no database takes: NUL, and halves of characters cut in two.

    Left in, one such message would keep everything received with it, and all that comes after, from being recorded.
    """
    token = None if message.token is None else _clean(message.token)
    return replace(message, text=_clean(message.text), token=token)


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\0", "")
