"""Received files, fetched to the disk piece by piece."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path
from typing import IO

from telegram.error import BadRequest, TelegramError

from bot.channels.base import FileUnavailable
from bot.channels.telegram.api import Api
from domain.messages import ReceivedFile

_PIECE = 1 << 18
_PASSING = ("temporarily unavailable", "try again")


async def fetch(api: Api, file: ReceivedFile, into: Path, limit: int, *, local: bool) -> None:
    """Save a file as `into`, whole or not at all; raises `FileUnavailable`.

    `local` says that the Bot API server is ours and names files by their absolute paths on this machine; from another
    server such a path is not believed. Bot API: getFile, up to 20 MB from the public server.
    """
    if file.size is not None and file.size > limit:
        raise FileUnavailable("too_big")
    path = await _path(api, file.id, limit)
    if not local and path.startswith("/"):
        raise FileUnavailable("gone")
    pieces = _read(Path(path)) if path.startswith("/") else api.download(path)
    part = into.with_name(f".{into.name}.{secrets.token_hex(4)}")
    try:
        async with aclosing(pieces):
            await _save(pieces, part, limit)
        await asyncio.to_thread(part.replace, into)
    except (TelegramError, OSError):
        raise FileUnavailable("not_now") from None
    finally:
        await asyncio.to_thread(part.unlink, missing_ok=True)


async def _path(api: Api, file_id: str, limit: int) -> str:
    """Return where a file lies; the address made of it would have the token in it, so it goes nowhere else."""
    try:
        found = await api.call("getFile", {"file_id": file_id})
    except BadRequest as error:
        words = error.message.lower()
        if "too big" in words:
            raise FileUnavailable("too_big") from None
        passing = any(part in words for part in _PASSING)
        raise FileUnavailable("not_now" if passing else "gone") from None
    except TelegramError:
        raise FileUnavailable("not_now") from None
    size = found.get("file_size") if isinstance(found, dict) else None
    if type(size) is int and size > limit:
        raise FileUnavailable("too_big")
    path = found.get("file_path") if isinstance(found, dict) else None
    if not isinstance(path, str) or not path:
        raise FileUnavailable("not_now")
    return path


async def _save(pieces: AsyncGenerator[bytes, None], part: Path, limit: int) -> None:
    file: IO[bytes] = await asyncio.to_thread(part.open, "xb")
    size = 0
    try:
        async for piece in pieces:
            size += len(piece)
            if size > limit:
                raise FileUnavailable("too_big")
            await asyncio.to_thread(file.write, piece)
        await asyncio.to_thread(_finish, file)
    finally:
        file.close()


def _finish(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


async def _read(path: Path) -> AsyncGenerator[bytes, None]:
    file = await asyncio.to_thread(path.open, "rb")
    with file:
        while piece := await asyncio.to_thread(file.read, _PIECE):
            yield piece
