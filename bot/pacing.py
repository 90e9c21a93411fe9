"""How fast a channel may be used: so many messages a second in all, and so far apart to one recipient."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

from bot.channels.base import Channel
from domain.messages import Address

BURST = 3  # messages to one recipient at once: an answer is often two, and somebody waits for them
# Seconds of the overall rate that may go at once. A full second's worth would make it twice the rate in the first
# second; and what is on its way when a process dies is sent again by the next, so little should be at any moment.
AT_ONCE = 0.1
FORGOTTEN_AFTER = 1000  # recipients; those who may be written to again are forgotten when there are more
LONGEST_STOP = 60.0  # seconds; then one message finds out whether it is still meant
_SECOND = timedelta(seconds=1)


class Pace:
    """Buckets of tokens, refilled by the loop's own clock; what they hold back stays in the database.

    A messenger that refuses two recipients in a row means the program, not a chat, and asking on prolongs what it asks
    for: then everything stops for a while.
    """

    def __init__(self, channel: Channel, clock: Callable[[], float] | None = None) -> None:
        self._channel = channel
        self._clock = clock or asyncio.get_running_loop().time
        self._ready_at: dict[Address, float] = {}  # when the bucket of a recipient is full again
        self._rate = channel.sends_a_second
        self._most = max(1.0, (self._rate or 0.0) * AT_ONCE)
        self._tokens = self._most
        self._filled_at = self._clock()
        self._stopped_until = 0.0
        self._refused: Address | None = None

    def room(self, wanted: int) -> int:
        """Return how many of `wanted` messages may be taken on now."""
        now = self._clock()
        if now < self._stopped_until:
            return 0
        if self._rate is None:
            return wanted
        self._tokens = min(self._most, self._tokens + (now - self._filled_at) * self._rate)
        self._filled_at = now
        return min(wanted, int(self._tokens))

    def until_room(self) -> float:
        """Return the seconds until there may be room again."""
        now = self._clock()
        braked = max(0.0, self._stopped_until - now)
        if self._rate is None or self._tokens >= 1:
            return braked
        return max(braked, (1 - self._tokens) / self._rate)

    def take(self, to: Address) -> timedelta:
        """Take leave to write to somebody now; if there is none yet, return how long to wait and take nothing."""
        now = self._clock()
        spacing = self._channel.spacing(to) / _SECOND
        if spacing:
            full_at = max(now, self._ready_at.get(to, now))
            early = full_at - now - (BURST - 1) * spacing
            if early > 0:
                return timedelta(seconds=early)
            self._ready_at[to] = full_at + spacing
            if len(self._ready_at) > FORGOTTEN_AFTER:
                self._ready_at = {each: at for each, at in self._ready_at.items() if at > now}
        self._tokens -= 1
        return timedelta(0)

    def went(self) -> None:
        """Note that the messenger took a message."""
        self._refused = None

    def refused(self, to: Address, wait: timedelta) -> None:
        """Note that the messenger asked for `wait`; when it asks a second recipient in a row, it is meant for all."""
        if self._refused not in (None, to):
            self._stopped_until = max(self._stopped_until, self._clock() + min(wait / _SECOND, LONGEST_STOP))
        self._refused = to
