"""The updates that wait for one bot, and how it polls for them."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from tests.botapi.errors import ApiError

KINDS = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "inline_query",
    "chosen_inline_result",
    "callback_query",
    "shipping_query",
    "pre_checkout_query",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "message_reaction",
    "message_reaction_count",
)
ONLY_IF_ASKED = ("chat_member", "message_reaction", "message_reaction_count")
DEFAULT_KINDS = frozenset(KINDS) - frozenset(ONLY_IF_ASKED)
KEPT_FOR = 24 * 3600
LONGEST_POLL = 50


class Pending:
    """An update that was not confirmed. `again` marks one that goes out once more although it was."""

    __slots__ = ("again", "key", "made_at", "update")

    def __init__(self, update: dict[str, Any], key: int, made_at: float, again: bool) -> None:
        self.update = update
        self.key = key
        self.made_at = made_at
        self.again = again


class Updates:
    """The updates of one bot in the order they happened, kept until it confirms them or a day has passed."""

    def __init__(self, chance: random.Random, clock: Callable[[], float], notify: Callable[[], None]) -> None:
        self.next_id = chance.randrange(100_000_000, 900_000_000)
        self.allowed: list[str] | None = None
        self.pending: dict[int, Pending] = {}
        self.on_new: Callable[[int, Pending], None] | None = None
        self._kinds = DEFAULT_KINDS
        self.clock = clock
        self.notify = notify  # those who wait until something is so
        self._serial = 0
        self._poller: asyncio.Future[None] | None = None

    def allow(self, kinds: list[Any]) -> None:
        """Deliver only these kinds from now on, what already waits untouched; none that is known: the default."""
        known = [kind for kind in kinds if kind in KINDS]
        self.allowed = known or None
        self._kinds = frozenset(known) or DEFAULT_KINDS

    def add(self, kind: str, what: dict[str, Any], key: int) -> dict[str, Any] | None:
        """Queue what happened in the chat `key`; return the update, None where the bot did not ask for its kind."""
        if kind not in self._kinds:
            return None
        update = {"update_id": self.next_id, kind: what}
        self.put(update, key)
        return update

    def put(self, update: dict[str, Any], key: int = 0, again: bool = False) -> None:
        """Queue a whole update as it is, even one that was confirmed (`again`), and wake who waits for it."""
        if not again:
            self.next_id = max(self.next_id, update.get("update_id", 0)) + 1
        self._serial += 1
        waiting = self.pending[self._serial] = Pending(update, key, self.clock(), again)
        self._wake()
        if self.on_new:
            self.on_new(self._serial, waiting)

    def drop(self, serials: Iterable[int]) -> None:
        """Forget updates by their place in the queue."""
        for serial in list(serials):
            self.pending.pop(serial, None)

    def drop_old(self) -> None:
        """Forget what nobody fetched in a day."""
        if self.pending:
            limit = self.clock() - KEPT_FOR
            self.drop([serial for serial, waiting in self.pending.items() if waiting.made_at < limit])

    async def poll(self, offset: int, limit: int, seconds: float) -> list[dict[str, Any]]:
        """Return up to `limit` updates from `offset` on, waiting up to so many seconds for one.

        Raise ApiError 409 when another poller comes, or a webhook is set, in the meantime.
        """
        self.drop_old()
        self._confirm(offset)
        found = self._first(limit)
        if found or seconds <= 0:
            return found
        self.end_poll("terminated by other getUpdates request; make sure that only one bot instance is running")
        poller = self._poller = asyncio.get_running_loop().create_future()
        self.notify()
        try:
            await asyncio.wait_for(poller, min(seconds, LONGEST_POLL))
        except TimeoutError:
            pass
        finally:
            if self._poller is poller:
                self._poller = None
        return self._first(limit)

    def end_poll(self, why: str) -> None:
        """End a poll that waits with a 409, or with an empty list where `why` is empty."""
        poller, self._poller = self._poller, None
        if poller and not poller.done():
            if why:
                poller.set_exception(ApiError(409, f"Conflict: {why}"))
            else:
                poller.set_result(None)

    def is_polled(self) -> bool:
        """Return whether somebody waits for an update now."""
        return self._poller is not None

    def _wake(self) -> None:
        if self._poller and not self._poller.done():
            self._poller.set_result(None)

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            self.drop(list(self.pending)[:offset])
        elif offset > 0:
            confirmed = [
                serial
                for serial, waiting in self.pending.items()
                if waiting.update.get("update_id", 0) < offset and not waiting.again
            ]
            self.drop(confirmed)

    def _first(self, limit: int) -> list[dict[str, Any]]:
        found = list(islice(self.pending.values(), limit))
        for waiting in found:
            waiting.again = False
        return [waiting.update for waiting in found]
