"""Files on their way to a phone: alone, or as albums."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from telegram import InputFile, InputMediaDocument, InputMediaPhoto
from telegram.error import BadRequest

from bot.channels.base import SendError
from bot.channels.telegram.outcomes import is_no_photo
from domain.messages import Attachment

LARGEST_PHOTO = 10_000_000  # bytes. Bot API: sendPhoto, 10 MB; whatever a megabyte is there, this is not more
LARGEST_FILE = 50_000_000  # bytes. Bot API: sendDocument, 50 MB
LARGEST_ALBUM = 10  # Bot API: sendMediaGroup, 2-10
_METHODS = {"photo": "sendPhoto", "document": "sendDocument"}

Album = Sequence[Attachment]
Send = Callable[[str, dict[str, Any]], Awaitable[None]]


def albums(files: Sequence[Attachment]) -> Iterator[Album]:
    """Group files in their order into albums: documents go with documents only (Bot API: sendMediaGroup)."""
    for _, alike in groupby(files, key=lambda file: file.kind):
        group = list(alike)
        for start in range(0, len(group), LARGEST_ALBUM):
            yield group[start : start + LARGEST_ALBUM]


def chat_action(album: Album) -> str:
    """Return what the phone shows while an album is on its way."""
    return f"upload_{album[0].kind}"


def check(files: Sequence[Attachment], folder: Path) -> dict[str, int]:
    """Return the sizes of files by their paths; raises `SendError` where one is not there or will not be taken."""
    sizes = {}
    for file in files:
        try:
            size = (folder / file.path).stat().st_size
        except OSError as error:
            raise SendError("refused", "file_missing") from error
        if not 0 < size <= LARGEST_FILE:
            raise SendError("refused", "too_large" if size else "file_empty")
        sizes[file.path] = size
    return sizes


async def upload(
    send: Send, album: Album, folder: Path, sizes: dict[str, int], caption: str, markup: dict[str, Any] | None
) -> None:
    """Send an album, or one file with its keyboard; a photo that is none in the Bot API's eyes goes as a document."""
    is_photo = album[0].kind == "photo" and all(sizes[file.path] <= LARGEST_PHOTO for file in album)
    if is_photo:
        try:
            await send(*_call("photo", album, folder, caption, markup))
        except BadRequest as error:
            if not is_no_photo(error):
                raise
        else:
            return
    await send(*_call("document", album, folder, caption, markup))


def _call(
    kind: str, album: Album, folder: Path, caption: str, markup: dict[str, Any] | None
) -> tuple[str, dict[str, Any]]:
    if len(album) == 1:
        file = _input(folder, album[0], attach=False)
        return _METHODS[kind], {kind: file, "caption": caption or None, "reply_markup": markup}
    media_class = InputMediaPhoto if kind == "photo" else InputMediaDocument
    media = [
        media_class(_input(folder, file, attach=True), caption=caption if number == 0 and caption else None)
        for number, file in enumerate(album)
    ]
    return "sendMediaGroup", {"media": media}


def _input(folder: Path, file: Attachment, *, attach: bool) -> InputFile:
    # The path itself in place of an open file: each try opens it anew, and no file lies in memory as a whole.
    name = "".join(character for character in file.name if character.isprintable()).strip()[:200]
    path: Any = folder / file.path
    return InputFile(path, filename=name or "file", attach=attach, read_file_handle=False)
