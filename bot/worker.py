"""Handle what waits in the inbox: one message, one transaction."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from bot.app import App, wait_for
from bot.failures import where
from domain.delivery import try_again_at
from domain.messages import Outgoing
from handlers import dispatch
from handlers.notes import note_admins
from handlers.render import render
from handlers.turn import Turn
from storage import audit, conversations, inbox, outbox, people
from storage.database import Transaction
from storage.errors import DatabaseUnavailable, NotADatabase
from storage.inbox import Claimed

LOOK_EVERY = 1.0  # seconds; a message stored by another process is found at the latest then
WORKING_AFTER = 1.0  # seconds
IN_A_ROW = 16  # messages, while nobody else wants the database; another process may be waiting for it, too
_log = logging.getLogger("dondoc.worker")


async def work_one(app: App) -> bool:
    """Handle the oldest waiting message; False when none is ready.

    Only messages of the program's own channels are: another process serves the others, and knows what they can do.
    A message that cannot be handled is tried again later and at last set aside, and never holds up another chat.
    """
    return await work_in_a_row(app, 1)


async def work_in_a_row(app: App, most: int = IN_A_ROW) -> bool:
    """Handle up to `most` messages, each in a transaction of its own; False when none is ready."""
    channels = [channel.name for channel in app.channels]
    claimed: Claimed | None = None
    looking = True
    fetches = False
    try:
        async with app.database.transaction() as tx:
            for left in reversed(range(most)):
                following = await inbox.claim(tx, app.clock.now(), channels)
                if following is None and claimed is None:
                    return False
                if claimed is not None:
                    app.outbox_changed.set()  # the one before is committed now
                claimed, looking = following, False
                if claimed is None:
                    break
                fetches |= await _handle(app, tx, claimed)
                if not left or not tx.next():
                    break
                looking = True
    except (DatabaseUnavailable, NotADatabase):
        raise  # the database failed, not the message: it stays as it is until the database is back
    except Exception as error:
        if claimed is None or (looking and not await _waits(app, claimed)):
            raise  # no message failed, but the look for one
        _log.exception("message %d failed: %s", claimed.id, where(error), exc_info=False)
        await _fail(app, claimed, error)
    app.outbox_changed.set()
    if fetches:
        app.files_changed.set()
    return True


async def _waits(app: App, claimed: Claimed) -> bool:
    async with app.database.transaction() as tx:
        return await inbox.waits(tx, claimed.id)


async def _handle(app: App, tx: Transaction, claimed: Claimed) -> bool:
    """Handle a message; tell whether it left something for the fetcher to do."""
    now = app.clock.now()
    abilities = app.capabilities[claimed.message.sender.channel]
    turn = Turn(tx, now, app.calendar, abilities, claimed, _unseen(app, claimed), app.capabilities)
    with _shown_working(app, claimed):
        await dispatch.handle(turn)
    inbox.finish(tx, claimed.id, now)
    return turn.changes_files


@contextmanager
def _shown_working(app: App, claimed: Claimed) -> Iterator[None]:
    """Let a person see that their message is being worked on, where that takes long enough to wonder."""
    sender = claimed.message.sender
    channel = next(channel for channel in app.channels if channel.name == sender.channel)
    showing: list[asyncio.Task[None]] = []

    def show() -> None:
        showing.append(asyncio.create_task(channel.show_working(sender)))

    timer = asyncio.get_running_loop().call_later(WORKING_AFTER, show)
    try:
        yield
    finally:
        timer.cancel()
        for task in showing:
            task.cancel()


def _unseen(app: App, claimed: Claimed) -> bool:
    """Tell whether a message came too early to answer what its chat was asked last."""
    if app.reading_time is None or claimed.conversed_at is None:
        return False
    return claimed.received_at < claimed.conversed_at + app.reading_time


async def _fail(app: App, claimed: Claimed, error: Exception) -> None:
    now = app.clock.now()
    attempts = claimed.attempts + 1
    retry = try_again_at(attempts, now)
    async with app.database.transaction() as tx:
        if retry is not None:
            inbox.postpone(tx, claimed.id, retry, where(error))
            return
        if not await inbox.set_aside(tx, claimed.id, now, where(error)):
            return
        outbox.add(tx, claimed.message.sender, Outgoing(render("common/poison")), now)
        conversations.leave(tx, claimed.message.sender)  # the place itself may be what cannot be handled
        audit.note(tx, "message.set_aside", f"inbox:{claimed.id}", now, claimed.person_id, error=where(error))
        if claimed.person_id is None:
            return
        for unit_id in await people.units_of(tx, claimed.person_id):
            await note_admins(
                tx,
                now,
                unit_id,
                "notes/poison",
                but=claimed.person_id,
                name=claimed.person_name,
                attempts=attempts,
                inbox_id=claimed.id,
            )


async def work(app: App) -> None:
    """Work until cancelled."""
    while True:
        app.pulse.beat("worker")
        if not await work_in_a_row(app):
            await wait_for(app.inbox_changed, LOOK_EVERY)
