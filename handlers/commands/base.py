"""What a command is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from handlers.turn import Turn


@dataclass(frozen=True, slots=True)
class Command:
    """A command: typed as "/name argument", or as one of its `words` alone. `run` checks what the person may see."""

    name: str
    run: Callable[[Turn, str], Awaitable[None]]
    aliases: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
