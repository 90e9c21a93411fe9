"""A page of memory shared with the program under test: its clock, and the place where it is to die.

It is a file that both have mapped, so both are changed from outside at any moment, and outlive every process.
"""

from __future__ import annotations

import mmap
import os
import signal
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.clock import Clock
from tests.crash.traps import ANY, HOPS, Trap

_SIZE = 24
_OFFSET = struct.Struct("=q")  # microseconds from the machine's clock to the page's
_TRAP = struct.Struct("=ii")  # the number of a hop, 0 for none, and how many passings are left
_TASKS = struct.Struct("=q")
_NUMBERS = {hop: number for number, hop in enumerate((*HOPS, ANY), 1)}


class Page:
    """One end of the page. Whoever makes it says at what time its clock begins."""

    def __init__(self, path: Path, begins: datetime | None = None) -> None:
        if begins is not None:
            path.write_bytes(bytes(_SIZE))
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), _SIZE)
        if begins is not None:
            self._set(begins)

    def now(self) -> datetime:
        """Return the time of the program."""
        (offset,) = _OFFSET.unpack_from(self._memory, 0)
        return datetime.now(UTC) + timedelta(microseconds=offset)

    def move_to(self, instant: datetime) -> None:
        """Let the program's clock show `instant` now; it runs on from there, and never goes back."""
        self._set(max(instant, self.now()))

    def move(self, by: timedelta) -> None:
        """Move the program's clock forward."""
        self.move_to(self.now() + by)

    def arm(self, hop: str, count: int) -> None:
        """Let the program die at the `count`-th passing of `hop` from now on."""
        _TRAP.pack_into(self._memory, 8, _NUMBERS[hop], count)

    def disarm(self) -> None:
        """Let the program live."""
        _TRAP.pack_into(self._memory, 8, 0, 0)

    def tell_tasks(self, count: int) -> None:
        """Write down how many tasks the program has."""
        _TASKS.pack_into(self._memory, 16, count)

    def tasks(self) -> int:
        """Return how many tasks the program had when it last wrote it down."""
        return int(_TASKS.unpack_from(self._memory, 16)[0])

    def _set(self, instant: datetime) -> None:
        _OFFSET.pack_into(self._memory, 0, (instant - datetime.now(UTC)) // timedelta(microseconds=1))

    def is_last(self, hop: str) -> bool:
        """Count a passing of `hop`; tell whether it is the last."""
        armed, left = _TRAP.unpack_from(self._memory, 8)
        if armed not in (_NUMBERS[hop], _NUMBERS[ANY]):
            return False
        _TRAP.pack_into(self._memory, 8, armed if left > 1 else 0, left - 1)
        return bool(left == 1)


class PageClock(Clock):
    """The clock of a page."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page

    def _read(self) -> datetime:
        return self._page.now()


class PageTrap(Trap):
    """Ends this process with SIGKILL where the page says."""

    def __init__(self, page: Page) -> None:
        super().__init__("never", 0)
        self._page = page

    def passed(self, hop: str) -> None:
        """Count one passing of `hop`."""
        if self._page.is_last(hop):
            os.kill(os.getpid(), signal.SIGKILL)
