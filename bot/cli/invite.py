"""dondoc invite."""

from __future__ import annotations

from pathlib import Path
from typing import cast, get_args

from bot.cli.common import with_database
from bot.cli.communes import find_commune
from bot.cli.links import link_to
from bot.cli.terminal import say
from bot.clock import Clock
from bot.complaint import Complaint
from bot.config import Settings
from bot.lookups import wait_for_no_thread
from domain.model import InvitationRole, Unit
from domain.permissions import MEMBERSHIPS
from domain.vietnamese import clean
from handlers import inviting
from handlers.agencies import meant
from handlers.codes import VALID_FOR, printed
from storage import plans, units
from storage.database import Database, Transaction


def run(config: Path | None, commune: str, name: str, agency: str | None, role: str, province: str | None) -> None:
    """Make an invitation and print its code, which is stored only as a hash, with a link where Telegram answers."""
    if role not in get_args(InvitationRole):
        raise Complaint("role_unknown", role=role)
    if (role in MEMBERSHIPS) != (agency is not None):
        raise Complaint("role_agency", role=role)
    if not clean(name):
        raise Complaint("name_missing")

    async def work(settings: Settings, database: Database) -> None:
        wait_for_no_thread()
        now = Clock().now()
        async with database.transaction() as tx:
            unit = await find_commune(tx, commune, province)
            agency_id, title = await _agency(tx, unit, agency) if agency is not None else (None, None)
            code = await inviting.make(tx, now, cast(InvitationRole, role), clean(name), unit.id, agency_id)
            idle = title is not None and title not in await plans.reporters(tx, unit.id)
        values = {"unit": unit.name, "agency": title, "idle": idle, "role": role, "days": VALID_FOR.days}
        # Asked last: the invitation stands, and must be told, whatever the network does.
        username, link = await link_to(settings.telegram, printed(code))
        say("invited", name=clean(name), code=printed(code), username=username, link=link, **values)

    with_database(config, work)


async def _agency(tx: Transaction, unit: Unit, typed: str) -> tuple[int, str]:
    found = await meant(tx, unit, typed)
    if found is None:
        known = [title for _, title in await units.agencies(tx, unit.id)]
        owing = await plans.reporters(tx, unit.id)
        raise Complaint("agency_unknown", name=typed, unit=unit.name, known=owing or known)
    return found
