"""Find out what a message is: a pressed choice, a command, an answer to a step, a code, or a word we know."""

from __future__ import annotations

import re
from datetime import timedelta

from domain.bulk import read_bulk
from domain.conversation import Answer, Done, Go, Outcome, Place
from domain.extensions import asks_for_time
from domain.figures import measure_of, read_reply, screen
from domain.messages import TOKEN_MAX_BYTES, Incoming
from domain.permissions import Action
from domain.references import split_reference
from domain.vietnamese import clean, fold
from handlers import awaited, corrections, digests, events, evidence, speaking
from handlers import received as files
from handlers.codes import is_invitation, looks_like_code
from handlers.commands import COMMANDS, WORDS, cancel, speak, status, tasks
from handlers.commands.base import Command
from handlers.flows import ENTRANCES, FLOWS, Entrance, apply, join, report
from handlers.notes import note_refusal
from handlers.prompts import DURABLE, Offer
from handlers.turn import Turn
from storage import duties, permissions
from storage.inbox import Claimed

DOUBLE_TAP = timedelta(seconds=5)
# Words that ask for nothing: thanks, and outside a question also a greeting or an "ok". All without marks.
_THANKS = re.compile(r"(?:da |vang )?cam on(?: .{0,40})?|thank(?:s| you).{0,20}")
_GREETING = re.compile(rf"{_THANKS.pattern}|(?:da|vang|ok|oke|okay|a|u|uh|duoc|chao|xin chao|alo)(?: .{{0,20}})?")
_STATUS_OF = re.compile(r"(?:tinh hinh|tien do) (.{1,60})")
_FIGURE = re.compile(r"[0-9]{1,4}(?:[.,][0-9]{1,2})? ?%?")
_ITEM = re.compile(r"(?:muc|chi tieu|chi tieu so) ?([0-9]{1,3})")  # without marks
_ASKED = (report.FLOW.name, "figure")
_LETTER_OR_DIGIT = re.compile(r"\w")
SHORT = 3  # words; with a digit among them they are meant as a figure, though it may not fit
MAX_WORDS = 4000  # longer texts are cut: nobody types them, and every reader below is bounded by it


async def handle(turn: Turn) -> None:
    """Handle the received message, and save the answer and the place; marking it done is the worker's."""
    received = turn.received
    if received.flow is not None and received.step is not None and _may_stand(received):
        turn.place = Place.kept(received.flow, received.step, received.data or {})
    text = received.message.text[:MAX_WORDS]
    if events.heed(turn):
        pass
    elif received.message.token is not None:
        if _double_tap(turn, received.message.token):
            return
        await _press(turn, received.message.token)
    elif received.message.kind == "fetched":
        await enter(turn, *await files.answer(turn))
    elif not _FIGURE.fullmatch(text) and await _refused(turn, _words(received.message)):
        pass
    elif received.message.kind == "edited":
        await corrections.edited(turn)
    elif received.person_id is not None and files.is_sent(turn):
        await _take_file(turn, text)
    else:
        await _listen(turn, text)
    await awaited.tell(turn)
    turn.save()


def _words(message: Incoming) -> str:
    """Return all the words of a message; the name of a file says much, too."""
    return f"{message.text}\n{message.file.name.replace('_', ' ')}" if message.file else message.text


async def _take_file(turn: Turn, text: str) -> None:
    """Take a file, and first the answers in the words below it, as if these had been typed alone."""
    asked = evidence.line_asked(turn.place)
    rest, reference = split_reference(text)
    said = not files.is_waited_for(turn) and await _is_answer(turn, asked, rest)
    if said and not await corrections.replied(turn, rest):
        await _hear(turn, rest)
    words = text if not said else reference.number if reference else ""
    await files.take(turn, asked, words, said=said)


async def _listen(turn: Turn, text: str) -> None:
    """Hear what was typed, and keep the document it names as evidence for the figure it gives, or the one before."""
    rest, reference = split_reference(text) if _is_free(turn) else (text, None)
    if reference is None or not await _is_officer(turn):
        if not await corrections.replied(turn, text):
            await _hear(turn, text)
        return
    asked = evidence.line_asked(turn.place)
    said = await _is_answer(turn, asked, rest)
    if said and not await corrections.replied(turn, rest):
        await _hear(turn, rest)
    await evidence.name(turn, reference, asked, said=said)


def _is_free(turn: Turn) -> bool:
    """Tell whether a document may be named now: a question in words may well be answered by one."""
    known = turn.received.person_id is not None and turn.received.message.token is None
    return known and (turn.place is None or evidence.line_asked(turn.place) is not None)


async def _is_answer(turn: Turn, asked: int | None, text: str) -> bool:
    """Tell whether words that came with evidence answer or ask for something, and do not just describe it."""
    words = clean(text)
    if not words:
        return False
    if words.startswith("/") or turn.chosen(words) is not None or _spoken(words) is not None:
        return True
    if asked is not None:
        line = await duties.line_of(turn.tx, turn.person_id, asked)
        reading = read_reply(text, measure_of(line.target)) if line else None
        lines = turn.place.data["lines"] if turn.place else []
        understood = reading is not None and (reading.action != "ask" or bool(reading.candidates))
        short = len(words.split()) <= SHORT and any(letter.isdecimal() for letter in words)
        return understood or short or read_bulk(text, len(lines)) is not None
    listed = bool(turn.listed) and read_bulk(text, len(turn.listed)) is not None
    return turn.place is None and (listed or words[0].isdecimal())


async def _refused(turn: Turn, text: str) -> bool:
    """Keep what must not be kept out of every flow and command, and tell the admins without its content.

    A stranger's words lead to nothing but the hint how to join, and are neither stored nor repeated anyway.
    """
    received = turn.received
    refusal = screen(text) if received.person_id is not None else None
    if refusal is None:
        return False
    turn.say("common/refused", reason=refusal)
    await note_refusal(turn, refusal)
    await ask_again(turn)
    return True


def _may_stand(received: Claimed) -> bool:
    """Tell whether the sender may still be where they stood: somebody unlinked meanwhile can only join anew."""
    return received.person_id is not None or received.flow in (join.FLOW.name, apply.FLOW.name)


def _double_tap(turn: Turn, token: str) -> bool:
    """Tell whether this is the button of a moment ago once more: one tap was meant."""
    received = turn.received
    repeated = token[:TOKEN_MAX_BYTES] == received.last_choice
    return repeated and received.conversed_at is not None and turn.now - received.conversed_at < DOUBLE_TAP


async def _press(turn: Turn, token: str) -> None:
    action = turn.pressed(token)
    if action is None and turn.turn_page(token):
        return
    if action is None:
        turn.say("common/old_choice", aside=True)
        await ask_again(turn)
        return
    await _act(turn, action)


async def _act(turn: Turn, action: str) -> None:
    if action.startswith(DURABLE):
        await _go(turn, action.removeprefix(DURABLE))
    elif turn.place is not None:
        await _take(turn, Answer(text="", choice=action))


async def _go(turn: Turn, action: str) -> None:
    """Do what a durable choice says: enter a flow, or run a command. What it may reach is checked there."""
    name, _, argument = action.partition(":")
    command = COMMANDS.get(name)
    entrance = ENTRANCES.get(command.entrance if command else name)
    if (entrance or command) and command is not cancel.COMMAND:
        _walk_away(turn)
    if turn.received.person_id is None and name == apply.FLOW.name:
        await enter(turn, await apply.begin(turn, argument), apply.FLOW.name)
    elif turn.received.person_id is None:
        await join.hear(turn, "")
    elif name == "digest":
        await digests.show(turn, argument)
    elif entrance is not None:
        await _enter_by(turn, entrance, argument)
    elif command is not None:
        await _run(turn, command, argument)
        await ask_again(turn)
    else:
        turn.say("common/old_choice", aside=True)
        await ask_again(turn)


def _walk_away(turn: Turn) -> None:
    """Leave a view, as what was only looked at: a form that waits behind it goes on."""
    place = turn.place
    flow = FLOWS.get(place.flow) if place else None
    if place is not None and flow is not None and flow.is_view(place.step):
        turn.place = place.waiting


async def _enter_by(turn: Turn, entrance: Entrance, argument: str) -> None:
    """Enter a flow by a durable choice, unless its sender may not or is in the middle of another."""
    flow = entrance.flow
    elsewhere = turn.place is not None and turn.place.flow != flow.name
    if not await _allowed(turn, entrance.action):
        turn.say(entrance.refusal)
        await ask_again(turn)
    elif elsewhere and not entrance.aside:
        turn.say("common/finish_first")
        await ask_again(turn)
    else:
        outcome = await entrance.begin(turn, argument)
        if elsewhere and not isinstance(outcome, Go):
            await ask_again(turn)
        else:
            await enter(turn, outcome, flow.name, waiting=turn.place if elsewhere else None)


async def _hear(turn: Turn, text: str) -> None:
    words = clean(text)
    if words.startswith("/"):
        await _command(turn, words)
    elif turn.place is not None:
        await _hear_in_form(turn, turn.place, text, words)
    elif turn.received.person_id is None and turn.chosen(words) == f"{DURABLE}{apply.FLOW.name}:":
        await _go(turn, f"{apply.FLOW.name}:")
    elif turn.received.person_id is None or looks_like_code(words):
        await enter(turn, await join.hear(turn, words), join.FLOW.name)
    elif (choice := turn.chosen(words)) is not None:
        await _act(turn, choice)
    elif (answered := await report.answer_list(turn, text)) is not None:
        await enter(turn, answered, report.FLOW.name)
    elif (command := _meant(turn, words)) is not None:
        await _go(turn, command)
    elif _THANKS.fullmatch(fold(words)):
        turn.react("👍", "common/thanks")
    elif _GREETING.fullmatch(fold(words)) or not _LETTER_OR_DIGIT.search(words):
        turn.say("common/greeting", officer=await _is_officer(turn))
    elif words[:1].isdecimal() and await _is_officer(turn):
        # Which indicator it is for cannot be told.
        await enter(turn, await report.begin(turn, preface="report/one_by_one"), report.FLOW.name)
    elif (agency := await speaking.named(turn, words)) is not None:
        await _go(turn, f"{tasks.COMMAND.name}:{agency}" if agency else f"{speak.COMMAND.name}:")
    else:
        await _say_not_understood(turn)


async def _hear_in_form(turn: Turn, place: Place, text: str, words: str) -> None:
    choice = turn.chosen(words)
    flow = FLOWS.get(place.flow)
    if choice is None and words != "?" and flow is not None and place.step in flow.choices_only:
        turn.place = place.waiting
        await _hear(turn, text)
    elif choice is None and _FIGURE.fullmatch(words) and not turn.unseen and turn.received.message.reply_to is None:
        await _take(turn, Answer(text=text))  # what most messages are; none of the words below
    elif words == "?":
        await ask_again(turn)
    elif choice is None and (_THANKS.fullmatch(fold(words)) or not _LETTER_OR_DIGIT.search(words)):
        turn.react("👍", "common/thanks")
        await ask_again(turn)
    elif choice is not None and choice.startswith(DURABLE):
        await _act(turn, choice)
    elif choice is None and turn.received.person_id is not None and (command := _meant(turn, words)) is not None:
        await _go(turn, command)  # "nhập" in the middle of a report repeats the question
    elif choice is None and place.flow != join.FLOW.name and is_invitation(words):
        turn.say("common/finish_first")
        await ask_again(turn)
    elif choice is None and (elsewhere := await corrections.meant_elsewhere(turn)):
        if elsewhere == "unknown":
            await ask_again(turn)
    elif turn.unseen and place.flow == report.FLOW.name:
        # A figure sent twice in a hurry, or a correction of the one before: it must not answer the next question.
        turn.say("report/unseen")
        await ask_again(turn)
    else:
        await _take(turn, Answer(text=text, choice=choice))


def _meant(turn: Turn, words: str) -> str | None:
    """Return what a whole message asks for, as a durable choice would say it; None for any other.

    "mục 3" is a line of the report in progress, or of the list shown last.
    """
    named = _ITEM.fullmatch(fold(words).strip(" .!?"))
    if named is None:
        return _spoken(words)
    place = turn.place
    if place is not None and (place.flow, place.step) != _ASKED:
        return None
    listed: list[int] = place.data["lines"] if place else turn.listed
    number = int(named[1])
    return f"line:{listed[number - 1]}" if 1 <= number <= len(listed) else None


def _spoken(words: str) -> str | None:
    """Return what a whole message means that is the name of a command or of reporting; None for any other."""
    spoken = fold(words).strip(" .!?")
    if (place := _STATUS_OF.fullmatch(spoken)) is not None:
        return f"{status.COMMAND.name}:{place[1]}"
    if asks_for_time(words):
        return f"extend:{words}"
    return WORDS.get(spoken)


async def _command(turn: Turn, words: str) -> None:
    name, _, argument = words[1:].partition(" ")
    name = fold(name.partition("@")[0])  # "/status@dondoc_bot" in a group
    command = COMMANDS.get(name)
    if name == "start":
        await _start(turn, argument)
        return
    if turn.received.person_id is None:
        if turn.place is None:
            await _start(turn, "")
        elif command is cancel.COMMAND:
            await _take(turn, Answer(text="", choice="decline"))
        else:
            await ask_again(turn)
        return
    if command is not None and command.entrance:
        await _go(turn, f"{name}:{argument.strip()}")
        return
    if command is None:
        turn.say("common/unknown_command", aside=True)
    else:
        if command is not cancel.COMMAND:
            _walk_away(turn)
        await _run(turn, command, argument.strip())
    await ask_again(turn)


async def _run(turn: Turn, command: Command, argument: str) -> None:
    """Run a command; leaving a report is the report's own to say, with what was recorded and how to go on."""
    if not await _allowed(turn, command.action):
        turn.say(command.refusal)
    elif command is cancel.COMMAND and turn.place is not None and turn.place.waiting is not None:
        turn.say("common/back_to_form")
        turn.place = turn.place.waiting
    elif command is cancel.COMMAND and turn.place is not None and turn.place.flow == report.FLOW.name:
        turn.place = Place(turn.place.flow, "figure", turn.place.data)
        await _take(turn, Answer(text="", choice="stop"))
    elif command.run is not None:
        await command.run(turn, argument)


async def _allowed(turn: Turn, action: Action | None) -> bool:
    return action is None or action in await permissions.actions_anywhere(turn.tx, turn.person_id)


async def _start(turn: Turn, argument: str) -> None:
    """Greet, or take the code that a link brings along with "/start". A form in progress goes on."""
    if turn.place is None:
        await enter(turn, await join.hear(turn, argument), join.FLOW.name)
    elif argument and turn.place.flow == join.FLOW.name:
        await _take(turn, Answer(text=argument))
    else:
        if argument:
            turn.say("common/finish_first")
        await ask_again(turn)


async def _say_not_understood(turn: Turn) -> None:
    officer = await _is_officer(turn)
    person_id = turn.received.person_id
    overseer = not officer and person_id is not None and await _allowed(turn, status.COMMAND.action)
    offers = [Offer("go:status:", "see_status")] if overseer else []
    # Without a choice of its own it leaves those that were offered before.
    turn.say("common/not_understood", officer=officer, offers=offers, aside=not offers)


async def _is_officer(turn: Turn) -> bool:
    return turn.received.person_id is not None and await _allowed(turn, "report")


async def _take(turn: Turn, answer: Answer) -> None:
    place = turn.place
    flow = FLOWS.get(place.flow) if place else None
    step = flow.steps.get(place.step) if flow and place else None
    if place is None or step is None:
        turn.place = None  # a flow or step of an older program: nothing recorded is lost, the work list leads back
        await _say_not_understood(turn)
        return
    await enter(turn, await step.take(turn, answer), place.flow)


async def enter(turn: Turn, outcome: Outcome | None, flow: str, *, waiting: Place | None = None) -> None:
    """Move to where an outcome leads, asking each step entered, until one waits for the person.

    `waiting` is the place of a form that this goes aside from: it is returned to when this is over.
    """
    waiting = waiting or (turn.place.waiting if turn.place else None)
    while isinstance(outcome, Go):
        turn.place = Place(flow, outcome.step, outcome.data, waiting)
        outcome = await FLOWS[flow].steps[outcome.step].ask(turn)
    if isinstance(outcome, Done):
        turn.place = waiting
        if waiting is not None:
            await ask_again(turn)


async def ask_again(turn: Turn) -> None:
    """Repeat the question a form in progress is at: no command and no old button throws the form away."""
    if turn.place is None:
        return
    flow = FLOWS.get(turn.place.flow)
    step = flow.steps.get(turn.place.step) if flow else None
    if step is None:
        turn.place = None
        return
    await enter(turn, await step.ask(turn), turn.place.flow)
