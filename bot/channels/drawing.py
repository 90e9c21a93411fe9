"""QR codes, drawn when they are sent: a link with a one-time code lies in no file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from domain.messages import Outgoing

DRAWN = "qr:"
_SCALE = 8  # pixels a module: some 330 across, sharp on a phone and quickly sent


@contextmanager
def drawn(outgoing: Outgoing) -> Iterator[Outgoing]:
    """Give the message with files in place of what is to be drawn; they are gone afterwards."""
    if not any(each.path.startswith(DRAWN) for each in outgoing.attachments):
        yield outgoing
        return
    import segno

    with tempfile.TemporaryDirectory(prefix="dondoc-qr-") as folder:
        files = []
        for number, each in enumerate(outgoing.attachments):
            if each.path.startswith(DRAWN):
                path = Path(folder, f"{number}.png")
                segno.make(each.path.removeprefix(DRAWN), error="m").save(str(path), scale=_SCALE, border=4)
                each = replace(each, path=str(path))
            files.append(each)
        yield replace(outgoing, attachments=tuple(files))


def in_letters(text: str) -> str:
    """Return a QR code as lines of block characters, for a terminal."""
    import io

    import segno

    page = io.StringIO()
    segno.make(text, error="l").terminal(page, compact=True, border=2)
    return page.getvalue()
