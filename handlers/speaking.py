"""One person for several agencies or communes: which of them they speak for is asked once, and kept.

A digest's choices say of which commune they are; this is for what does not: "nhập", /viec.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.agencies import find_agency
from domain.agency_names import UNIT_WORDS
from domain.model import DutyLine
from domain.vietnamese import fold
from handlers.prompts import Offer
from handlers.turn import Turn
from storage import people, speaking
from storage.people import Membership


@dataclass(frozen=True, slots=True)
class Speaker:
    """The agencies of a person, and the one they have chosen to speak for; None with one agency, or no choice yet."""

    agencies: Sequence[Membership]
    chosen: Membership | None = None

    @property
    def several(self) -> bool:
        """Whether it must be said whose figures are meant."""
        return len(self.agencies) > 1

    def of(self, lines: Sequence[DutyLine]) -> list[DutyLine]:
        """Return the lines of the agency chosen; all of them while none is."""
        return [line for line in lines if self.chosen is None or _is_of(line, self.chosen)]

    def owing(self, lines: Sequence[DutyLine]) -> list[tuple[Membership, int]]:
        """Return the agencies that lack figures, and how many."""
        counts = [(each, sum(_is_of(line, each) for line in lines if _is_missing(line))) for each in self.agencies]
        return [(agency, count) for agency, count in counts if count]

    def others(self, lines: Sequence[DutyLine]) -> list[tuple[Membership, int]]:
        """Return the agencies beside the one chosen that lack figures, and how many."""
        return [(agency, count) for agency, count in self.owing(lines) if agency != self.chosen]


def _is_of(line: DutyLine, agency: Membership) -> bool:
    return (line.agency, line.unit_id) == (agency.agency_name, agency.unit_id)


def _is_missing(line: DutyLine) -> bool:
    return line.status != "reported"


async def speaker(turn: Turn, choice: str = "") -> Speaker:
    """Return whom the person speaks for. `choice` is the id of one of their agencies, which is kept from now on.

    It may come from anybody: one that is none of theirs is passed over, as is one kept from before.
    """
    agencies = await people.memberships(turn.tx, turn.person_id)
    if len(agencies) < 2:
        return Speaker(agencies)
    address = turn.received.message.sender
    said = next((each for each in agencies if str(each.agency_id) == choice), None)
    if said is not None:
        speaking.choose(turn.tx, address, said.agency_id)
        return Speaker(agencies, said)
    kept = await speaking.chosen(turn.tx, address)
    return Speaker(agencies, next((each for each in agencies if each.agency_id == kept), None))


def ask(turn: Turn, who: Speaker, lines: Sequence[DutyLine], action: str) -> None:
    """Ask which agency is meant; `action` with its id behind it is what each choice does."""
    communes = len({each.unit_id for each in who.agencies}) > 1
    counts = {agency.agency_id: count for agency, count in who.owing(lines)}
    offers = [
        Offer(
            f"{action}{each.agency_id}", words=f"{each.agency_name}, {each.unit_name}" if communes else each.agency_name
        )
        for each in who.agencies
    ]
    turn.say("speaking/which", agencies=who.agencies, counts=counts, chosen=who.chosen, offers=offers)


def say_nothing_missing(turn: Turn, who: Speaker | None, lines: Sequence[DutyLine]) -> None:
    """Say that no figure is missing; with `who`, which other agency of the person lacks some all the same."""
    others = who.others(lines) if who and who.chosen else []
    if who and others:
        change = [Offer("go:donvi:", "change_agency")]
        turn.say("speaking/nothing_missing", chosen=who.chosen, others=others, offers=change)
    else:
        turn.say("report/nothing_missing")


async def named(turn: Turn, typed: str) -> str | None:
    """Return the id of the one of several agencies of the person that a whole message names; None for any other.

    It is empty where several have that name.
    """
    want = fold(typed).strip(" .!?")
    agencies = await people.memberships(turn.tx, turn.person_id)
    if len(agencies) < 2 or not want:
        return None
    fitting = [each for each in agencies if want in _names(each) or _stands_for(typed, each)]
    if len(fitting) > 1:
        return ""
    return str(fitting[0].agency_id) if fitting else None


def _names(agency: Membership) -> set[str]:
    name, unit = fold(agency.agency_name), fold(agency.unit_name)
    return {name, unit, f"{name}, {unit}", f"{name} {unit}"}


def _stands_for(typed: str, agency: Membership) -> bool:
    """Tell whether a short form as "pkt" is that of an agency."""
    word = next((word for word in UNIT_WORDS if agency.unit_name.startswith(f"{word} ")), UNIT_WORDS[0])
    found = find_agency(typed, word)
    return found is not None and fold(found.name) == fold(agency.agency_name)
