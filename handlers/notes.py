"""Short notes to the admins of a unit: somebody joined, something went wrong. Never the words of a chat."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from domain.messages import Outgoing
from handlers.render import render
from storage import outbox, people
from storage.database import Transaction


async def note_admins(
    tx: Transaction, now: datetime, unit_id: int, template: str, *, but: int | None = None, **values: Any
) -> None:
    """Queue a rendered note to every admin of a unit, except the person `but`, whom it is about."""
    skipped = set(await people.addresses_of(tx, but)) if but is not None else set()
    for address in await people.admins_of(tx, unit_id):
        if address not in skipped:
            outbox.add(tx, address, Outgoing(render(template, **values)), now, "broadcast")
