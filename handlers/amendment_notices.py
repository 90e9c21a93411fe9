"""Tell the officers of a commune what a new version of its plan changes for their agencies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from domain.amendments import Amendment, Kept, PlannedTarget
from domain.messages import WEAKEST, Address
from domain.model import Unit
from domain.periods import WorkCalendar
from handlers.prompts import compose
from handlers.render import render
from storage import amendments, outbox
from storage.database import Transaction
from storage.plans import KnownPlan

SHOWN = 3  # names of each sort; /viec shows them all


@dataclass(slots=True)
class _Change:
    """What changes for one agency: names of indicators, and the targets that read otherwise."""

    added: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    targets: list[Kept] = field(default_factory=list)
    deadlines: list[Kept] = field(default_factory=list)
    again: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added or self.dropped or self.targets or self.deadlines)


async def tell(
    tx: Transaction, unit: Unit, plan: KnownPlan, amendment: Amendment, calendar: WorkCalendar, now: datetime
) -> int:
    """Queue one message to each person of an agency for which something changes; return how many that are.

    It goes out when people may be written to; who has nothing to do with the changes hears nothing.
    """
    changes = {agency: change for agency, change in _by_agency(amendment).items() if change}
    people: dict[int, tuple[Address, list[str]]] = {}
    for agency, person_id, address in await amendments.whom_to_tell(tx, unit.id):
        if agency in changes:
            people.setdefault(person_id, (address, []))[1].append(agency)
    at = now if calendar.is_open(now) else calendar.next_opening(now)
    for address, agencies in people.values():
        text = render(
            "reminder/amended",
            unit=unit.name,
            plan=plan,
            changes={agency: changes[agency] for agency in agencies},
            shown=SHOWN,
        )
        for message in compose([text], (), False, "", WEAKEST):
            outbox.add(tx, address, message, at, "broadcast")
    return len(people)


def _by_agency(amendment: Amendment) -> dict[str, _Change]:
    found: dict[str, _Change] = {}

    def of(agency: str) -> _Change:
        return found.setdefault(agency, _Change())

    for part in amendment.added:
        for agency in _owing(part.targets):
            of(agency).added.append(part.name)
    for part in amendment.removed:
        for agency in _owing(part.targets):
            of(agency).dropped.append(part.name)
    for kept in amendment.kept:
        before, now = kept.old.agency, kept.new.agency
        if before != now:
            if now is not None:
                of(now).added.append(kept.name)
            if before is not None:
                of(before).dropped.append(kept.name)
        elif now is not None:
            of(now).targets += [kept] if kept.target_changed else []
            of(now).deadlines += [kept] if kept.deadline_changed else []
            of(now).again += [kept.name] if kept.again else []
    return found


def _owing(targets: Iterable[PlannedTarget]) -> list[str]:
    return list(dict.fromkeys(target.agency for target in targets if target.agency is not None))
