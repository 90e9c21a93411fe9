"""Files people send: the turn that hears of one only asks for it; once it is there, or not to be had, another answers.

What a file is for is its *purpose*: who is told of it, and who reads it before. A conversation that waits for a file
names one in the data of its place (`WAITS_FOR`); whatever else officers send is about their figures.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from domain.conversation import Outcome
from domain.vietnamese import clean, shorten
from handlers import evidence, form_reply
from handlers.turn import Turn
from storage import files, permissions
from storage.files import Settled

WAITS_FOR = "waits_for"
FIGURES = "figures"

# Makes plain data of a kept file's bytes, its format and its name, in a thread and outside any transaction; what it
# raises is a file that cannot be read. None where there is nothing to read.
Reader = Callable[[bytes, str, str], Any]
# Answers for files sent together, those that are kept and those that failed, which have been told of already.
Answerer = Callable[[Turn, Sequence[Settled], Sequence[Settled]], Awaitable[Outcome | None]]


@dataclass(frozen=True, slots=True)
class Purpose:
    """What files are sent for. Outcomes of `answer` lead to places of `flow`."""

    answer: Answerer
    flow: str
    read: Reader | None = None


async def _as_figures(turn: Turn, sent: Sequence[Settled], failed: Sequence[Settled]) -> Outcome | None:
    """Take forms as figures, and all else as evidence."""
    forms = [each for each in sent if form_reply.is_form(each)]
    others = [each for each in sent if not form_reply.is_form(each)]
    if others:
        await evidence.attach(turn, others, failed)
    return await form_reply.take(turn, forms) if forms else None


PURPOSES: dict[str, Purpose] = {
    FIGURES: Purpose(_as_figures, "report", lambda data, format_, _: form_reply.read(data, format_))
}


def read(purpose: str, data: bytes, format_: str, name: str) -> Any:
    """Return what the reader of a purpose makes of a file, as plain data; in a thread, for it may take long."""
    reader = PURPOSES[purpose].read if purpose in PURPOSES else None
    return reader(data, format_, name) if reader else None


def is_sent(turn: Turn) -> bool:
    """Tell whether a message is a file, or another thing that is no words."""
    message = turn.received.message
    return message.kind == "said" and (message.file is not None or message.unread)


def is_waited_for(turn: Turn) -> bool:
    """Tell whether the conversation stands where it waits for a file."""
    return turn.place is not None and WAITS_FOR in turn.place.data


async def take(turn: Turn, asked: int | None, words: str, *, said: bool) -> None:
    """Ask for the file of this message to be fetched, or say at once why it is not taken; once for an album.

    `asked` is the line whose figure was asked for when it came, `words` describe it, `said` tells that there were
    others, which were answered.
    """
    message = turn.received.message
    before = await files.lines_of_album(turn.tx, message)
    purpose = str(turn.place.data.get(WAITS_FOR, FIGURES)) if turn.place else FIGURES
    refused = await _refused(turn, purpose)
    lines = before or []
    if before is None and refused is not None:
        turn.say("received/not_taken", aside=True, reason=refused)
    elif before is None and purpose == FIGURES:
        lines = await evidence.lines_meant(turn, asked, said=said)
    turn.changes_files = True
    files.want(
        turn.tx,
        message,
        turn.person_id,
        turn.received.id,
        turn.now,
        purpose,
        lines=lines,
        words=shorten(clean(words), evidence.KEPT_WORDS),
        refused=refused,
    )


async def _refused(turn: Turn, purpose: str) -> str | None:
    """Return why a file is not even fetched."""
    if not turn.capabilities.files:
        return "channel"
    if turn.received.message.file is None:
        return "kind"
    if purpose == FIGURES and "report" not in await permissions.actions_anywhere(turn.tx, turn.person_id):
        return "not_an_officer"
    return None


async def answer(turn: Turn) -> tuple[Outcome | None, str]:
    """Answer for a file that has been fetched, together with its album, once all of that is settled.

    Returns where that leads, and the flow it leads to.
    """
    message = turn.received.message
    together = [
        each
        for each in await files.sent_with(turn.tx, message.external_id, message.sender)
        if each.status == "wanted" or not each.is_answered
    ]
    if not together or any(each.status == "wanted" for each in together):
        return None, ""  # answered with those before, or to be answered with those behind
    files.answered(turn.tx, [each.id for each in together], turn.now)
    sent = [each for each in together if each.status == "kept"]
    failed = [each for each in together if each.status == "failed"]
    purpose = PURPOSES.get(together[0].purpose)
    if purpose is None or turn.received.person_id != together[0].person_id:
        for each in sent:
            evidence.release(turn, each.id)  # whoever sent it has left meanwhile
        return None, ""
    for reason in dict.fromkeys(each.reason for each in failed):
        count = len([each for each in failed if each.reason == reason])
        turn.say("received/failed", aside=True, reason=reason or "", count=count, total=len(together))
    if not sent:
        return None, ""
    return await purpose.answer(turn, sent, failed), purpose.flow
