"""Which agency of a unit somebody means."""

from __future__ import annotations

from domain.agencies import find_agency
from domain.agency_names import UNIT_WORDS, UnitWord
from domain.model import Unit
from domain.vietnamese import fold
from storage import agencies, units
from storage.database import Transaction


def word_of(unit: Unit) -> UnitWord:
    """Return what a unit calls itself, which decides how its agencies are called."""
    return next((word for word in UNIT_WORDS if unit.name.startswith(f"{word} ")), UNIT_WORDS[0])


async def meant(tx: Transaction, unit: Unit, typed: str) -> tuple[int, str] | None:
    """Return the id and the name of the agency meant, by its name, another it goes by, or its short form ("pkt")."""
    known = await units.agencies(tx, unit.id)
    found = find_agency(typed, word_of(unit))
    for want in [fold(typed)] + ([fold(found.name)] if found else []):
        for agency_id, title in known:
            if fold(title) == want:
                return agency_id, title
        if (other := await agencies.called(tx, unit.id, want)) is not None:
            return other.id, other.name
    return None
