"""The name somebody goes by, as typed."""

from __future__ import annotations

import re

from domain.vietnamese import clean

LONGEST = 60  # letters
_NAME = re.compile(r"[^\W\d_]+(?:[ .'’-]+[^\W\d_]+)*\.?")


def read_name(typed: str) -> str | None:
    """Return a person's name with single spaces; None for what cannot be one: digits, a single letter, a long text."""
    name = clean(typed).strip(" ,;")
    return name if 2 <= len(name) <= LONGEST and _NAME.fullmatch(name) else None
