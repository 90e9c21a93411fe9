"""What must be true of the database and of everybody's screen after any number of kills."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from storage.database import Database, Row
from tests.botapi import BotApi
from tests.botapi.world import Event
from tests.crash.chats import Given
from tests.crash.proof import Message, sent_in_order

_TIME = re.compile(r"lúc \d\d:\d\d")  # in "Số liệu lúc 09:00 21/11/2026"
OUTBOX = "SELECT recipient, kind, status, failures, payload, external_id, created_at FROM outbox ORDER BY id"


@dataclass(frozen=True, slots=True)
class Ledger:
    """What everybody was told, without what is chance: each one's answers in order, and all that came unasked."""

    answers: dict[str, list[str]]
    unasked: Counter[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Repeats:
    """How many messages were on a screen more than once, by the life of the program that sent them the first time.

    `most_on_a_screen` is how many of one life a single person has had twice.
    """

    total: int
    by_life: Counter[int]
    most_on_a_screen: int


async def read_ledger(database: Database) -> Ledger:
    """Return what everybody was told according to the database."""
    answers: dict[str, list[str]] = defaultdict(list)
    unasked: Counter[tuple[str, str]] = Counter()
    for row in await rows_of(database, OUTBOX):
        payload: dict[str, Any] = json.loads(row["payload"])
        shown = {name: value for name, value in payload.items() if value and name not in ("choices", "reacts_to")}
        shown["choices"] = [label for _, label in payload.get("choices") or ()]
        shown["replaces"] = payload.get("replaces") is not None
        text = _TIME.sub("lúc …", json.dumps(shown, ensure_ascii=False, sort_keys=True))
        if row["kind"] == "conversation":
            answers[row["recipient"]].append(text)
        else:
            unasked[row["recipient"], text] += 1
    return Ledger(dict(answers), unasked)


async def prove(database: Database, api: BotApi, book: Sequence[Given], undisturbed: Ledger) -> None:
    """Assert that nothing is lost, no figure doubled, and nobody told anything else than without all the kills."""
    await _every_update_is_handled(database, api, book)
    await every_figure_is_there_once(database, api, book)
    await _nobody_is_reminded_twice_a_day(database)
    told = await read_ledger(database)
    assert told.unasked == undisturbed.unasked, "every reminder and note, and no other"
    for who, answers in undisturbed.answers.items():
        assert told.answers.get(who) == answers
    assert set(told.answers) == set(undisturbed.answers)
    if database.engine == "sqlite":
        async with database.transaction() as tx:
            assert [tuple(row) for row in await tx.all("PRAGMA integrity_check")] == [("ok",)]
            assert await tx.all("PRAGMA foreign_key_check") == []


async def count_repeats(database: Database, api: BotApi, lives: Sequence[int]) -> Repeats:
    """Hold the screens against the outbox: all is there, in order; return what is there more than once.

    `lives` says at which event each life of the program began.
    """
    rows = [row for row in await rows_of(database, OUTBOX) if is_new_message(row)]
    events = [(number, event) for number, event in enumerate(api.events) if event.kind == "sent"]
    total = sent_in_order(rows, [shown(event) for _, event in events])
    # The last of several is the one whose id was marked; what killed the one before is the end of its life.
    marked = {(row["recipient"], row["external_id"]) for row in rows}
    repeated = [number for number, event in events if (str(event.chat_id), str(event.message_id)) not in marked]
    assert len(repeated) == total
    _everything_else_is_done(api, await rows_of(database, OUTBOX))
    # Where a press proved the first of several to have arrived it is the second that is unmarked, in a later life.
    last_killed = max(len(lives) - 2, 0)
    lived = {number: min(_life(number, lives), last_killed) for number in repeated}
    screens = Counter((life, api.events[number].chat_id) for number, life in lived.items())
    return Repeats(total, Counter(lived.values()), max(screens.values(), default=0))


async def _every_update_is_handled(database: Database, api: BotApi, book: Sequence[Given]) -> None:
    rows = await rows_of(database, "SELECT external_id, status, attempts FROM inbox")
    wanted = Counter(f"{api.first_bot.id}:{given.update_id}" for given in book)
    assert Counter(row["external_id"] for row in rows) == wanted, "each recorded once"
    assert {(row["status"], row["attempts"]) for row in rows} == {("done", 0)}
    assert not api.first_bot.updates.pending


async def every_figure_is_there_once(database: Database, api: BotApi, book: Sequence[Given]) -> None:
    """Assert that exactly what was said is kept, each figure once, and that the newest one of a line counts."""
    rows = await rows_of(
        database,
        "SELECT s.line_id, s.value, i.external_id, s.id, s.replaces_id, l.submission_id FROM submissions s"
        " JOIN inbox i ON i.id = s.inbox_id JOIN duty_lines l ON l.id = s.line_id ORDER BY s.id",
    )
    found = Counter((row["external_id"], row["line_id"], row["value"]) for row in rows)
    said = [given for given in book if given.figure]
    wanted = Counter(
        (f"{api.first_bot.id}:{given.update_id}", given.figure.line_id, given.figure.value)
        for given in said
        if given.figure
    )
    assert found == wanted, "each figure said, and no other"
    chains: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        chains[row["line_id"]].append(row)
    for chain in chains.values():
        assert [row["replaces_id"] for row in chain] == [None, *(row["id"] for row in chain[:-1])]
        assert chain[-1]["submission_id"] == chain[-1]["id"], "the newest one counts"


async def _nobody_is_reminded_twice_a_day(database: Database) -> None:
    rows = await rows_of(database, "SELECT recipient, created_at FROM outbox WHERE dedupe_key LIKE 'digest:%'")
    days = Counter((row["recipient"], row["created_at"][:10]) for row in rows)
    assert set(days.values()) == {1}


def is_new_message(row: Row) -> bool:
    """Tell whether a row is something new on a screen, no edit and no reaction."""
    payload: dict[str, Any] = json.loads(row["payload"])
    return bool(payload["text"]) and payload.get("replaces") is None and payload.get("reaction") is None


def _everything_else_is_done(api: BotApi, rows: Sequence[Row]) -> None:
    """Look for the edits, reactions and menus; done twice, they look the same as once."""
    done = {(event.kind, event.chat_id, event.text) for event in api.events}
    for row in rows:
        payload: dict[str, Any] = json.loads(row["payload"])
        chat = int(row["recipient"])
        if payload.get("reaction"):
            assert ("reaction", chat, payload["reaction"]) in done
        elif payload.get("replaces") and payload["text"]:
            assert ("edited", chat, payload["text"].strip()) in done


def shown(event: Event) -> Message:
    """Return what was sent as it is held against the outbox."""
    rows = (event.more.get("markup") or {}).get("inline_keyboard", ())
    return str(event.chat_id), event.text or "", tuple(button["callback_data"] for row in rows for button in row)


def _life(number: int, lives: Sequence[int]) -> int:
    for life, (begin, end) in enumerate(pairwise([*lives, 1 << 62])):
        if begin <= number < end:
            return life
    raise AssertionError("nothing is sent before the first start")


async def rows_of(database: Database, sql: str) -> Sequence[Row]:
    """Return the rows of a query."""
    async with database.transaction() as tx:
        return await tx.all(sql)
