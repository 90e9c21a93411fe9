"""Which agency somebody with several speaks for, kept with their address."""

from __future__ import annotations

from domain.messages import Address
from storage.database import Transaction


async def chosen(tx: Transaction, address: Address) -> int | None:
    """Return the agency chosen last over an address; it may be none of the person's any more."""
    row = await tx.one(
        "SELECT speaks_for FROM addresses WHERE channel = :channel AND external_id = :external_id",
        channel=address.channel,
        external_id=address.id,
    )
    return row["speaks_for"] if row else None


def choose(tx: Transaction, address: Address, agency_id: int) -> None:
    """Queue keeping which agency is spoken for over an address."""
    tx.later(
        "UPDATE addresses SET speaks_for = :agency_id WHERE channel = :channel AND external_id = :external_id",
        agency_id=agency_id,
        channel=address.channel,
        external_id=address.id,
    )
