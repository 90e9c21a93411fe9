"""The commands a messenger lists in a chat: those that the person there has a use for."""

from __future__ import annotations

from domain.messages import MenuCommand
from domain.permissions import Action
from handlers.render import description
from storage import permissions
from storage.database import Transaction
from storage.requests import DECIDED_BY

_IN_ORDER = (
    "viec",
    "sua",
    "huy",
    "giahan",
    "status",
    "tralai",
    "chot",
    "duyet",
    "khoa",
    "quytac",
    "lichnhac",
    "moi",
    "nguoimoi",
    "danhba",
    "nhatky",
    "toi",
    "help",
)
# Commands that everybody may type, and for whom they do something: whoever may do one of these.
_OF_USE_TO: dict[str, frozenset[Action]] = {
    "huy": frozenset({"report"}),
    "duyet": frozenset(DECIDED_BY.values()),
}


def for_strangers() -> tuple[MenuCommand, ...]:
    """Return what is listed for whoever has not joined."""
    return _menu("start")


async def of(tx: Transaction, person_id: int) -> tuple[MenuCommand, ...]:
    """Return what is listed for a person, by what they may do at this moment."""
    from handlers.commands import COMMANDS  # here, because commands may lead to flows, and flows show this list

    may = await permissions.actions_anywhere(tx, person_id)
    use = [name for name in _IN_ORDER if (action := COMMANDS[name].action) is None or action in may]
    return _menu(*(name for name in use if name not in _OF_USE_TO or may & _OF_USE_TO[name]))


def _menu(*names: str) -> tuple[MenuCommand, ...]:
    return tuple(MenuCommand(name, description(name)) for name in names)
