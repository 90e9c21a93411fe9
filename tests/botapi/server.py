"""A Bot API on the loopback interface, for tests: `async with BotApi() as api: … api.url`."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any
from urllib.parse import unquote

from aiohttp import web
from aiohttp.web import BaseRequest, Response, StreamResponse

from tests.botapi import control, files, methods
from tests.botapi.calls import MAX_UPLOAD, Call, Told, read_parameters
from tests.botapi.errors import ApiError
from tests.botapi.faults import Faults, Limits, strike
from tests.botapi.groups import Group
from tests.botapi.people import Person
from tests.botapi.strange import inject, strange_update
from tests.botapi.world import Bot, World

HOST = "127.0.0.1"
TOKEN = "123456:TEST-token_of-the-first-bot-0123456789"
_PATH = re.compile(r"/bot(\d+:[\w-]+)/(\w+)")
_FILE = re.compile(r"/file/bot(\d+:[\w-]+)/(.+)")
_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class BotApi(World):
    """The world and its server. Everything is on 127.0.0.1; the state outlives the time the server is down.

    `latency` is what every call takes, in seconds; `limits` says whether sending too fast answers 429.
    """

    def __init__(
        self,
        token: str = TOKEN,
        port: int = 0,
        seed: int = 1,
        clock: Callable[[], float] = time.time,
        username: str | None = None,
    ) -> None:
        super().__init__(seed, clock)
        self.port = port
        self.latency = 0.0
        self.faults = Faults(seed)
        self.limits: dict[str, Limits] | None = None
        self._rates = (30, 3, 20)
        self._routes: dict[str, tuple[Bot, str, methods.Method]] = {}
        self._server: web.Server | None = None
        self._listening: asyncio.Server | None = None
        self._rising: asyncio.Task[None] | None = None
        self.bot(token, username)

    @property
    def url(self) -> str:
        """What a client puts before "/bot<token>/" and "/file/bot<token>/"."""
        return f"http://{HOST}:{self.port}"

    @property
    def token(self) -> str:
        """The token of the first bot."""
        return self.first_bot.token

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
        known: list[Person] = [self.people[id]] if id in self.people else []
        if id is None:
            known = [person for person in self.people.values() if person.name == name]
        if known:
            return known[0]
        user_id = id or self.new_id(is_big=len(self.people) % 2 == 0)
        person = self.people[user_id] = Person(self, user_id, name, username, language)
        return person

    def group(self, title: str, *who: Person | Bot, id: int | None = None) -> Group:  # noqa: A002
        """Return a new group of these people and bots, without bots of the first one; a person comes first."""
        group = Group(self, title, id or -self.chance.randrange(4_000_000_000, 5_000_000_000))
        members = [one for one in who if isinstance(one, Person)]
        bots = [one for one in who if isinstance(one, Bot)] or [self.first_bot]
        return group.join(*members[:1]).join(*bots, by=members[0]).join(*members[1:])

    def repeat(self, update: dict[str, Any], bot: Bot | None = None) -> None:
        """Deliver an update once more, although it may have been confirmed."""
        (bot or self.first_bot).updates.put(update, again=True)

    def inject(self, update: dict[str, Any], bot: Bot | None = None) -> dict[str, Any]:
        """Deliver an update as it is, numbered where it has no number; return it."""
        return inject(self, update, bot)

    def malformed(self, kind: str, person: Person, bot: Bot | None = None) -> dict[str, Any]:
        """Deliver a strange update, one of `strange.KINDS`; return it."""
        return inject(self, strange_update(kind, person), bot)

    def enforce_limits(self, overall: int = 30, burst: int = 3, group: int = 20) -> None:
        """Answer 429 above `overall` a second, a `burst` in a chat with one a second, `group` a minute in a group."""
        self._rates = (overall, burst, group)
        self.limits = {}

    def forget_presses(self) -> None:
        """Let every press be too old to be answered."""
        for bot in self.bots.values():
            bot.queries.clear()

    async def __aenter__(self) -> BotApi:
        await self.come_up()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._rising:
            self._rising.cancel()
        await self.go_down()

    async def come_up(self) -> None:
        """Listen, on the same port as before, and go on delivering to webhooks."""
        if self._listening:
            return
        # A call that has arrived takes effect, also when who sent it is gone: no cancellation of handlers.
        self._server = web.Server(self._serve, request_factory=self._request, access_log=None)
        loop = asyncio.get_running_loop()
        self._listening = await loop.create_server(self._server, HOST, self.port, backlog=1024)
        self.port = self._listening.sockets[0].getsockname()[1]
        for bot in self.bots.values():
            if bot.webhook:
                bot.webhook.start()

    async def go_down(self) -> None:
        """Stop listening, cut every connection and deliver nothing, as when the service crashed."""
        if not self._listening or not self._server:
            return
        listening, server = self._listening, self._server
        self._listening = self._server = None
        listening.close()
        for bot in self.bots.values():
            bot.updates.end_poll("")
            if bot.webhook:
                await bot.webhook.stop()
        for connection in server.connections:
            if connection.transport:
                connection.transport.abort()
        await server.shutdown(0.01)  # those that are still late are cancelled
        await listening.wait_closed()

    def go_down_for(self, seconds: float) -> None:
        """Be down for so long from now on."""

        async def come_back() -> None:
            await asyncio.sleep(0.02)  # whoever asked gets an answer first
            await self.go_down()
            await asyncio.sleep(seconds)
            await self.come_up()

        self._rising = asyncio.get_running_loop().create_task(come_back())

    def perform(self, bot: Bot, method: str, params: dict[str, Any]) -> Any:
        """Run a call that came another way than over the server; a refusal is passed over, as nobody reads it."""
        try:
            name, run = methods.find(method)
            self.calls[name] += 1
            result = run(Call(self, bot, params))
        except ApiError:
            return None
        if asyncio.iscoroutine(result):
            result.close()  # nobody would read what it waits for
            return None
        return result

    def _request(self, message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> BaseRequest:
        loop = asyncio.get_running_loop()
        return BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=2 * MAX_UPLOAD)

    async def _serve(self, request: BaseRequest) -> StreamResponse:
        path, _, query = request.raw_path.partition("?")
        try:
            known = self._routes.get(path)
            if known is None:
                path = unquote(path)
                if path.startswith("/_control/"):
                    return await control.serve(self, request, path.removeprefix("/_control/"))
                if path.startswith("/file/"):
                    return await self._serve_file(request, path)
                known = self._route(path)
            params, uploads = await read_parameters(request, query)
        except ApiError as refused:
            return _answer(refused.body(), refused.code)
        bot, name, method = known
        self.calls[name] += 1
        if self._watchers:
            self.wake()
        fault = self.faults.pick(bot.token, name, params.get("chat_id")) if self.faults.active else None
        if self.latency:
            await asyncio.sleep(self.latency)
        if fault and not fault.after and (spoilt := await strike(fault, request, None)):
            return spoilt
        answer = await self._run(Call(self, bot, params, uploads), name, method)
        if self._watchers:
            self.wake()
        if fault and fault.after and (spoilt := await strike(fault, request, answer)):
            return spoilt
        return answer

    async def _run(self, call: Call, name: str, method: methods.Method) -> Response:
        try:
            self._check(call, name)
            result = method(call)
            if asyncio.iscoroutine(result):
                result = await result
        except ApiError as refused:
            return _answer(refused.body(), refused.code)
        if type(result) is Told:
            return _answer(_dumps({"ok": True, **result._asdict()}).encode())
        return _answer(_dumps({"ok": True, "result": result}).encode())

    def _check(self, call: Call, name: str) -> None:
        if call.bot.logged_out:
            raise ApiError(400, "Logged out")
        if self.limits is not None and name.startswith("send") and name != "sendChatAction":
            self.limits.setdefault(call.bot.token, Limits(*self._rates)).take(call.integer("chat_id"), self.now())

    async def _serve_file(self, request: BaseRequest, path: str) -> StreamResponse:
        self.calls["file"] += 1
        match = _FILE.fullmatch(path)
        bot = self.bots.get(match[1]) if match else None
        if not match or not bot:
            raise ApiError(404, "Not Found")
        answer = Response(body=files.fetch(self, bot.id, match[2]))
        fault = self.faults.pick(bot.token, "file", None)
        await asyncio.sleep(self.latency)
        return (await strike(fault, request, answer) if fault else None) or answer

    def _route(self, path: str) -> tuple[Bot, str, methods.Method]:
        match = _PATH.fullmatch(path)
        if not match:
            raise ApiError(404, "Not Found")
        bot = self.bots.get(match[1])
        if bot is None:
            raise ApiError(401, "Unauthorized")
        self._routes[path] = found = (bot, *methods.find(match[2]))
        return found


def _answer(body: bytes, status: int = 200) -> Response:
    return Response(body=body, status=status, content_type="application/json")
