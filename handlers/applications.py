"""What an admin may answer to somebody who asks to be let in."""

from __future__ import annotations

from handlers.prompts import Offer
from handlers.render import label
from storage.applications import Application


def decisions(application: Application) -> list[Offer]:
    """Return the choices of whoever decides on an application."""
    return [
        Offer(f"go:nguoimoi:+{application.id}", words=f"{label('admit')} {application.name}"),
        Offer(f"go:nguoimoi:-{application.id}", words=f"{label('turn_away')} {application.name}"),
    ]
