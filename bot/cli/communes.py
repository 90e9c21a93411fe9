"""Which commune somebody at the terminal means."""

from __future__ import annotations

from bot.cli.common import province_name
from bot.complaint import Complaint
from domain.model import Unit
from domain.vietnamese import fold
from storage import units
from storage.database import Transaction


async def find_commune(tx: Transaction, typed: str, province: str | None) -> Unit:
    """Return the commune of that name, with its type or without; raises `Complaint` where none or several fit."""
    known = await units.communes(tx)
    fitting = [unit for unit in known if fold(typed) in (fold(unit.name), fold(unit.name.partition(" ")[2]))]
    places = [f"{unit.name} ({await _province_of(tx, unit)})" for unit in fitting]
    if province is not None:
        wanted = fold(province_name(province))
        fitting = [unit for unit in fitting if fold(await _province_of(tx, unit)) == wanted]
    if len(fitting) != 1:
        names = [unit.name for unit in known]
        raise Complaint("commune_unknown", name=typed, known=names, places=places)
    return fitting[0]


async def find_province(tx: Transaction, typed: str) -> Unit | None:
    """Return the province of that full name, "tỉnh Ninh Bình"; None where it is none, and so perhaps a commune."""
    found = await units.alike(tx, "province", typed)
    return found[0] if found else None


async def _province_of(tx: Transaction, unit: Unit) -> str:
    parent = await units.find(tx, unit.parent_id) if unit.parent_id is not None else None
    return parent.name if parent else ""
