"""Send what waits in the outbox: lease rows, send them, mark them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot import making
from bot.app import App, wait_for
from bot.channels.base import Channel, SendError
from bot.failures import where
from bot.pacing import Pace
from domain.delivery import give_up_at, retry_at
from handlers import reminders
from storage import audit, outbox, people
from storage.database import Transaction
from storage.errors import DatabaseUnavailable, NotADatabase
from storage.outbox import Leased

LOOK_EVERY = 1.0  # seconds
GRACE = 3.0
# Seconds from one lease to the next: what is queued or arrives meanwhile goes into one transaction. The first answer
# after a while goes at once; where there are hundreds a second, they cost a tenth of the commits.
GATHER = 0.02
UPLOAD = timedelta(minutes=6)  # longer than any channel lets an upload take
_log = logging.getLogger("dondoc.sender")


@dataclass(frozen=True, slots=True)
class _Sent:
    """What became of a leased message: the messenger's id of it, why there is none, or until when it is held back."""

    leased: Leased
    external_id: str = ""
    failure: SendError | None = None
    held_until: datetime | None = None


async def send_one(app: App, channel: Channel) -> bool:
    """Send the next message of a channel; False when none is ready.

    A crash between sending and marking repeats this one message once its lease ends; nothing is ever lost.
    """
    leased = await _mark_and_lease(app, channel, [], 1)
    if leased:
        await _mark_and_lease(app, channel, [await _deliver(app, channel, leased[0])], 0)
    return bool(leased)


async def _deliver(app: App, channel: Channel, leased: Leased) -> _Sent:
    try:
        async with making.ready(app, leased.outgoing) as outgoing:
            return _Sent(leased, await channel.send(leased.address, outgoing))
    except SendError as error:
        return _Sent(leased, failure=error)
    except Exception as error:
        _log.exception("message %d: %s", leased.id, where(error), exc_info=False)
        return _Sent(leased, failure=SendError("ambiguous", type(error).__name__))


async def _mark_and_lease(app: App, channel: Channel, settled: Sequence[_Sent], room: int) -> list[Leased]:
    """Mark what has been sent and lease as many as there is room for, in one transaction: half the commits.

    A failure has locks of its own to take, in a fixed order, and so a transaction of its own.
    """
    for sent in settled:
        if sent.failure is not None:
            await _mark_failed(app, sent.leased, sent.failure)
    done = [sent for sent in settled if sent.failure is None]
    if not done and not room:
        return []
    async with app.database.transaction() as tx:
        now = app.clock.now()
        for sent in done:
            if sent.held_until is not None:
                outbox.put_back(tx, sent.leased, sent.held_until)
            else:
                outbox.mark_sent(tx, sent.leased, sent.external_id, now)
        return await outbox.claim(tx, channel.name, now, room) if room else []


async def _mark_failed(app: App, leased: Leased, failure: SendError) -> None:
    """Mark a failure; one that cannot be dealt with is marked as final, so that it holds nothing else up."""
    try:
        async with app.database.transaction() as tx:
            await _fail(app, tx, leased, failure)
    except (DatabaseUnavailable, NotADatabase):
        raise
    except Exception as error:
        _log.exception("message %d: %s", leased.id, where(error), exc_info=False)
        async with app.database.transaction() as tx:
            await outbox.mark_unsent(tx, leased, f"{failure.outcome}: {where(error)}", None)


async def _fail(app: App, tx: Transaction, leased: Leased, failure: SendError) -> None:
    """Let a message be sent again later or, where that is of no use, take back what it stood for.

    Locks are taken in the order of everybody else: communes, addresses, messages, duties.
    """
    now = app.clock.now()
    until = give_up_at(leased.kind, leased.queued_at, app.calendar)
    retry = retry_at(leased.failures, failure.outcome, leased.kind, now, until, failure.retry_after)
    if leased.outgoing.is_comfort and (leased.failures or failure.retry_after is not None):
        retry = None  # no words wait behind a menu or a reaction
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
    if failure.moved_to is not None:
        people.move_address(tx, leased.address, failure.moved_to)
        audit.note(tx, "address.moved", f"outbox:{leased.id}", now)
    await reminders.take_back(tx, now, app.calendar, lost, blocked=blocked)


class Sender:
    """Sends a channel's messages, as many at once as it takes.

    What is under way, and what became of it until it is marked, is kept here through a failure of the database too:
    unmarked, a message would be sent once more.
    """

    def __init__(self, app: App, channel: Channel) -> None:
        self._app = app
        self._channel = channel
        self._pace = Pace(channel)
        self._under_way: dict[int, tuple[Leased, asyncio.Task[None]]] = {}
        self._settled: list[_Sent] = []
        self._changed = app.outbox_changed.listen()

    async def send(self) -> None:
        """Send until cancelled. What is on its way then gets a moment to arrive and be marked."""
        clock = asyncio.get_running_loop().time
        leased_at = clock() - GATHER
        try:
            while True:
                self._app.pulse.beat(f"{self._channel.name} sender")
                await asyncio.sleep(max(0.0, leased_at + GATHER - clock()))
                leased_at = clock()
                self._changed.clear()
                leased = await self._mark_and_lease()
                for each in leased:
                    self._start(each)
                if not leased:
                    await wait_for(self._changed, min(LOOK_EVERY, self._pace.until_room() or LOOK_EVERY))
        except asyncio.CancelledError:
            await self._finish()
            raise

    async def _mark_and_lease(self) -> list[Leased]:
        room = self._pace.room(self._channel.sends_at_once - len(self._under_way))
        settled, self._settled = self._settled, []
        try:
            return await _mark_and_lease(self._app, self._channel, settled, room)
        except BaseException:
            self._settled = settled + self._settled
            raise

    def _start(self, leased: Leased) -> None:
        if (known := self._under_way.get(leased.id)) is not None:
            # Our own lease has ended under it: the clock was put forward, or the machine slept. It is sent once.
            self._under_way[leased.id] = (leased, known[1])
        elif pause := self._pace.take(leased.address):
            self._settle(_Sent(leased, held_until=self._app.clock.now() + pause))
            asyncio.get_running_loop().call_later(pause.total_seconds(), self._changed.set)
        else:
            self._under_way[leased.id] = (leased, asyncio.create_task(self._deliver(leased)))

    async def _deliver(self, leased: Leased) -> None:
        sent = _Sent(leased, failure=SendError("not_sent", "stopped"))  # in case this ends before the message is sent …
        try:
            if leased.outgoing.attachments:
                async with self._app.database.transaction() as tx:
                    outbox.extend(tx, leased, self._app.clock.now() + UPLOAD)
            sent = _Sent(leased, failure=SendError("ambiguous", "stopped"))  # … or on its way
            sent = await _deliver(self._app, self._channel, leased)
        except (DatabaseUnavailable, NotADatabase) as error:
            _log.error("message %d: %s", leased.id, where(error))
        finally:
            newest, _ = self._under_way.pop(leased.id, (leased, None))
            self._settle(replace(sent, leased=newest))
        if sent.failure is None:
            self._pace.went()
        elif sent.failure.retry_after is not None and not leased.outgoing.is_comfort:
            self._pace.refused(leased.address, sent.failure.retry_after)

    def _settle(self, sent: _Sent) -> None:
        self._settled.append(sent)
        self._changed.set()  # the next to the same person may go, once this is marked

    async def _finish(self) -> None:
        tasks = [task for _, task in self._under_way.values()]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=GRACE)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        settled, self._settled = self._settled, []
        await _mark_and_lease(self._app, self._channel, settled, 0)
