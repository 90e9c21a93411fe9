"""The log of the program: what it did and where something failed, never anybody's words, numbers or keys."""

from __future__ import annotations

import logging

_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


def set_up(level: str) -> None:
    """Write the program's own log to stderr from `level` on ("debug", "info", …).

    Libraries are heard from "warning" on, whatever the level: at "debug" aiosqlite writes down every statement with
    its values, and so every word of every chat.
    """
    logging.basicConfig(format=_FORMAT)
    logging.getLogger().setLevel(logging.WARNING)
    logging.getLogger("dondoc").setLevel(level.upper())
    # All it does is sound a bell, and all that can go wrong with that is being stopped in the middle of it.
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
