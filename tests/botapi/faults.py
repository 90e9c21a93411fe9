"""What can go wrong on the way: refused, cut, late and garbled answers, and calls that come too fast."""

from __future__ import annotations

import asyncio
import math
import random
import socket
import struct
from collections import deque
from dataclasses import dataclass
from typing import Any

from aiohttp.web import BaseRequest, Response, StreamResponse

from tests.botapi.errors import ApiError, too_many

DESCRIPTIONS = {
    400: "Bad Request: message can't be sent",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    429: "Too Many Requests",
    500: "Internal Server Error",
}
KINDS = ("error", "http", "drop", "reset", "cut", "garbage", "delay")


@dataclass(slots=True)
class Fault:
    """Something that goes wrong, `times` times (None: always), before the effect of a call or after it.

    "error" is a refusal in JSON, "http" a page of a gateway in between, "drop" closes without an answer, "reset" resets
    the connection, "cut" ends in the middle of the answer, "garbage" is not JSON, "delay" waits `seconds`.
    """

    kind: str
    method: str | None = None
    chat: int | None = None
    bot: str | None = None
    times: int | None = 1
    probability: float = 1.0
    after: bool = False
    code: int = 500
    description: str | None = None
    parameters: dict[str, Any] | None = None
    seconds: float = 0.0
    hits: int = 0

    def __post_init__(self) -> None:
        """Refuse a kind that does not exist, and let what garbles an answer have one to garble."""
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind} is none of {KINDS}")
        self.method = self.method and self.method.lower()
        self.after = self.after or self.kind in ("cut", "garbage")

    def matches(self, token: str, method: str, chat_id: Any) -> bool:
        """Return whether a call is of those that go wrong."""
        if self.times is not None and self.hits >= self.times:
            return False
        if self.method and self.method != method.lower():
            return False
        return (self.chat is None or str(self.chat) == str(chat_id)) and self.bot in (None, token)


class Faults:
    """The faults that were asked for; the first that matches a call happens."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.active: list[Fault] = []

    def add(self, kind: str, **how: Any) -> Fault:
        """Let something go wrong from now on; the fields of `Fault` say where and how often."""
        fault = Fault(kind, **how)
        self.active.append(fault)
        return fault

    def error(self, code: int, retry_after: int | None = None, **how: Any) -> Fault:
        """Refuse calls with a code, a 429 with or without the seconds to wait."""
        if retry_after is not None:
            refusal = too_many(retry_after)
            how = {"description": refusal.description, "parameters": refusal.parameters, **how}
        return self.add("error", code=code, **how)

    def clear(self) -> None:
        """Let nothing go wrong any more."""
        self.active.clear()

    def pick(self, token: str, method: str, chat_id: Any) -> Fault | None:
        """Return the fault that happens to a call, None for none."""
        for fault in self.active:
            if fault.matches(token, method, chat_id) and self.chance.random() < fault.probability:
                fault.hits += 1
                return fault
        return None


async def strike(fault: Fault, request: BaseRequest, answer: Response | None) -> StreamResponse | None:
    """Let a fault happen; return what goes out in place of the answer, None where the answer stays as it is."""
    transport = request.transport
    if fault.kind == "delay":
        await asyncio.sleep(fault.seconds)
        return None
    if fault.kind == "error":
        description = fault.description or DESCRIPTIONS.get(fault.code, "Error")
        refusal = ApiError(fault.code, description, fault.parameters)
        return Response(body=refusal.body(), status=fault.code, content_type="application/json")
    if fault.kind == "http":
        page = f"<html><head><title>{fault.code}</title></head><body><h1>{fault.code}</h1></body></html>"
        return Response(text=page, status=fault.code, content_type="text/html")
    if fault.kind == "garbage":
        return Response(body=b'{"ok":true,"result":{"mess', content_type="application/json")
    if fault.kind == "cut" and answer is not None:
        return await _cut(request, answer)
    if transport is not None:
        if fault.kind == "reset":
            raw: socket.socket = transport.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return Response(status=500)  # nobody is there to read it


async def _cut(request: BaseRequest, answer: Response) -> StreamResponse:
    body = bytes(answer.body)  # type: ignore[arg-type]
    half = StreamResponse(headers={"Content-Length": str(len(body)), "Content-Type": "application/json"})
    await half.prepare(request)
    await half.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return half


class Limits:
    """The documented limits of sending, for one bot: overall, for a chat with a small burst, for a group."""

    def __init__(self, overall: int = 30, burst: int = 3, group: int = 20) -> None:
        self.overall = overall
        self.burst = burst
        self.group = group
        self._sent: deque[float] = deque()
        self._chats: dict[int, deque[float]] = {}

    def take(self, chat_id: int, now: float) -> None:
        """Count a message that is sent now. Raise ApiError 429 where it comes too early."""
        chat = self._chats.setdefault(chat_id, deque())
        _forget(self._sent, now - 1)
        _forget(chat, now - 60 if chat_id < 0 else now - self.burst)
        if len(self._sent) >= self.overall:
            raise too_many(1)
        most, period = (self.group, 60) if chat_id < 0 else (self.burst, self.burst)
        if len(chat) >= most:
            raise too_many(max(1, math.ceil(chat[0] + period - now)))
        self._sent.append(now)
        chat.append(now)


def _forget(times: deque[float], before: float) -> None:
    while times and times[0] <= before:
        times.popleft()
