"""Talks as text: the lines of a file, and what differs between a file and how its talk went."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

REWRITE = "DONDOC_REWRITE_TALKS"
INDENT = "     "
_BOT = ("bot> ", "bot → ")
_SPEECH = re.compile(r"(\w+)> (.*)")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a talk that is not the bot's: a comment, a direction, or what `who` says."""

    kind: str
    text: str
    who: str = ""
    gap: bool = False  # a blank line stands before it

    def printed(self) -> str:
        """Return the line as it stands in the file."""
        if self.kind == "said":
            return f"{self.who}> " + self.text.replace("\n", f"\n{INDENT}")
        return self.text if self.kind == "comment" else f"-- {self.text}"


def parse(text: str) -> list[Line]:
    """Return the lines of a talk; the bot's are left out, for the program says them."""
    lines: list[Line] = []
    gap = bot = False
    for number, raw in enumerate(text.splitlines(), 1):
        if not raw.strip():
            gap = True
            continue
        if raw.startswith(INDENT):
            if not bot and lines and lines[-1].kind == "said":
                lines[-1] = replace(lines[-1], text=f"{lines[-1].text}\n{raw.removeprefix(INDENT)}")
            gap = False  # a blank line before it stands within the message
            continue
        bot = raw.startswith(_BOT)
        if bot:
            gap = False
            continue
        if raw.startswith("#"):
            lines.append(Line("comment", raw, gap=gap))
        elif raw.startswith("-- "):
            lines.append(Line("direction", raw[3:], gap=gap))
        elif speech := _SPEECH.fullmatch(raw):
            lines.append(Line("said", speech[2], speech[1], gap=gap))
        else:
            raise ValueError(f"line {number} is neither speech, a direction nor a comment: {raw}")
        gap = False
    return lines


def directions(lines: Sequence[Line], name: str) -> list[str]:
    """Return the arguments of a direction: directions(lines, "given") gives ["xa_vu_duong"]."""
    return [line.text.partition(" ")[2] for line in lines if line.kind == "direction" and line.text.startswith(name)]


def by_recipient(talk: str) -> str:
    """Return a talk with what each person got after a line put together: over a network they do not get it in turn."""
    lines: list[str] = []
    messages: list[list[str]] = []
    for line in [*talk.split("\n"), "#"]:
        if line.startswith(_BOT):
            messages.append([line])
        elif messages and (line.startswith(INDENT) or not line.strip()):
            messages[-1].append(line)
        else:
            gap: list[str] = []
            while messages and not messages[-1][-1].strip():
                gap.append(messages[-1].pop())
            for message in sorted(messages, key=lambda message: message[0].partition("> ")[0]):
                lines.extend(message)
            lines.extend([*gap, line])
            messages = []
    return "\n".join(lines[:-1])


def compare(path: Path, went: str, *, rewrite: bool = False, in_turn: bool = True) -> str:
    """Return the difference between a talk's file and how it went, "" for none; with `rewrite` the file is changed.

    `in_turn` tells whether different people must have got their messages in the order of the file.
    """
    written = path.read_text(encoding="utf-8")
    if not in_turn:
        written, went = by_recipient(written), by_recipient(went)
    if written == went:
        return ""
    if rewrite:
        path.write_text(went, encoding="utf-8")
        return ""
    lines = difflib.unified_diff(
        written.splitlines(), went.splitlines(), f"{path.name}, as written", f"{path.name}, as it went", lineterm=""
    )
    return "\n".join(lines)


def rewriting() -> bool:
    """Tell whether talks are to be rewritten; RuntimeError in CI, where nobody would read what changed."""
    if not os.environ.get(REWRITE):
        return False
    if os.environ.get("CI"):
        raise RuntimeError(f"{REWRITE} is set in CI: talks are rewritten by hand, read, and committed")
    return True
