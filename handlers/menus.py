"""The commands a messenger lists in a chat: those that the person there has a use for."""

from __future__ import annotations

from domain.messages import MenuCommand
from handlers.render import description
from storage import people
from storage.database import Transaction

_OFFICER = ("viec", "sua", "huy")
_OVERSEER = ("status",)


def for_strangers() -> tuple[MenuCommand, ...]:
    """Return what is listed for whoever has not joined."""
    return _menu("start")


async def of(tx: Transaction, person_id: int) -> tuple[MenuCommand, ...]:
    """Return what is listed for a person, by what they are at this moment."""
    officer = _OFFICER if await people.memberships(tx, person_id) else ()
    overseer = _OVERSEER if await people.grants(tx, person_id) else ()
    return _menu(*officer, *overseer, "help")


def _menu(*names: str) -> tuple[MenuCommand, ...]:
    return tuple(MenuCommand(name, description(name)) for name in names)
