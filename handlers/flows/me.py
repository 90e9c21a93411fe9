"""/toi and /xoadulieu: what is kept about somebody; another account of theirs, leaving an agency, withdrawing."""

from __future__ import annotations

from domain.consent import VERSION
from domain.conversation import Answer, Done, Flow, Go, Outcome, Stay, Step
from handlers import admitting
from handlers.codes import VALID_FOR, new_code, printed
from handlers.notes import note_admins
from handlers.prompts import Offer
from handlers.turn import Turn
from storage import audit, forgetting, invitations, people
from storage.people import Membership


async def begin(turn: Turn, argument: str) -> Outcome | None:  # noqa: ARG001
    """Show what is kept."""
    return Go("show")


async def forget(turn: Turn, argument: str) -> Outcome | None:  # noqa: ARG001
    """Ask whether somebody really withdraws."""
    return Go("forget")


async def _ask_show(turn: Turn) -> Outcome | None:
    kept = await people.kept_of(turn.tx, turn.person_id)
    memberships = await people.memberships(turn.tx, turn.person_id)
    offers = [Offer("add_account"), *([Offer("leave_agency")] if memberships else []), Offer("forget_me")]
    turn.say(
        "me/show",
        kept=kept,
        memberships=memberships,
        grants=await people.grants(turn.tx, turn.person_id),
        consented=kept.consented_at.astimezone(turn.calendar.zone).date(),
        newest=VERSION,
        offers=[*offers, Offer("close")],
    )
    return None


async def _take_show(turn: Turn, answer: Answer) -> Outcome:
    match answer.choice:
        case "add_account":
            code = new_code()
            await invitations.add_pairing(turn.tx, code, turn.person_id, turn.now + VALID_FOR, turn.now)
            turn.say("me/add_account", days=VALID_FOR.days, offers=[Offer("go:toi:", "see_me")])
            turn.add("me/code", code=printed(code))
            return Done()
        case "leave_agency":
            return Go("leave")
        case "forget_me":
            return Go("forget")
    turn.say("common/stopped")
    return Done()


async def _ask_leave(turn: Turn) -> Outcome | None:
    mine = await people.memberships(turn.tx, turn.person_id)
    if not mine:
        turn.say("common/stopped")
        return Done()
    offers = [Offer(f"leave:{each.agency_id}", words=_named(each, mine)) for each in mine]
    turn.say("me/which_agency", offers=[*offers, Offer("stop")])
    return None


def _named(each: Membership, mine: list[Membership]) -> str:
    several = len({one.unit_id for one in mine}) > 1
    return f"{each.agency_name}, {each.unit_name}" if several else each.agency_name


async def _take_leave(turn: Turn, answer: Answer) -> Outcome:
    wanted = (answer.choice or "").removeprefix("leave:")
    for each in await people.memberships(turn.tx, turn.person_id):
        if str(each.agency_id) == wanted:
            people.remove_member(turn.tx, turn.person_id, each.agency_id)
            subject = f"agency:{each.agency_id}"
            audit.note(turn.tx, "member.left", subject, turn.now, turn.person_id, unit_id=each.unit_id)
            name = turn.received.person_name
            await note_admins(
                turn.tx, turn.now, each.unit_id, "notes/left", but=turn.person_id, name=name, agency=each.agency_name
            )
            turn.say("me/left", settles=True, agency=each.agency_name)
            await admitting.show_menu(turn, turn.person_id)
            return Done()
    turn.say("common/stopped")
    return Done()


async def _ask_forget(turn: Turn) -> Outcome | None:
    alone = await forgetting.only_admin_of(turn.tx, turn.person_id)
    turn.say("me/forget", alone=alone, offers=[Offer("erase"), Offer("keep_me")])
    return None


async def _take_forget(turn: Turn, answer: Answer) -> Outcome:
    if answer.choice == "keep_me":
        turn.say("common/stopped")
        return Done()
    if answer.choice != "erase":
        turn.say("me/erase_or_keep", offers=[Offer("erase"), Offer("keep_me")])
        return Stay()
    person_id = turn.person_id
    mine = await people.memberships(turn.tx, person_id)
    reach = await people.units_of(turn.tx, person_id)
    elsewhere = [each for each in await people.addresses_of(turn.tx, person_id) if each != turn.received.message.sender]
    forgetting.forget(turn.tx, person_id)
    for unit_id in reach:
        audit.note(turn.tx, "person.forgotten", f"person:{person_id}", turn.now, person_id, unit_id=unit_id)
        agencies = [each.agency_name for each in mine if each.unit_id == unit_id]
        await note_admins(turn.tx, turn.now, unit_id, "notes/withdrew", agencies=agencies)
    turn.vanish("me/forgotten", elsewhere)
    return Done()


FLOW = Flow(
    "me",
    {
        "show": Step(_ask_show, _take_show),
        "leave": Step(_ask_leave, _take_leave),
        "forget": Step(_ask_forget, _take_forget),
    },
    choices_only=frozenset({"show", "leave", "forget"}),
)
