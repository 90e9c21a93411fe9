"""The simulator at a terminal: what is typed is one person's, and what anybody receives is printed."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping

from bot.channels.simulator import Heard, Simulator
from domain.messages import Outgoing

WIDTH = 78
_INDENT = "     "


def printed(who: str, outgoing: Outgoing) -> str:
    """Return a message as it is shown at a terminal: the speaker first, choices in square brackets below."""
    lines: list[str] = []
    for line in outgoing.text.splitlines():
        lines += textwrap.wrap(line, WIDTH - len(_INDENT), break_long_words=False, break_on_hyphens=False) or [""]
    if outgoing.choices:
        labels = "  ".join(f"[{choice.label.replace(' ', chr(0xA0))}]" for choice in outgoing.choices)
        lines += [line.replace("\xa0", " ") for line in textwrap.wrap(labels, WIDTH - len(_INDENT))]
    return "\n".join([f"{who}> {lines[0]}", *(f"{_INDENT}{line}".rstrip() for line in lines[1:])])


class ConsoleScreen:
    """Prints what arrives on simulated phones. `names` are the people shown by name; `only` mutes all others."""

    def __init__(self, simulator: Simulator, write: Callable[[str], None], names: Mapping[str, str]) -> None:
        self.names = dict(names)
        self.only: str | None = None
        self._write = write
        simulator.listener = self.show

    def show(self, heard: Heard) -> None:
        """Print one message as it arrives."""
        if self.only is not None and heard.who != self.only:
            return
        who = "bot" if self.only else f"bot → {self.names.get(heard.who, heard.who)}"
        self._write(printed(who, heard.outgoing) + "\n")
