"""Corrections without a form: the message with the figure is edited, or its receipt is replied to."""

from __future__ import annotations

from typing import Literal

from domain.bulk import read_bulk
from domain.figures import Reading, measure_of, read_reply
from domain.model import DutyLine
from domain.vietnamese import clean
from handlers.evidence import line_asked
from handlers.prompts import DURABLE, Offer
from handlers.recording import is_sure, kept, store
from handlers.reopening import is_to_be_asked_for
from handlers.turn import Turn
from storage import duties, outbox, submissions


async def edited(turn: Turn) -> None:
    """Take the new text of a message: the figures it gave, and that still stand, are corrected by it."""
    message = turn.received.message
    given = await submissions.given_in(turn.tx, message.sender, message.message_id or "")
    if not given:
        turn.say("common/edited", aside=True)
        return
    texts = {given[0].line_id: message.text}
    if given[0].item is not None:
        bulk = read_bulk(message.text, max(each.item or 0 for each in given))
        said = {item.number: item.text for item in bulk.items} if bulk else {}
        texts = {each.line_id: said[each.item] for each in given if each.item in said}
    typed = {each.line_id: clean(each.typed) for each in given}
    changed = {line_id: text for line_id, text in texts.items() if clean(text) != typed[line_id]}
    for line_id, text in changed.items():
        line = await duties.line_of(turn.tx, turn.person_id, line_id)
        if line is not None:
            _correct(turn, line, text, _read(line, text))
    if not changed:
        turn.say("report/nothing_corrected", aside=True)


async def replied(turn: Turn, text: str) -> bool:
    """Take `text`, a reply to the receipt of a figure, as the figure put right; False when it is no such reply."""
    message = turn.received.message
    if message.reply_to is None or turn.received.person_id is None:
        return False
    line_id = await outbox.receipt_of(turn.tx, message.sender, message.reply_to)
    line = await duties.line_of(turn.tx, turn.person_id, line_id) if line_id is not None else None
    reading = _read(line, text) if line is not None else None
    if line is None or reading is None or reading.action == "ask":
        return False
    _correct(turn, line, text, reading)
    return True


async def meant_elsewhere(turn: Turn) -> Literal["line", "unknown"] | None:
    """Say that a reply to another message than the question is no answer to it; None where it may well be one.

    Returns whether the line it is about is known: then the choice to correct it is offered.
    """
    message = turn.received.message
    if message.reply_to is None or line_asked(turn.place) is None:
        return None
    line_id = await outbox.receipt_of(turn.tx, message.sender, message.reply_to)
    line = await duties.line_of(turn.tx, turn.person_id, line_id) if line_id is not None else None
    if line is not None and line.value is not None:
        turn.say("report/correction_unclear", aside=True, line=line, offers=[Offer(f"go:revise:{line.id}", "revise")])
        return "line"
    said = await outbox.said_as(turn.tx, message.sender, message.reply_to)
    if line_id is None and said is not None and said.kind == "conversation":
        choices = [choice.token for choice in said.outgoing.choices if not choice.token.startswith(DURABLE)]
        if not choices or any(turn.pressed(token) is not None for token in choices):
            return None
    turn.say("report/reply_elsewhere")
    return "unknown"


def _read(line: DutyLine, text: str) -> Reading:
    return read_reply(text, measure_of(line.target))


def _correct(turn: Turn, line: DutyLine, text: str, reading: Reading) -> None:
    """Replace a line's figure where the new one is beyond doubt; otherwise offer to ask for it."""
    if not is_sure(turn, line, reading):
        offers = [Offer(f"go:revise:{line.id}", "revise")]
        turn.say("report/correction_unclear", aside=turn.place is not None, line=line, offers=offers)
        return
    if is_to_be_asked_for(turn, line):
        turn.say(
            "reopening/closed",
            aside=turn.place is not None,
            line=line,
            offers=[Offer(f"go:revise:{line.id}", "revise")],
        )
        return
    verdict = store(turn, line, reading.value, text, kept(reading))
    turn.say("report/corrected", aside=True, about=line.id, line=line, value=reading.value, judged=verdict)
