"""Signs of life of the loops, and what ends the program when one of them stops giving any."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable

EXIT_STATUS = 70  # EX_SOFTWARE of sysexits.h; the service manager starts the program again
LOOK_EVERY = 5.0  # seconds
TELLING = 2.0  # seconds for the last line of the log
_log = logging.getLogger("dondoc.watchdog")


class Pulse:
    """When each loop last gave a sign of life, and how long it may be silent.

    Written by the loops, read by a thread: setting a key of a dict is one step in Python.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._longest: dict[str, float] = {}
        self._heard: dict[str, float] = {}

    def expect(self, name: str, seconds: float) -> None:
        """From now on, expect a sign of life of `name` at least every so many seconds."""
        self._heard[name] = self._clock()
        self._longest[name] = seconds

    def beat(self, name: str) -> None:
        """Give a sign of life."""
        self._heard[name] = self._clock()

    def silent(self) -> list[str]:
        """Return those that have been silent for too long."""
        now = self._clock()
        return [name for name, longest in list(self._longest.items()) if now - self._heard[name] > longest]


class Watchdog(threading.Thread):
    """Ends the process, from outside its event loop, when a loop is silent: a program that hangs reminds nobody.

    What it was at is in the database, and is gone on with when the service manager has started it again. systemd is
    told that all is well, where it asks (sd_notify: READY, WATCHDOG, STOPPING).
    """

    def __init__(self, pulse: Pulse, end: Callable[[int], object] = os._exit, look_every: float = LOOK_EVERY) -> None:
        super().__init__(name="watchdog", daemon=True)
        self._pulse = pulse
        self._end = end
        self._look_every = look_every
        self._ended = threading.Event()

    def __enter__(self) -> Watchdog:
        notify("READY=1")
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        notify("STOPPING=1")
        self._ended.set()
        self.join()

    def run(self) -> None:
        """Look until told to stop."""
        while not self._ended.wait(self._look_every):
            silent = self._pulse.silent()
            if silent:
                # Aside: what hangs may hold the lock of the log, or the pipe it goes to may be full.
                telling = threading.Thread(target=_tell, args=(silent,), daemon=True)
                telling.start()
                telling.join(TELLING)
                self._end(EXIT_STATUS)
                return
            notify("WATCHDOG=1")


def _tell(silent: list[str]) -> None:
    _log.critical("no sign of life of %s: ending, to be started again", ", ".join(silent))


def notify(state: str) -> None:
    """Tell systemd something, where it listens ($NOTIFY_SOCKET); failing to is no failure."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]  # an abstract socket
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.connect(address)
            sender.send(state.encode())
    except OSError as error:
        _log.debug("systemd was not told: %s", type(error).__name__)
