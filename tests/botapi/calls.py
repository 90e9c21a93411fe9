"""One call of a method: who calls, and its parameters, whichever way they were sent."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, MultipartReader
from aiohttp.web import BaseRequest

from tests.botapi.errors import ApiError, bad

if TYPE_CHECKING:
    from tests.botapi.world import Bot, World

MAX_UPLOAD = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a call."""

    name: str
    mime: str
    data: bytes


class Told(NamedTuple):
    """A result with words about it."""

    result: bool
    description: str


class Call:
    """A call of a method by a bot. The getters take a value as JSON or as the string a form holds."""

    __slots__ = ("bot", "files", "params", "world")

    def __init__(self, world: World, bot: Bot, params: dict[str, Any], files: dict[str, Upload] | None = None) -> None:
        self.world = world
        self.bot = bot
        self.params = params
        self.files = files or {}

    def text(self, name: str) -> str:
        """Return a parameter as text, empty where it is missing."""
        value = self.params.get(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def integer(self, name: str, default: int = 0) -> int:
        """Return a parameter as a whole number; one that is none counts as missing."""
        value = self.params.get(name)
        if type(value) is int:
            return value
        try:
            return int(value) if isinstance(value, str) else default
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        """Return whether a parameter is set: true, "true", "yes" or 1."""
        value = self.params.get(name)
        return value is True or (isinstance(value, (str, int)) and str(value).lower() in ("true", "yes", "1"))

    def nested(self, name: str, kind: type[dict[str, Any]] | type[list[Any]]) -> Any:
        """Return a parameter that is an object or a list, None where it is missing. Raise 400 for anything else."""
        value = self.params.get(name)
        if isinstance(value, str) and value:
            try:
                value = json.loads(value)
            except ValueError:
                raise bad(f"can't parse {name.replace('_', ' ')} JSON object") from None
        if value is None or value == "":
            return None
        if not isinstance(value, kind):
            raise bad(f"object expected as {name.replace('_', ' ')}")
        return value


async def read_parameters(request: BaseRequest, query: str) -> tuple[dict[str, Any], dict[str, Upload]]:
    """Return the parameters and files of a request: from its address, and from a JSON, form or multipart body."""
    params: dict[str, Any] = dict(parse_qsl(query, keep_blank_values=True)) if query else {}
    if not request.body_exists:
        return params, {}
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        files: dict[str, Upload] = {}
        async for name, value in _parts(request):
            if isinstance(value, Upload):
                files[name] = value
            else:
                params[name] = value
        return params, files
    body = await request.read()
    if kind == "application/json":
        try:
            sent = json.loads(body) if body else {}
        except ValueError:
            raise bad("can't parse JSON object") from None
        if not isinstance(sent, dict):
            raise bad("can't parse JSON object: object expected")
        return {**params, **sent} if params else sent, {}
    try:
        params.update(parse_qsl(body.decode(), keep_blank_values=True))
    except UnicodeDecodeError:
        raise bad("strings must be encoded in UTF-8") from None
    return params, {}


async def _parts(request: BaseRequest) -> AsyncIterator[tuple[str, str | Upload]]:
    reader = await request.multipart()
    size = 0
    while (part := await reader.next()) is not None:
        if isinstance(part, MultipartReader) or not part.name:
            continue
        data = await _whole(part, MAX_UPLOAD + 1024 * 1024 - size)
        size += len(data)
        if part.filename is None:
            yield part.name, data.decode()
        else:
            mime = part.headers.get("Content-Type", "application/octet-stream").partition(";")[0]
            yield part.name, Upload(part.filename, mime, data)


async def _whole(part: BodyPartReader, room: int) -> bytes:
    data = bytearray()
    while chunk := await part.read_chunk(1 << 18):
        data += chunk
        if len(data) > room:
            raise ApiError(413, "Request Entity Too Large")
    return bytes(data)
