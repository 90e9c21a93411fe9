"""An admin decides on indicators an agency says are not its own: another agency reports on them, or it stays so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from domain.conversation import Answer, Done, Flow, Go, Outcome, Stay, Step
from domain.reminders import first_reminder
from handlers.notices import notify
from handlers.prompts import Offer
from handlers.turn import Turn
from storage import audit, disputes, duties, oversight, permissions, units
from storage.disputes import Dispute

LONGEST_ID = 18  # digits; more would not fit the database's integers


async def begin(turn: Turn, raised_in: str) -> Outcome | None:
    """Ask who is to report on what was disputed in a message, or what waits longest; only an admin of the unit is."""
    if not raised_in:
        reach = {unit.id for unit in await permissions.units_where(turn.tx, turn.person_id, "reassign")}
        raised_in = str(await disputes.longest_open(turn.tx, reach) or 0)
    if not (raised_in.isascii() and raised_in.isdecimal() and len(raised_in) < LONGEST_ID):
        turn.say("common/old_choice", aside=True)
        return None
    return Go("agency", {"raised_in": int(raised_in), "each": False})


def _data(turn: Turn) -> Mapping[str, Any]:
    return turn.place.data if turn.place else {}


async def _open(turn: Turn) -> list[Dispute]:
    """Return what the speaker is to decide now: all that is open of one message, or one where each has its own."""
    found = await disputes.open_of(turn.tx, _data(turn)["raised_in"])
    if not found or not await permissions.may(turn.tx, turn.person_id, "reassign", line=found[0].line_id):
        return []
    return found[:1] if _data(turn)["each"] else found


async def _others(turn: Turn, dispute: Dispute) -> list[tuple[int, str]]:
    return [each for each in await units.addressable(turn.tx, dispute.unit_id) if each[0] != dispute.agency_id]


async def _ask_agency(turn: Turn) -> Outcome | None:
    found = await _open(turn)
    if not found:
        turn.say("reassign/decided")
        return Done()
    offers = [Offer(f"agency:{agency_id}", words=name) for agency_id, name in await _others(turn, found[0])]
    each = [Offer("one_by_one")] if len(found) > 1 else []
    turn.say("reassign/which", disputes=found, offers=[*offers, *each, Offer("keep_agency"), Offer("stop")])
    return None


async def _take_agency(turn: Turn, answer: Answer) -> Outcome:
    if answer.choice == "stop":
        raised_in = _data(turn)["raised_in"]
        turn.say("reassign/later", offers=[Offer(f"go:reassign:{raised_in}", "reassign")])
        return Done()
    if answer.choice == "one_by_one":
        return Go("agency", {**_data(turn), "each": True})
    found = await _open(turn)
    if not found:
        turn.say("reassign/decided")
        return Done()
    if answer.choice == "keep_agency":
        await _keep(turn, found)
    else:
        others = dict(await _others(turn, found[0]))
        agency_id = _chosen(answer)
        if agency_id not in others:
            turn.say("reassign/which_wanted", aside=True)
            return Stay()
        await _move(turn, found, agency_id, others[agency_id])
    remaining = await _open(turn) if _data(turn)["each"] else []
    return Go("agency", _data(turn)) if remaining else Done()


def _chosen(answer: Answer) -> int:
    choice = answer.choice or ""
    return int(choice.removeprefix("agency:")) if choice.startswith("agency:") else 0


async def _keep(turn: Turn, found: Sequence[Dispute]) -> None:
    for dispute in found:
        disputes.decide(turn.tx, dispute, "kept", turn.person_id, turn.now, None)
        _note(turn, "line.kept", dispute, dispute.agency)
    told = await oversight.officers_of(turn.tx, found[0].duty_id)
    notify(turn, told, "notes/agency_kept", disputes=found, by=turn.received.person_name)
    turn.say("reassign/kept", settles=True, disputes=found)


async def _move(turn: Turn, found: Sequence[Dispute], agency_id: int, agency: str) -> None:
    """Move lines to another agency's duty: history and figures go along, and both agencies are told."""
    before = await oversight.officers_of(turn.tx, found[0].duty_id)
    duties.hold_unit(turn.tx, found[0].unit_id)
    moved: list[tuple[Dispute, int]] = []
    for dispute in found:
        first = first_reminder(dispute.due, turn.now, turn.calendar)
        duty_id = await disputes.duty_for(turn.tx, dispute, agency_id, first, turn.now)
        if duty_id is not None:
            moved.append((dispute, duty_id))
    # Duties are locked in the order of their ids, whatever order the lines are in.
    for held in sorted({each for dispute, duty_id in moved for each in (dispute.duty_id, duty_id)}):
        duties.hold(turn.tx, held)
    for dispute, duty_id in moved:
        disputes.move(turn.tx, dispute, duty_id, turn.calendar.next_opening(turn.now))
        disputes.decide(turn.tx, dispute, "moved", turn.person_id, turn.now, agency_id)
        _note(turn, "line.moved", dispute, agency)
    gone = [dispute for dispute, _ in moved]
    after = await oversight.officers_of(turn.tx, moved[0][1]) if moved else []
    if moved:
        notify(turn, before, "notes/moved_away", disputes=gone, agency=agency)
        dues = sorted({dispute.due for dispute in gone})
        offers = [Offer(f"go:report:{dues[-1].isoformat()}:{gone[0].unit_id}", "start_report")]
        notify(turn, after, "notes/moved_here", offers, disputes=gone, agency=agency, dues=dues)
    left = [dispute for dispute in found if dispute not in gone]
    turn.say("reassign/moved", settles=True, disputes=gone, left=left, agency=agency, reached=bool(after))


def _note(turn: Turn, action: str, dispute: Dispute, agency: str) -> None:
    subject, unit_id = f"line:{dispute.line_id}", dispute.unit_id
    was = dispute.agency
    audit.note(turn.tx, action, subject, turn.now, turn.person_id, unit_id=unit_id, was=was, now_is=agency)


FLOW = Flow("reassign", {"agency": Step(_ask_agency, _take_agency)}, views=frozenset({"agency"}))
