"""A Bot API on the loopback interface, for tests: `async with BotApi() as api: … api.url`."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any

from aiohttp import web
from aiohttp.web import BaseRequest, Response, StreamResponse

from tests.botapi import methods
from tests.botapi.calls import MAX_UPLOAD, Call, read_parameters
from tests.botapi.errors import ApiError
from tests.botapi.people import Person
from tests.botapi.world import Bot, World

HOST = "127.0.0.1"
TOKEN = "123456:TEST-token_of-the-first-bot-0123456789"
_PATH = re.compile(r"/bot(\d+:[\w-]+)/(?:test/)?(\w+)")
_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class BotApi(World):
    """The world and its server. Everything is on 127.0.0.1; state outlives the time it is down."""

    def __init__(
        self, token: str = TOKEN, port: int = 0, seed: int = 1, clock: Callable[[], float] = time.time
    ) -> None:
        super().__init__(seed, clock)
        self.port = port
        self._routes: dict[str, tuple[Bot, methods.Method, str]] = {}
        self._server: web.Server | None = None
        self._listening: asyncio.Server | None = None
        self.first = self.bot(token)

    @property
    def url(self) -> str:
        """What a client puts before "/bot<token>/"."""
        return f"http://{HOST}:{self.port}"

    @property
    def token(self) -> str:
        """The token of the first bot."""
        return self.first.token

    def bot(self, token: str, username: str | None = None) -> Bot:
        """Return a bot by its token, a new one where there is none."""
        if token not in self.bots:
            number = token.partition(":")[0]
            self.bots[token] = Bot(token, username or f"loopback_{number}_bot", self)
        return self.bots[token]

    def person(
        self,
        name: str,
        id: int | None = None,  # noqa: A002
        *,
        username: str | None = None,
        language: str = "vi",
    ) -> Person:
        """Return a person by name, or id, a new one where there is none; every second id needs 64 bits."""
        for known in self.people.values():
            if known.name == name if id is None else known.id == id:
                return known  # type: ignore[no-any-return]
        user_id = id or self.new_id(is_big=len(self.people) % 2 == 0)
        self.people[user_id] = Person(self, user_id, name, username, language)
        return self.people[user_id]  # type: ignore[no-any-return]

    async def __aenter__(self) -> BotApi:
        await self.come_up()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.go_down()

    async def come_up(self) -> None:
        """Listen, on the same port as before."""
        loop = asyncio.get_running_loop()
        self._server = web.Server(self._serve, request_factory=self._request, access_log=None)
        self._listening = await loop.create_server(self._server, HOST, self.port, backlog=1024)
        self.port = self._listening.sockets[0].getsockname()[1]

    async def go_down(self) -> None:
        """Stop listening and cut every connection, as a crash of the service would."""
        if not self._listening or not self._server:
            return
        self._listening.close()
        for bot in self.bots.values():
            bot.updates.end_poll("")
        for connection in self._server.connections:
            if connection.transport:
                connection.transport.abort()
        await self._server.shutdown(0.1)
        await self._listening.wait_closed()
        self._listening = self._server = None

    def _request(self, message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> BaseRequest:
        loop = asyncio.get_running_loop()
        return BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=MAX_UPLOAD + (1 << 20))

    async def _serve(self, request: BaseRequest) -> StreamResponse:
        path, _, query = request.raw_path.partition("?")
        try:
            bot, method, name = self._routes.get(path) or self._route(path)
            params, files = await read_parameters(request, query)
            self.calls[name] += 1
            result = method(Call(self, bot, params, files))
            if asyncio.iscoroutine(result):
                result = await result
        except ApiError as refused:
            return self._answer(refused.answer(), refused.code)
        return self._answer({"ok": True, "result": result}, 200)

    def _route(self, path: str) -> tuple[Bot, methods.Method, str]:
        match = _PATH.fullmatch(path)
        if not match:
            raise ApiError(404, "Not Found")
        bot = self.bots.get(match[1])
        if bot is None:
            raise ApiError(401, "Unauthorized")
        self._routes[path] = found = (bot, methods.find(match[2]), match[2])
        return found

    @staticmethod
    def _answer(answer: dict[str, Any], status: int) -> Response:
        return Response(body=_dumps(answer).encode(), status=status, content_type="application/json")
