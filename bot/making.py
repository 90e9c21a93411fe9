"""Make the documents of a message right before it is sent, outside of any transaction that others wait for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.channels.base import SendError
from bot.failures import where
from domain.messages import Attachment, Outgoing
from handlers import made
from handlers.made import MADE
from handlers.render import render
from storage.errors import DatabaseUnavailable, NotADatabase

if TYPE_CHECKING:
    from bot.app import App

_log = logging.getLogger("dondoc.sender")


@asynccontextmanager
async def ready(app: App, outgoing: Outgoing) -> AsyncIterator[Outgoing]:
    """Yield a message whose files are all on the disk; those made for it are removed in the end.

    Where nothing is left to make a document of, or it cannot be made, words are sent instead. Raises `SendError` where
    the database cannot be read now.
    """
    if not any(each.path.startswith(MADE) for each in outgoing.attachments):
        yield outgoing
        return
    scratches: list[Path] = []
    try:
        yield await _made(app, outgoing, scratches)
    finally:
        for scratch in scratches:
            await asyncio.to_thread(scratch.unlink, missing_ok=True)


async def _made(app: App, outgoing: Outgoing, scratches: list[Path]) -> Outgoing:
    attachments: list[Attachment] = []
    try:
        for each in outgoing.attachments:
            found = made.read(each.path)
            if found is None:
                attachments.append(each)
                continue
            maker, argument = found
            async with app.database.transaction() as tx:
                rows = await maker.collect(tx, argument, app.calendar.today(app.clock.now()))
            if rows is None:
                return Outgoing(render(maker.instead), outgoing.choices)
            document = await asyncio.to_thread(maker.make, rows)
            scratch = await asyncio.to_thread(app.files.scratch, document.suffix)
            scratches.append(scratch)
            await asyncio.to_thread(_write, scratch, document.data)
            # The name was given when it was asked for; it ends in what the file has become.
            name = str(Path(each.name).with_suffix(document.suffix)) if each.name else each.name
            attachments.append(Attachment(each.kind, str(scratch.absolute()), name))
    except (DatabaseUnavailable, NotADatabase) as error:
        raise SendError("not_sent", type(error).__name__) from error
    except Exception as error:
        _log.exception("a document could not be made: %s", where(error), exc_info=False)
        return Outgoing(render("common/not_made"), outgoing.choices)
    return replace(outgoing, attachments=tuple(attachments))


def _write(path: Path, data: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(data)
