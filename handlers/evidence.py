"""Evidence of figures: which line a file or a document is for, what is said of it, how it is moved and taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from domain.closing import needs_leave
from domain.conversation import Place
from domain.messages import Attachment
from domain.model import DutyLine
from domain.references import Reference
from domain.vietnamese import shorten
from handlers.prompts import Offer
from handlers.render import label
from handlers.turn import Turn
from storage import audit, duties, evidence, files, outbox, permissions, reviews
from storage.evidence import Evidence
from storage.files import Settled

RECENT = timedelta(days=1)  # how long what is sent without a word belongs to the figure before it
SHOWN = 8  # lines, or pieces of evidence, to choose from
KEPT_WORDS = 200
LARGEST_ALBUM = 10  # files shown at once


def line_asked(place: Place | None) -> int | None:
    """Return the line whose figure a report in progress asks for; None where none is asked for."""
    if place is None or place.flow != "report" or place.step not in ("figure", "confirm"):
        return None
    lines: list[int] = place.data.get("lines", [])
    at = place.data.get("at", 0)
    return lines[at] if at < len(lines) else None


async def lines_meant(turn: Turn, asked: int | None, *, said: bool) -> list[int]:
    """Return the lines that a file or document of this message is for: none, where nobody can tell.

    That is what it replies to, or what figures came with it; the line `asked` where `said` tells that words came with
    it which gave none; else the figures of the message before, or the line asked.
    """
    message = turn.received.message
    if message.reply_to is not None:
        line_id = await outbox.line_of_receipt(turn.tx, message.sender, message.reply_to)
        if line_id is not None:
            return [line_id]
    if given := await evidence.given_by(turn.tx, [turn.received.id]):
        return given
    if not said and (last := await evidence.last_given(turn.tx, turn.person_id, turn.now - RECENT)):
        return last
    return [asked] if asked is not None else []


async def name(turn: Turn, reference: Reference, asked: int | None, *, said: bool) -> None:
    """Take the number of a document as evidence."""
    lines = await _owed(turn, await lines_meant(turn, asked, said=said))
    _add(turn, lines, words=reference.number)
    if said and lines:
        turn.say("evidence/noted", early=True, aside=True, words=reference.number)
    else:
        await _tell(turn, lines, words=reference.number)


async def attach(turn: Turn, sent: Sequence[Settled], failed: Sequence[Settled]) -> None:
    """Take files that have been fetched as evidence, and tell of those that could not be had."""
    given = await evidence.given_by(turn.tx, [each.inbox_id for each in (*sent, *failed)])
    wanted = given or next((each.lines for each in (*sent, *failed) if each.lines), [])
    lines = await _owed(turn, wanted)
    for each in sent:
        _add(turn, lines, file_id=each.id, words=each.words)
    if sent:
        kept = await evidence.sent_together(turn.tx, turn.received.id)
        for each in sent:
            release(turn, each.id)  # what is attached there already
        await _tell(turn, lines, sent=sent, known=not kept)


def _add(turn: Turn, lines: Sequence[DutyLine], *, file_id: int | None = None, words: str) -> None:
    for line in lines or (None,):
        line_id = line.id if line else None
        batch, person_id = turn.received.id, turn.person_id
        if line is not None:
            _note(turn, "evidence.attached", line)
        evidence.add(turn.tx, batch, person_id, turn.now, line_id=line_id, file_id=file_id, words=words[:KEPT_WORDS])


async def _owed(turn: Turn, ids: Iterable[int]) -> list[DutyLine]:
    wanted = set(ids)
    return [line for line in await duties.lines_of(turn.tx, turn.person_id) if line.id in wanted] if wanted else []


async def _tell(
    turn: Turn, lines: Sequence[DutyLine], *, sent: Sequence[Settled] = (), words: str = "", known: bool = False
) -> None:
    """Say what the evidence is attached to, or ask; the question of a form in progress still stands."""
    batch = turn.received.id
    offers = []
    if lines and not known:
        offers = [Offer(f"go:minhchung:{batch}", "other_line"), Offer(f"go:minhchung:{batch}:x", "withdraw")]
    elif not lines:
        offers = await _places(turn, batch, [])
        offers.append(Offer(f"go:minhchung:{batch}:x", "no_evidence"))
    standing = turn.place is not None
    typed_later = standing and not turn.capabilities.buttons  # the choices that stand are the question's
    turn.say(
        "evidence/attached" if lines else "evidence/which",
        lines=lines,
        files=sent,
        words=words,
        known=known,
        typed_later=typed_later,
        offers=[] if typed_later else offers,
        numbered=False,
        aside=standing,
        listed=() if standing else turn.listed,
    )


async def _places(turn: Turn, batch: int, but: Iterable[int]) -> list[Offer]:
    """Return the lines of the person to choose from: those reported first, the newest first."""
    passed = set(but)
    lines = [line for line in await duties.lines_of(turn.tx, turn.person_id) if line.id not in passed]
    lines.sort(key=lambda line: (line.reported_at is None, -(line.reported_at.timestamp() if line.reported_at else 0)))
    labels: dict[str, int] = {}
    for line in lines:
        labels.setdefault(shorten(line.indicator, 50), line.id)
    return [Offer(f"go:minhchung:{batch}:{line_id}", words=words) for words, line_id in list(labels.items())[:SHOWN]]


async def show(turn: Turn) -> None:
    """List the newest evidence of the person's lines, to be looked at, moved or withdrawn."""
    found = await evidence.of_person(turn.tx, turn.person_id, SHOWN * 4)
    names = {line.id: line.indicator for line in await duties.lines_of(turn.tx, turn.person_id)}
    batches: dict[int, list[Evidence]] = {}
    for each in found:
        batches.setdefault(each.batch, []).append(each)
    title = label("evidence")
    shown = list(batches.items())[:SHOWN]
    rows = [(pieces, sorted({names[each.line_id] for each in pieces if each.line_id in names})) for _, pieces in shown]
    turn.say(
        "evidence/list",
        rows=rows,
        zone=turn.calendar.zone,
        offers=[Offer(f"go:minhchung:{batch}", words=f"{title} {at}") for at, (batch, _) in enumerate(shown, 1)],
        numbered=False,
        listed=turn.listed,
    )


async def act(turn: Turn, argument: str) -> None:
    """Do what a choice says of what was sent together: "12" asks, "12:34" attaches it to a line, "12:x" withdraws it,
    "12:xem" shows it. Any of it may be typed by anybody, and so is checked here."""
    number, _, what = argument.partition(":")
    batch = _number(number)
    pieces = await evidence.sent_together(turn.tx, batch) if batch is not None else []
    owed = {line.id: line for line in await duties.lines_of(turn.tx, turn.person_id)}
    # What is attached is the agency's, and no longer its sender's, who may have left it.
    mine = [
        each
        for each in pieces
        if each.line_id in owed or (each.status == "unplaced" and each.person_id == turn.person_id)
    ]
    if what == "xem":
        await _look(turn, pieces, mine)
    elif not mine or batch is None:
        turn.say("evidence/gone")
    elif what == "x":
        await _take_back(turn, mine, owed)
    elif not what:
        names = [owed[each.line_id].indicator for each in mine if each.line_id in owed]
        offers = await _places(turn, batch, [each.line_id for each in mine if each.line_id is not None])
        if turn.capabilities.files and any(each.sha256 for each in mine):
            offers.append(Offer(f"go:minhchung:{batch}:xem", "look"))
        offers.append(Offer(f"go:minhchung:{batch}:x", "withdraw"))
        turn.say(
            "evidence/move",
            pieces=_distinct(mine),
            names=list(dict.fromkeys(names)),
            offers=offers,
            numbered=False,
            listed=turn.listed,
        )
    elif (line := owed.get(_number(what) or 0)) is not None:
        if await _sealed(turn, _lines_of(mine, owed)):
            turn.say("evidence/sealed")
            return
        _move(turn, batch, mine, line, owed)
        turn.say("evidence/moved", pieces=_distinct(mine), line=line, listed=turn.listed)
    else:
        turn.say("common/old_choice")


def release(turn: Turn, file_id: int) -> None:
    """Give up a file unless it is evidence of something; its content is erased by the fetcher."""
    files.release(turn.tx, file_id)
    turn.changes_files = True


def _withdraw(turn: Turn, pieces: Sequence[Evidence]) -> None:
    evidence.withdraw(turn.tx, [each.id for each in pieces], turn.person_id, turn.now)


async def _take_back(turn: Turn, pieces: Sequence[Evidence], owed: Mapping[int, DutyLine]) -> None:
    """Withdraw pieces and erase their files, unless somebody relies on them already."""
    lines = _lines_of(pieces, owed)
    if await _sealed(turn, lines):
        turn.say("evidence/sealed")
        return
    _withdraw(turn, pieces)
    for line in lines:
        _note(turn, "evidence.withdrawn", line)
    for each in pieces:
        if each.file_id is not None:
            release(turn, each.file_id)
    turn.say("evidence/withdrawn", pieces=_distinct(pieces), listed=turn.listed)


def _lines_of(pieces: Sequence[Evidence], owed: Mapping[int, DutyLine]) -> list[DutyLine]:
    return [owed[line_id] for line_id in dict.fromkeys(each.line_id or 0 for each in pieces) if line_id in owed]


async def _sealed(turn: Turn, lines: Sequence[DutyLine]) -> bool:
    """Tell whether a figure among those of `lines` is closed or confirmed: what shows it to be true then stays."""
    today = turn.calendar.today(turn.now)
    if any(needs_leave(line, today, turn.calendar) for line in lines):
        return True
    return await reviews.any_confirmed(turn.tx, [line.id for line in lines])


def _note(turn: Turn, deed: str, line: DutyLine) -> None:
    audit.note(turn.tx, deed, f"line:{line.id}", turn.now, turn.person_id, unit_id=line.unit_id)


def _move(turn: Turn, batch: int, pieces: Sequence[Evidence], line: DutyLine, owed: Mapping[int, DutyLine]) -> None:
    """Attach pieces to a line, and to no other; what they were attached to before is kept as withdrawn."""
    left = [each for each in pieces if each.line_id != line.id]
    _withdraw(turn, left)
    for before in _lines_of(left, owed):
        _note(turn, "evidence.withdrawn", before)
    if left:
        _note(turn, "evidence.attached", line)
    for each in _distinct(pieces):
        evidence.add(
            turn.tx,
            batch,
            turn.person_id,
            turn.now,
            line_id=line.id,
            file_id=each.file_id,
            words=each.words,
        )


def _distinct(pieces: Sequence[Evidence]) -> list[Evidence]:
    """Return pieces once each, though they are attached to several lines."""
    return list({(each.file_id, each.words): each for each in pieces}.values())


async def _look(turn: Turn, pieces: Sequence[Evidence], mine: Sequence[Evidence]) -> None:
    """Send the files, to whoever owes the line, sent them, or may read the status of it."""
    seen = list(mine)
    if not seen:
        may = permissions.may
        seen = [each for each in pieces if await may(turn.tx, turn.person_id, "read_status", line=each.line_id or 0)]
    shown = [each for each in _distinct(seen) if each.sha256][:LARGEST_ALBUM]
    if not shown or not turn.capabilities.files:
        turn.say("evidence/gone")
        return
    turn.send(
        "evidence/shown",
        [
            Attachment(
                "photo" if each.format in ("jpeg", "png") else "document",
                files.content_path(str(each.sha256)),
                each.name or f"{at}.{each.format}",
            )
            for at, each in enumerate(shown, 1)
        ],
        pieces=shown,
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
