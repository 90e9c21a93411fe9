"""The one place that knows what time it is. Below this floor `now` is always a parameter."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class Clock:
    """The time of day, in UTC, which goes on while the program runs: it never goes back, nor stands still.

    A machine's clock may be set back under a running program; leases and reminders must not see time repeat, and what
    waits for a moment must see it come. So time then passes at half its pace until the machine's clock has caught up.
    """

    def __init__(self) -> None:
        self._latest = datetime.min.replace(tzinfo=UTC)
        self._asked_at = 0.0

    def now(self) -> datetime:
        """Return the current instant."""
        asked_at, before = self._ticks(), self._asked_at
        self._asked_at = asked_at
        read = self._read()
        if read < self._latest:
            read = self._latest + timedelta(seconds=(asked_at - before) / 2)
        self._latest = read
        return read

    def _ticks(self) -> float:
        return time.monotonic()

    def _read(self) -> datetime:
        return datetime.now(UTC)


class MovableClock(Clock):
    """A clock for rehearsals and tests: it stands still, or runs on, from wherever it is put."""

    def __init__(self, start: datetime, *, running: bool = False) -> None:
        super().__init__()
        self._running = running
        self._offset = start - datetime.now(UTC)
        self._start = start

    def _read(self) -> datetime:
        return datetime.now(UTC) + self._offset if self._running else self._start

    def move_to(self, instant: datetime) -> None:
        """Move forward to `instant`; an instant already past changes nothing."""
        instant = max(instant, self.now())
        self._offset = instant - datetime.now(UTC)
        self._start = instant

    def run(self) -> None:
        """Let time pass from now on as it does outside."""
        self._offset = self.now() - datetime.now(UTC)
        self._running = True

    def move(self, by: timedelta) -> None:
        """Move forward by a span."""
        self.move_to(self.now() + by)
