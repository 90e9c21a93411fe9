"""Reading our own documents: their code blocks, tables and names in backticks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "CONTRIBUTING.md", *sorted(str(page.relative_to(ROOT)) for page in (ROOT / "docs").rglob("*.md")))
_FENCE = re.compile(r"^```(?P<language>[a-z]*)(?: +(?P<name>\S+))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the file name after it if there is one, and its text."""

    language: str
    name: str
    text: str


@cache
def page(path: str) -> str:
    """The text of a page, by its path from the top of the checkout."""
    return (ROOT / path).read_text(encoding="utf-8")


def blocks(path: str) -> list[Block]:
    """The fenced blocks of a page, in order."""
    return [Block(found["language"], found["name"] or "", found["text"]) for found in _FENCE.finditer(page(path))]


def prose(path: str) -> str:
    """A page without its fenced blocks."""
    return _FENCE.sub("", page(path))


def named(path: str) -> list[str]:
    """Everything between backticks in the prose of a page."""
    return re.findall(r"`([^`\n]+)`", prose(path))


def commands(text: str) -> list[str]:
    """The commands of a shell block: no comments or blank lines, a line that goes on joined with the next."""
    joined = re.sub(r"\\\n\s*", "", text)
    return [line for line in joined.splitlines() if line and not line.startswith("#")]


def tables(path: str, first: str) -> Iterator[dict[str, str]]:
    """The rows of every table of a page whose first column is headed `first`, each by its column heads."""
    head: list[str] = []
    for line in prose(path).splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")] if line.startswith("|") else []
        if not cells:
            head = []
        elif not head:
            head = cells
        elif set("".join(cells)) <= {"-", ":"}:
            continue
        elif head[0] == first:
            yield dict(zip(head, cells, strict=True))
