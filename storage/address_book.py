"""Who is reached at which address of a channel."""

from __future__ import annotations

from storage.database import Transaction


async def names_on(tx: Transaction, channel: str) -> dict[str, str]:
    """Return the names of the people who have joined on a channel, by their address there."""
    rows = await tx.all(
        "SELECT a.external_id, p.name FROM addresses a JOIN people p ON p.id = a.person_id"
        " WHERE a.channel = :channel ORDER BY a.id",
        channel=channel,
    )
    return {row["external_id"]: row["name"] for row in rows}
