"""Lines typed at a terminal, read without keeping the program from stopping."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable

CHUNK = 65536


class StandardInput:
    """Reads lines of standard input beneath Python's buffer.

    A thread that waits in `sys.stdin.readline` holds the buffer's lock, and the interpreter cannot end without it.
    """

    def __init__(self) -> None:
        self._held = b""
        self._ended = False

    def __call__(self) -> str:
        """Return the next line with its end; "" when there is no more."""
        while b"\n" not in self._held and not self._ended:
            chunk = os.read(sys.stdin.fileno(), CHUNK)
            self._held += chunk
            self._ended = not chunk
        line, end, self._held = self._held.partition(b"\n")
        return (line + end).decode("utf-8", "replace")


def lines_of(read: Callable[[], str]) -> asyncio.Queue[str]:
    """Return a queue of what `read` returns, up to and with "" at the end; the thread behind it dies with the program.

    Waiting for the queue can be cancelled, so that Ctrl-C at the prompt is obeyed at once.
    """
    lines: asyncio.Queue[str] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def follow() -> None:
        line = "…"
        while line:
            try:
                line = read()
            except (OSError, ValueError):
                line = ""
            try:
                loop.call_soon_threadsafe(lines.put_nowait, line)
            except RuntimeError:  # the loop has ended
                return

    threading.Thread(target=follow, name="keyboard", daemon=True).start()
    return lines
