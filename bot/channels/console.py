"""The simulator at a terminal: what is typed is one person's, and what anybody receives is printed."""

from __future__ import annotations

import re
import shutil
import textwrap
from collections.abc import Callable, Mapping

from bot.channels.simulator import Heard, Simulator
from domain.messages import Outgoing

NARROWEST, WIDEST = 40, 100
_MARGIN = 2
_INDENT = "     "
_KEPT_TOGETHER = "\xa0"
_BEFORE_UNIT = re.compile(r"(?<=\d) (?=%)")


def width() -> int:
    """Return how many letters of a line are used: the terminal's, within what can be read well."""
    return max(NARROWEST, min(WIDEST, shutil.get_terminal_size().columns)) - _MARGIN


def printed(who: str, outgoing: Outgoing) -> str:
    """Return a message as it is shown at a terminal: the speaker first, choices in square brackets below."""
    lines: list[str] = []
    head = f"{who}> "
    for line in outgoing.text.splitlines():
        # The first line stands behind the speaker.
        ahead = "" if lines else " " * (len(head) - len(_INDENT))
        lines += _wrapped(_BEFORE_UNIT.sub(_KEPT_TOGETHER, line), ahead) or [""]
    if outgoing.choices:
        lines += _wrapped("  ".join(f"[{choice.label.replace(' ', _KEPT_TOGETHER)}]" for choice in outgoing.choices))
    return "\n".join([f"{head}{lines[0]}", *(f"{_INDENT}{line}".rstrip() for line in lines[1:])])


def directions(text: str) -> str:
    """Return what is said beside the talk, wrapped; a line that starts with spaces goes on below them."""
    found: list[str] = []
    for line in text.splitlines():
        indent = " " * (len(line) - len(line.lstrip()) or (3 if line.startswith("── ") else 0))
        wrapped = textwrap.wrap(
            line.strip(),
            width(),
            initial_indent=" " * (len(line) - len(line.lstrip())),
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
        found += wrapped or [""]
    return "\n".join(found)


def _wrapped(line: str, ahead: str = "") -> list[str]:
    found = textwrap.wrap(
        line, width() - len(_INDENT), break_long_words=False, break_on_hyphens=False, initial_indent=ahead
    )
    return [part.replace(_KEPT_TOGETHER, " ").removeprefix(ahead) for part in found]


class ConsoleScreen:
    """Prints what arrives on simulated phones. `names` are the people shown by name.

    With `only` one phone is in hand: what others receive is kept until somebody takes theirs, and `missed` is told
    of the first such message of each.
    """

    def __init__(self, simulator: Simulator, write: Callable[[str], None], names: Mapping[str, str]) -> None:
        self.names = dict(names)
        self.only: str | None = None
        self.missed: Callable[[str], None] | None = None
        self._write = write
        self._missed: dict[str, list[Heard]] = {}
        simulator.listener = self.show

    def show(self, heard: Heard) -> None:
        """Print one message as it arrives."""
        if self.only is not None and heard.who != self.only:
            first = heard.who not in self._missed
            self._missed.setdefault(heard.who, []).append(heard)
            if first and self.missed is not None:
                self.missed(heard.who)
            return
        who = "bot" if self.only else f"bot → {self.names.get(heard.who, heard.who)}"
        self._write(printed(who, heard.outgoing) + "\n")

    def take(self, who: str) -> None:
        """Take a phone in hand, and show what arrived on it meanwhile."""
        self.only = who
        for heard in self._missed.pop(who, []):
            self.show(heard)
