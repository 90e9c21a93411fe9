"""/danhba: the agencies of a unit and who answers for them, those nobody answers for first."""

from __future__ import annotations

from domain.model import Unit
from domain.vietnamese import fold
from handlers import contacts
from handlers.agencies import meant
from handlers.commands.base import Command
from handlers.prompts import Offer
from handlers.turn import Turn
from storage import permissions

SHOWN = 20  # units to choose from


async def run(turn: Turn, argument: str) -> None:
    """Show the unit named or the only one, "u3:1" a page of it, "#12" an agency, "#12:34" a contact of it.

    The name of an agency shows that one.
    """
    reach = await permissions.units_where(turn.tx, turn.person_id, "read_contacts", provinces=True)
    wanted = fold(argument)
    fitting = [unit for unit in reach if wanted in (fold(unit.name), fold(unit.name.partition(" ")[2]))]
    if argument.startswith("#"):
        await _show(turn, argument[1:])
    elif argument.startswith("u") and (page := contacts.numbers(argument[1:], 2)) is not None:
        await _page(turn, {unit.id: unit for unit in reach}.get(page[0]), page[1])
    elif len(fitting) == 1 or (not argument and len(reach) == 1):
        await contacts.show_list(turn, (fitting or reach)[0])
    elif len(reach) == 1 and (agency := await meant(turn.tx, reach[0], argument)) is not None:
        await contacts.show_agency(turn, agency[0])
    elif len(reach) == 1:
        turn.say("contacts/unknown", offers=[Offer(f"go:danhba:u{reach[0].id}:0", "all_agencies")])
    else:
        offers = [Offer(f"go:danhba:u{unit.id}:0", words=unit.name) for unit in (fitting or reach)[:SHOWN]]
        turn.say("contacts/which", count=len(reach), offers=offers)


async def _page(turn: Turn, unit: Unit | None, page: int) -> None:
    if unit is None:
        turn.say("common/old_choice")
    else:
        await contacts.show_list(turn, unit, page)


async def _show(turn: Turn, ids: str) -> None:
    if (person := contacts.numbers(ids, 2)) is not None:
        await contacts.show_person(turn, *person)
    elif (agency := contacts.numbers(ids, 1)) is not None:
        await contacts.show_agency(turn, *agency)
    else:
        turn.say("common/old_choice")


COMMAND = Command("danhba", run, "read_contacts", aliases=("danh bạ",), words=("danh bạ", "xem danh bạ"))
