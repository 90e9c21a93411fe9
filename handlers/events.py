"""What people do besides writing and pressing: they edit, send files, share a number, block us, talk in a group."""

from __future__ import annotations

from handlers.turn import Turn
from storage import audit, people


def heed(turn: Turn) -> bool:
    """Answer what is neither words nor a pressed choice; False for all that is, which is for others to handle.

    None of it disturbs a form in progress: its question still stands.
    """
    message = turn.received.message
    match message.kind:
        case "fetched":
            return False
        case "blocked":
            people.mark_address(turn.tx, message.sender, "unreachable")
            audit.note(turn.tx, "address.unreachable", f"inbox:{turn.received.id}", turn.now, reason="blocked")
            return True
        case "unblocked":
            people.mark_address(turn.tx, message.sender, "reachable")
            return True
    if turn.received.unreachable:
        # Whoever writes can be written to again: they may have blocked us once, and unblocked us since.
        people.mark_address(turn.tx, message.sender, "reachable")
    if message.kind == "edited" and not message.text:
        return True  # a place that moves, a picture without words: nothing was said
    if message.group:
        turn.say("common/group", aside=True)  # who speaks there, and who reads along, is not ours to know
    elif turn.received.person_id is None:
        return message.kind == "edited"
    elif message.contact is not None and not message.text:
        turn.say("received/not_taken", aside=True, reason="contact")
    else:
        return False
    return True
