"""Being told to stop: once, to come to an end; once more, to end at once."""

from __future__ import annotations

import asyncio
import os
import signal

from bot.cli.terminal import say

PATIENCE = 1.0  # seconds a person at the terminal waits without wondering
EXIT_STATUS = 130  # as of whatever Ctrl-C ends


def told_to_stop() -> asyncio.Event:
    """Return what is set by Ctrl-C or SIGTERM. Told once more, the program ends where it is: all is in the database."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def told() -> None:
        if stop.is_set():
            say("stopped", at_once=True)
            os._exit(EXIT_STATUS)
        stop.set()
        loop.call_later(PATIENCE, lambda: say("stopping"))

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told)
    return stop
