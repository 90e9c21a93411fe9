"""The first admin: while nobody administers anything, `dondoc run` prints a code for whoever is to."""

from __future__ import annotations

from datetime import datetime

from bot.channels.drawing import in_letters
from bot.cli.common import commune_name, province_name
from bot.cli.links import link_to
from bot.cli.terminal import say, write
from bot.config import Settings, UnitSettings
from domain.model import Unit
from handlers import inviting
from handlers.codes import VALID_FOR, printed
from storage import invitations, people, units
from storage.database import Database, Transaction


async def offer(settings: Settings, database: Database, now: datetime) -> None:
    """Print a one-time code, a link and a QR code by which somebody becomes admin of the unit of the settings.

    Nothing happens once there is an admin. Codes printed at earlier starts and not used are revoked.
    Raises `Complaint` where the settings name no province there is.
    """
    async with database.transaction() as tx:
        if await people.any_admin(tx):
            return
        unit = await _unit(tx, settings.unit, now)
        if unit is None:
            say("first_admin_where")
            return
        for waiting in await invitations.open_of(tx, [unit.id], now):
            if waiting.role == "admin" and not waiting.name:
                await invitations.revoke(tx, waiting.id)
        code = printed(await inviting.make(tx, now, "admin", "", unit.id))
    username, link = await link_to(settings.telegram, code)
    say("first_admin", unit=unit.name, code=code, days=VALID_FOR.days, username=username, link=link)
    if link:
        write(in_letters(link))


async def _unit(tx: Transaction, named: UnitSettings, now: datetime) -> Unit | None:
    """Return the unit of the settings, made where it is new; without settings, the only commune there is."""
    if not named.province:
        known = await units.communes(tx)
        return known[0] if len(known) == 1 else None
    full = province_name(named.province)
    found = await units.alike(tx, "province", full)
    province = found[0] if found else await units.ensure_unit(tx, "province", full, None, now)
    if not named.commune:
        return province
    name = commune_name(named.commune)
    alike = [unit for unit in await units.alike(tx, "commune", name) if unit.parent_id == province.id]
    return alike[0] if alike else await units.ensure_unit(tx, "commune", name, province, now)
