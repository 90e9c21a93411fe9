"""What a command is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from domain.permissions import Action
from handlers.turn import Turn


@dataclass(frozen=True, slots=True)
class Command:
    """A command: typed as "/name argument", or as one of its `words` alone.

    `action` is what it is for: whoever may do that nowhere is told so by the template `refusal`, and `run` is not
    called. None: everybody who has joined may. What it reaches in particular, `run` asks `storage.permissions`.
    A command without `run` begins a flow: `entrance` names the way in, see `handlers.flows.ENTRANCES`.
    """

    name: str
    run: Callable[[Turn, str], Awaitable[None]] | None
    action: Action | None
    aliases: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    refusal: str = "common/not_allowed"
    entrance: str = ""
