"""The simulator at a terminal: what is typed is one person's, and what anybody receives is printed."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Mapping

from bot.channels.simulator import Heard, Simulator
from domain.messages import Outgoing

WIDTH = 78
_INDENT = "     "
_KEPT_TOGETHER = "\xa0"
_BEFORE_UNIT = re.compile(r"(?<=\d) (?=%)")


def printed(who: str, outgoing: Outgoing) -> str:
    """Return a message as it is shown at a terminal: the speaker first, choices in square brackets below."""
    lines: list[str] = []
    for line in outgoing.text.splitlines():
        lines += _wrapped(_BEFORE_UNIT.sub(_KEPT_TOGETHER, line)) or [""]
    if outgoing.choices:
        lines += _wrapped("  ".join(f"[{choice.label.replace(' ', _KEPT_TOGETHER)}]" for choice in outgoing.choices))
    return "\n".join([f"{who}> {lines[0]}", *(f"{_INDENT}{line}".rstrip() for line in lines[1:])])


def _wrapped(line: str) -> list[str]:
    found = textwrap.wrap(line, WIDTH - len(_INDENT), break_long_words=False, break_on_hyphens=False)
    return [part.replace(_KEPT_TOGETHER, " ") for part in found]


class ConsoleScreen:
    """Prints what arrives on simulated phones. `names` are the people shown by name.

    With `only` one phone is in hand: what others receive is kept until somebody takes theirs.
    """

    def __init__(self, simulator: Simulator, write: Callable[[str], None], names: Mapping[str, str]) -> None:
        self.names = dict(names)
        self.only: str | None = None
        self._write = write
        self._missed: dict[str, list[Heard]] = {}
        simulator.listener = self.show

    def show(self, heard: Heard) -> None:
        """Print one message as it arrives."""
        if self.only is not None and heard.who != self.only:
            self._missed.setdefault(heard.who, []).append(heard)
            return
        who = "bot" if self.only else f"bot → {self.names.get(heard.who, heard.who)}"
        self._write(printed(who, heard.outgoing) + "\n")

    def take(self, who: str) -> None:
        """Take a phone in hand, and show what arrived on it meanwhile."""
        self.only = who
        for heard in self._missed.pop(who, []):
            self.show(heard)
