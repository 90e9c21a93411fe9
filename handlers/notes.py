"""Short notes to the admins of a unit: somebody joined, something went wrong. Never the words of a chat."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from domain.messages import Outgoing
from handlers.render import render
from handlers.turn import Turn
from storage import audit, outbox, people
from storage.database import Transaction


async def note_admins(
    tx: Transaction, now: datetime, unit_id: int, template: str, *, but: int | None = None, **values: Any
) -> int:
    """Queue a rendered note to every admin of a unit, except the person `but`, whom it is about; return to how many."""
    skipped = set(await people.addresses_of(tx, but)) if but is not None else set()
    told = [address for address in await people.admins_of(tx, unit_id) if address not in skipped]
    for address in told:
        outbox.add(tx, address, Outgoing(render(template, **values)), now, "broadcast")
    return len(told)


async def note_refusal(turn: Turn, refusal: str) -> None:
    """Record that something was kept out, and tell the admins where it may be secret; nothing of its content."""
    received = turn.received
    audit.note(turn.tx, "message.refused", f"inbox:{received.id}", turn.now, received.person_id, reason=refusal)
    if refusal == "secret":
        for unit_id in await people.units_of(turn.tx, turn.person_id):
            await note_admins(
                turn.tx, turn.now, unit_id, "notes/secret", but=received.person_id, name=received.person_name
            )
