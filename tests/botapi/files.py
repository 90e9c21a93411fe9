"""Files on the servers, and the methods that send and fetch them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.botapi.calls import MAX_UPLOAD, Call
from tests.botapi.errors import ApiError, bad
from tests.botapi.keyboards import read_markup
from tests.botapi.messages import LONGEST_CAPTION, find_chat, put, read_text, replied
from tests.botapi.world import World

MAX_PHOTO = 10 * 1024 * 1024
MAX_DOWNLOAD = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file: its ids, its name, its bytes, and the bots that may use its id."""

    file_id: str
    unique_id: str
    kind: str
    name: str
    mime: str
    data: bytes
    bots: frozenset[int]

    @property
    def path(self) -> str:
        """Where it is fetched, below the token."""
        ending = self.name.rpartition(".")[2] if "." in self.name else "bin"
        return f"{self.kind}s/file_{self.unique_id}.{ending}"


def store(world: World, kind: str, data: bytes, name: str, mime: str, bots: frozenset[int]) -> StoredFile:
    """Keep a file of the kind "photo" or "document" and return it."""
    number = len(world.files)
    file_id = f"{'AgACAgUAAxk' if kind == 'photo' else 'BQACAgUAAxk'}{number:06d}{world.chance.randrange(16**20):020x}"
    found = StoredFile(file_id, f"AQAD{number:08d}", kind, name, mime, data, bots)
    world.files[file_id] = world.paths[found.path] = found
    return found


def describe(file: StoredFile) -> Any:
    """Return the field of a message that shows a file: the sizes of a photo, or a document."""
    shown = {"file_id": file.file_id, "file_unique_id": file.unique_id, "file_size": len(file.data)}
    if file.kind == "photo":
        return [{**shown, "width": 1280, "height": 960}]
    return {**shown, "file_name": file.name, "mime_type": file.mime}


def _read_file(call: Call, kind: str, source: Any) -> StoredFile:
    """Return the file that a parameter names: an upload, an attachment or an id known to the bot."""
    upload = call.files.get(kind) if source is None else None
    if isinstance(source, str) and source.startswith("attach://"):
        upload = call.files.get(source.removeprefix("attach://"))
        source = None
    if upload is None:
        if not source:
            raise bad(f"there is no {kind} in the request")
        known: StoredFile | None = call.world.files.get(str(source))
        if known is None or call.bot.id not in known.bots:
            raise bad("wrong file identifier/HTTP URL specified")
        if known.kind != kind:
            raise bad(f"can't use file of type {known.kind.capitalize()} as {kind.capitalize()}")
        return known
    size = len(upload.data)
    if not size:
        raise bad("file must be non-empty")
    if size > MAX_UPLOAD:
        raise ApiError(413, "Request Entity Too Large")
    if kind == "photo" and size > MAX_PHOTO:
        raise bad(f"file of size {size} bytes is too big for a photo; the maximum size is {MAX_PHOTO} bytes")
    return store(call.world, kind, upload.data, upload.name, upload.mime, frozenset({call.bot.id}))


def _send_file(call: Call, kind: str) -> dict[str, Any]:
    content = read_text(call, "caption", LONGEST_CAPTION)
    markup = read_markup(call)
    chat = find_chat(call)
    content.update(replied(call, chat))
    file = _read_file(call, kind, call.params.get(kind))
    return put(call, chat, {kind: describe(file), **content}, markup, file=file.file_id).raw


def send_photo(call: Call) -> dict[str, Any]:
    """Send a picture."""
    return _send_file(call, "photo")


def send_document(call: Call) -> dict[str, Any]:
    """Send a file."""
    return _send_file(call, "document")


def send_media_group(call: Call) -> list[dict[str, Any]]:
    """Send 2 to 10 pictures, or files, as one album; all of them or none."""
    items: list[Any] = call.nested("media", list) or []
    if not 2 <= len(items) <= 10:
        raise bad("group of media must include 2-10 items")
    if not all(isinstance(item, dict) and item.get("type") in ("photo", "document") for item in items):
        raise bad("can't parse InputMedia: media type is invalid")
    if len({item["type"] for item in items}) > 1:
        raise bad("document can't be mixed with other media types")
    chat = find_chat(call)
    shared = replied(call, chat)
    contents: list[tuple[str, dict[str, Any]]] = []
    for item in items:
        words = read_text(Call(call.world, call.bot, item), "caption", LONGEST_CAPTION)
        file = _read_file(call, item["type"], item.get("media") or "")
        contents.append((file.file_id, {item["type"]: describe(file), **words, **shared}))
    album = str(call.world.chance.randrange(10**16, 10**17))
    return [
        put(call, chat, {**content, "media_group_id": album}, None, file=file_id, album=album).raw
        for file_id, content in contents
    ]


def get_file(call: Call) -> dict[str, Any]:
    """Return where a file is fetched."""
    if not call.text("file_id"):
        raise bad("file_id not specified")
    file: StoredFile | None = call.world.files.get(call.text("file_id"))
    if file is None or call.bot.id not in file.bots:
        raise bad("invalid file_id")
    if len(file.data) > MAX_DOWNLOAD:
        raise bad("file is too big")
    shown = {"file_id": file.file_id, "file_unique_id": file.unique_id, "file_size": len(file.data)}
    return {**shown, "file_path": file.path}


def fetch(world: World, bot_id: int, path: str) -> bytes:
    """Return the bytes at a path. Raise ApiError 404 where this bot has no such file."""
    file: StoredFile | None = world.paths.get(path)
    if file is None or bot_id not in file.bots or len(file.data) > MAX_DOWNLOAD:
        raise ApiError(404, "Not Found")
    return file.data
