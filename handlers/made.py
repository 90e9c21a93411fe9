"""Documents made when they are sent: the outbox row says which and of what, and the sender lets it be made.

What a document is made of is read in a transaction of its own, as things are then; it is made in a thread. So neither
a turn nor another person's message waits for it, and whatever is repeated after a crash is made anew.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.messages import Attachment
from handlers import documents, form, pictures
from handlers.documents import Made
from storage.database import Transaction
from storage.values import packed, unpacked

MADE = "made:"  # what the path of an attachment begins with that is no file yet

Argument = Mapping[str, Any]  # plain data: ids and days, nobody's words


@dataclass(frozen=True, slots=True)
class Maker:
    """How a kind of document is made: `collect` reads, and gives None where nothing is left to make it of; `make` makes
    it, in a thread, and says what kind of file it became. `instead` is the template that is said where there is none.
    """

    collect: Callable[[Transaction, Argument, date], Awaitable[Any]]
    make: Callable[[Any], Made]
    instead: str


def _drawn(found: pictures.History | pictures.Map) -> Made:
    return Made(pictures.draw(found), ".png")


MAKERS: dict[str, Maker] = {
    "form": Maker(form.collect, lambda found: Made(form.make(found), ".xlsx"), "form/nothing"),
    "history": Maker(pictures.collect_history, _drawn, "status/nothing_to_make"),
    "map": Maker(pictures.collect_map, _drawn, "status/nothing_to_make"),
} | {name: Maker(documents.collect, documents.maker(name), "status/nothing_to_make") for name in documents.FORMATS}


def attachment(maker: str, name: str, argument: Argument) -> Attachment:
    """Return a document to be made by a maker when it is sent, called `name` on the phone."""
    return Attachment("document", f"{MADE}{maker}:{packed(dict(argument))}", name)


def read(path: str) -> tuple[Maker, Argument] | None:
    """Return the maker and the argument in the path of an attachment; None for a file that is there already."""
    if not path.startswith(MADE):
        return None
    name, _, argument = path.removeprefix(MADE).partition(":")
    return MAKERS[name], unpacked(argument)
