"""Send what waits in the outbox: lease a row, send it, mark it."""

from __future__ import annotations

import logging

from bot.app import App, wait_for
from bot.channels.base import Channel, SendError
from bot.failures import where
from domain.delivery import retry_at
from storage import audit, outbox, people

LOOK_EVERY = 1.0
_log = logging.getLogger("dondoc.sender")


async def send_one(app: App, channel: Channel) -> bool:
    """Send the next message of a channel; False when none is ready.

    A crash between sending and marking repeats this one message once its lease ends; nothing is ever lost.
    """
    async with app.database.transaction() as tx:
        leased = await outbox.claim(tx, channel.name, app.clock.now())
    if leased is None:
        return False
    failure: SendError | None = None
    external_id = ""
    try:
        external_id = await channel.send(leased.address, leased.outgoing)
    except SendError as error:
        failure = error
    except Exception as error:
        _log.exception("message %d: %s", leased.id, where(error), exc_info=False)
        failure = SendError("ambiguous", type(error).__name__)
    now = app.clock.now()
    async with app.database.transaction() as tx:
        if failure is None:
            outbox.mark_sent(tx, leased, external_id, now)
            return True
        retry = retry_at(leased.attempt, failure.outcome, now, failure.retry_after)
        outbox.mark_unsent(tx, leased, f"{failure.outcome}: {failure.reason}", retry)
        if failure.outcome == "blocked":
            people.mark_address(tx, leased.address, "unreachable")
            outbox.drop_queued(tx, leased.address, "blocked")
            audit.note(tx, "address.unreachable", f"outbox:{leased.id}", now, reason=failure.reason)
    return True


async def send(app: App, channel: Channel) -> None:
    """Send until cancelled."""
    while True:
        if not await send_one(app, channel):
            await wait_for(app.outbox_changed, LOOK_EVERY)
