"""Joining: a one-time code, what is kept about the person, their consent, and only then a name in the books."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta

from domain.conversation import Answer, Done, Flow, Go, Outcome, Stay, Step
from domain.reminders import first_reminder
from domain.vietnamese import fold
from handlers import menus
from handlers.notes import note_admins
from handlers.prompts import Offer
from handlers.turn import Turn
from storage import audit, duties, people

# No 0/O, 1/I/L or U: nobody has to ask which one it is. 30^8 codes, five tries an hour an address, seven days.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
VALID_FOR = timedelta(days=7)
LOCKED_FOR = timedelta(hours=1)
_MEANT_AS_CODE = re.compile(rf"(?:ma )?moi [a-z0-9]{{{LENGTH // 2}}} ?[a-z0-9]{{{LENGTH // 2}}}")
_CODE = re.compile(rf"(?:MA)?(?:MOI)?([{ALPHABET}]{{{LENGTH}}})")


def new_code() -> str:
    """Return a fresh one-time code of letters and digits, without its hyphen."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if any(c.isdecimal() for c in code) and any(c.isalpha() for c in code):
            return code


def printed(code: str) -> str:
    """Return a code as people pass it on: "7K4M-29QX"."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def read_code(words: str) -> str | None:
    """Return the code in "MỜI 7K4M-29QX", "moi 7k4m 29qx" or the like; None where there is none."""
    letters = re.sub(r"[^A-Z0-9]", "", fold(words[:64]).upper())
    match = _CODE.fullmatch(letters)
    if match is None or not re.search("[0-9]", match[1]) or not re.search("[A-Z]", match[1]):
        return None
    return match[1]


def looks_like_code(words: str) -> bool:
    """Tell whether somebody who has joined already is sending another code."""
    return read_code(words) is not None or _MEANT_AS_CODE.fullmatch(fold(words[:64])) is not None


def is_invitation(words: str) -> bool:
    """Tell whether a message says itself that it is a code: "MỜI 7K4M-29QX". A figure with its unit never does."""
    return fold(words).startswith(("moi ", "ma moi ")) and looks_like_code(words)


async def hear(turn: Turn, words: str) -> Outcome | None:
    """Answer somebody who sent a code, or who is unknown: with what the code offers, or how to get one."""
    received = turn.received
    if received.locked_until is not None and received.locked_until > turn.now:
        turn.say("join/locked", until=received.locked_until.astimezone(turn.calendar.zone))
        return None
    code = read_code(words)
    if code is None and _MEANT_AS_CODE.fullmatch(fold(words)):
        turn.say("join/wrong_code")  # it cannot be one of ours, and so is no guess to count
        return None
    if code is None:
        turn.say("join/hint" if received.person_id is None else "join/known", name=received.person_name)
        return None
    invited = await people.find_invitation(turn.tx, code, turn.now)
    if invited is not None:
        return Go("consent", {"invitation": invited.id})
    address = received.message.sender
    if await people.count_wrong_code(turn.tx, address, turn.now + LOCKED_FOR, turn.now):
        audit.note(turn.tx, "address.locked", f"address:{address.channel}", turn.now)
        turn.say("join/locked", until=(turn.now + LOCKED_FOR).astimezone(turn.calendar.zone))
    else:
        turn.say("join/wrong_code")
    return None


async def _ask_consent(turn: Turn) -> Outcome | None:
    invited = await _invited(turn)
    if invited is None:
        turn.say("join/wrong_code")
        return Done()
    turn.say("join/consent", invited=invited, offers=[Offer("agree"), Offer("decline")])
    return None


async def _take_consent(turn: Turn, answer: Answer) -> Outcome:
    if answer.choice == "decline":
        turn.say("join/declined")
        return Done()
    if answer.choice is None and looks_like_code(answer.text):
        return await hear(turn, answer.text) or Done()  # another code: the one sent last counts
    if answer.choice != "agree":
        turn.say("join/agree_or_decline", offers=[Offer("agree"), Offer("decline")])
        return Stay()
    invited = await _invited(turn)
    received = turn.received
    if invited is None:
        turn.say("join/wrong_code")
        return Done()
    person_id = await people.accept(turn.tx, invited, received.message.sender, received.person_id, turn.now)
    if person_id is None:
        turn.say("join/wrong_code")
        return Done()
    audit.note(
        turn.tx,
        "invitation.used",
        f"invitation:{invited.id}",
        turn.now,
        person_id,
        unit_id=invited.unit_id,
        role=invited.role,
    )
    missing = 0
    if invited.agency_id is not None:
        for duty_id, due in await duties.never_reminded(turn.tx, invited.agency_id):
            duties.remind_next(turn.tx, duty_id, first_reminder(due, turn.now, turn.calendar), None)
        lines = await duties.lines_of(turn.tx, person_id, asked=turn.today)
        missing = sum(line.status != "reported" for line in lines)
    offers = [Offer("go:report:", "start_report")] if missing else []
    name = received.person_name or invited.name  # somebody who joined before keeps their name, whoever was invited
    turn.say("join/welcome", invited=invited, name=name, missing=missing, offers=offers)
    if turn.capabilities.menus:
        turn.show_menu(await menus.of(turn.tx, person_id))
    await note_admins(turn.tx, turn.now, invited.unit_id, "notes/joined", but=person_id, invited=invited, name=name)
    return Done()


async def _invited(turn: Turn) -> people.Invitation | None:
    data = turn.place.data if turn.place else {}
    return await people.invitation(turn.tx, int(data["invitation"]), turn.now)


FLOW = Flow("join", {"consent": Step(_ask_consent, _take_consent)})
