"""One clear line for whoever started the program: what is wrong and what to do, then exit status 2."""

from __future__ import annotations

from typing import Any


class Complaint(Exception):
    """Something the person at the terminal must put right; worded by templates/vi/cli/`template`.txt."""

    def __init__(self, template: str, **values: Any) -> None:
        super().__init__(template)
        self.template = template
        self.values = values

    def __str__(self) -> str:
        from handlers.render import render

        return render(f"cli/{self.template}", **self.values)
