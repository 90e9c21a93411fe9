"""Send what waits in the outbox: lease a row, send it, mark it."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime

from bot.app import App, wait_for
from bot.channels.base import Channel, SendError
from bot.failures import where
from domain.delivery import give_up_at, retry_at
from handlers import reminders
from storage import audit, outbox, people
from storage.database import Transaction
from storage.outbox import Leased

LOOK_EVERY = 1.0  # seconds
GRACE = 3.0
_log = logging.getLogger("dondoc.sender")


async def send_one(app: App, channel: Channel) -> bool:
    """Send the next message of a channel; False when none is ready.

    A crash between sending and marking repeats this one message once its lease ends; nothing is ever lost.
    """
    leased = await _lease(app, channel)
    if leased is None:
        return False
    await _deliver(app, channel, leased)
    return True


async def _lease(app: App, channel: Channel) -> Leased | None:
    async with app.database.transaction() as tx:
        return await outbox.claim(tx, channel.name, app.clock.now())


async def _deliver(app: App, channel: Channel, leased: Leased) -> None:
    failure: SendError | None = None
    external_id = ""
    try:
        external_id = await channel.send(leased.address, leased.outgoing)
    except SendError as error:
        failure = error
    except Exception as error:
        _log.exception("message %d: %s", leased.id, where(error), exc_info=False)
        failure = SendError("ambiguous", type(error).__name__)
    async with app.database.transaction() as tx:
        if failure is None:
            outbox.mark_sent(tx, leased, external_id, app.clock.now())
        else:
            await _fail(app, tx, leased, failure)


async def _fail(app: App, tx: Transaction, leased: Leased, failure: SendError) -> None:
    """Let a message be sent again later or, where that is of no use, take back what it stood for.

    Locks are taken in the order of everybody else: communes, addresses, messages, duties.
    """
    now = app.clock.now()
    until = give_up_at(leased.kind, leased.queued_at, app.calendar)
    retry = retry_at(leased.failures, failure.outcome, leased.kind, now, until, failure.retry_after)
    blocked = failure.outcome == "blocked"
    lost: dict[str, datetime] = {}
    if blocked:
        lost = await outbox.keys_waiting(tx, leased.address)
    if retry is None and leased.dedupe_key is not None:
        lost[leased.dedupe_key] = leased.queued_at
    reminders.hold(tx, lost)
    if blocked:
        people.mark_address(tx, leased.address, "unreachable")
        audit.note(tx, "address.unreachable", f"outbox:{leased.id}", now, reason=failure.reason)
    reason = f"{failure.outcome}: {failure.reason}"
    if not await outbox.mark_unsent(tx, leased, reason, retry, counts=failure.retry_after is None):
        lost.pop(leased.dedupe_key or "", None)  # the lease had ended: whoever has it now knows what became of it
    if blocked:
        outbox.drop_queued(tx, leased.address, "blocked")
    await reminders.take_back(tx, now, app.calendar, lost, blocked=blocked)


async def send(app: App, channel: Channel) -> None:
    """Send until cancelled, as many messages at once as the channel takes.

    What is on its way when this ends, by a stop or a failure, gets a moment to arrive and be marked: it would be sent
    once more otherwise.
    """
    under_way: set[asyncio.Task[None]] = set()
    try:
        while True:
            for task in [task for task in under_way if task.done()]:
                under_way.remove(task)
                task.result()  # raises what made it fail
            leased = await _lease(app, channel) if len(under_way) < channel.sends_at_once else None
            if leased is not None:
                task = asyncio.create_task(_deliver(app, channel, leased))
                under_way.add(task)
                # One that has arrived may let the next to the same person go.
                task.add_done_callback(lambda _: app.outbox_changed.set())
            elif not any(task.done() for task in under_way):
                await wait_for(app.outbox_changed, LOOK_EVERY)
    finally:
        if under_way:
            _, late = await asyncio.wait(under_way, timeout=GRACE)
            for task in late:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)
