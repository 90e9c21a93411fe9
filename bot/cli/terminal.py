"""Write to the terminal. Apart from `common`, so that a command without database or settings starts without them."""

from __future__ import annotations

import sys
from typing import Any

from handlers.render import render


def write(text: str) -> None:
    """Write to the terminal at once."""
    sys.stdout.write(text)
    sys.stdout.flush()


def say(template: str, **values: Any) -> None:
    """Print a rendered template of templates/vi/cli."""
    write(render(f"cli/{template}", **values) + "\n")
