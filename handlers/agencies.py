"""Which agency of a unit somebody means."""

from __future__ import annotations

from domain.agencies import find_agency
from domain.agency_names import UNIT_WORDS
from domain.model import Unit
from domain.vietnamese import fold
from storage import units
from storage.database import Transaction


async def meant(tx: Transaction, unit: Unit, typed: str) -> tuple[int, str] | None:
    """Return the id and the name of the agency meant, by its name or what stands for it ("pkt", "Phòng VHXH")."""
    known = await units.agencies(tx, unit.id)
    word = next((word for word in UNIT_WORDS if unit.name.startswith(f"{word} ")), UNIT_WORDS[0])
    found = find_agency(typed, word)
    for want in [fold(typed)] + ([fold(found.name)] if found else []):
        for agency_id, title in known:
            if fold(title) == want:
                return agency_id, title
    return None
