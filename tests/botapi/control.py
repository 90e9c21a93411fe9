"""Control from another process: POST /_control/<verb> with JSON makes people act and things go wrong, or tells what is.

An answer is {"ok": true, "result": …}, or {"ok": false, "error": …} with code 400. People are named by "person" (a name
or an id), places by "to" (the token of a bot, or the id of a group), messages by their number.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aiohttp.web import BaseRequest, Response

from tests.botapi.people import Person
from tests.botapi.world import Event, Message

if TYPE_CHECKING:
    from tests.botapi.server import BotApi

ACTS = (
    "say",
    "start",
    "press",
    "edit",
    "react",
    "block",
    "unblock",
    "deactivate",
    "share_contact",
    "send_photo",
    "send_document",
    "send_album",
)
ON_BOT = ("block", "unblock")


async def serve(api: BotApi, request: BaseRequest, verb: str) -> Response:
    """Answer a request to control."""
    try:
        body = await request.read()
        result = await run(api, verb, json.loads(body) if body else {})
    except Exception as wrong:
        return _answer({"ok": False, "error": f"{type(wrong).__name__}: {wrong}"}, 400)
    return _answer({"ok": True, "result": result}, 200)


async def run(api: BotApi, verb: str, asked: dict[str, Any]) -> Any:
    """Do what a verb says and return its result as JSON. Raise anything for what cannot be done."""
    if verb in ACTS:
        return _plain(_act(api, verb, asked))
    if verb == "wait":
        return await _wait(api, **asked)
    if verb not in VERBS:
        raise LookupError(f"{verb} is none of {sorted([*ACTS, *VERBS, 'wait'])}")
    return _plain(VERBS[verb](api, **asked))


def _answer(answer: dict[str, Any], status: int) -> Response:
    return Response(
        body=json.dumps(answer, ensure_ascii=False).encode(), status=status, content_type="application/json"
    )


def _plain(found: Any) -> Any:
    if isinstance(found, (Message, Event)):
        return found.plain()
    return [_plain(one) for one in found] if isinstance(found, list) else found


def _person(api: BotApi, who: str | int) -> Person:
    return api.person(str(who), who) if isinstance(who, int) else api.person(who)


def _place(api: BotApi, to: str | int | None) -> Any:
    return api.find_group(to) if isinstance(to, int) else api.bot(to) if to else None


def _act(api: BotApi, verb: str, asked: dict[str, Any]) -> Any:
    person = _person(api, asked.pop("person"))
    if "to" in asked:
        asked["bot" if verb in ON_BOT else "to"] = _place(api, asked.pop("to"))
    if "data" in asked:
        asked["data"] = base64.b64decode(asked["data"])
    if "pictures" in asked:
        asked["pictures"] = [base64.b64decode(picture) for picture in asked["pictures"]]
    emoji = asked.pop("emoji", []) if verb == "react" else []
    return getattr(person, verb)(*([asked.pop("message")] if emoji else []), *emoji, **asked)


def _new_person(api: BotApi, name: str, **how: Any) -> dict[str, Any]:
    person = api.person(name, **how)
    return {**person.raw, "phone": person.phone}


def _new_group(api: BotApi, title: str, members: list[str | int], bots: list[str] | None = None) -> int:
    return api.group(title, *(_person(api, who) for who in members), *(api.bot(token) for token in bots or [])).id


def _change_group(api: BotApi, group: int, what: str, bot: str | None = None) -> int:
    """Let "migrate", "kick", "promote" or "join" happen in a group; return its id afterwards."""
    place = api.find_group(group)
    target = api.bot(bot) if bot else api.first_bot
    if what == "migrate":
        return place.migrate().id  # type: ignore[no-any-return]
    {"kick": place.kick, "promote": place.promote, "join": place.join}[what](target)
    return group


def _fault(api: BotApi, kind: str, **how: Any) -> None:
    if kind == "error" and "code" in how:
        api.faults.error(how.pop("code"), **how)
    else:
        api.faults.add(kind, **how)


def _clear(api: BotApi) -> None:
    api.faults.clear()


def _latency(api: BotApi, seconds: float) -> None:
    api.latency = seconds


def _limits(api: BotApi, on: bool = True, **how: int) -> None:
    if on:
        api.enforce_limits(**how)
    else:
        api.limits = None


def _bot(api: BotApi, token: str, username: str | None = None) -> dict[str, Any]:
    return api.bot(token, username).raw


def _inject(api: BotApi, update: dict[str, Any], bot: str | None = None) -> dict[str, Any]:
    return api.inject(update, api.bot(bot) if bot else None)


def _repeat(api: BotApi, update: dict[str, Any], bot: str | None = None) -> None:
    api.repeat(update, api.bot(bot) if bot else None)


def _malformed(api: BotApi, kind: str, person: str | int, bot: str | None = None) -> dict[str, Any]:
    return api.malformed(kind, _person(api, person), api.bot(bot) if bot else None)


def _screen(api: BotApi, person: str | int, to: str | int | None = None) -> list[Message]:
    return _person(api, person).messages(_place(api, to))


def _menu(api: BotApi, person: str | int, bot: str | None = None) -> list[dict[str, str]]:
    return _person(api, person).menu(api.bot(bot) if bot else None)


def _events(
    api: BotApi, since: int = 0, kinds: list[str] | None = None, chat: int | None = None, text: str | None = None
) -> list[Event]:
    """Return what happened from the event number `since` on, of these kinds, in this chat, with this text."""
    return [
        event
        for event in api.events[since:]
        if (not kinds or event.kind in kinds)
        and chat in (None, event.chat_id)
        and (text is None or text in (event.text or ""))
    ]


def _state(api: BotApi) -> dict[str, Any]:
    """Return the counts: events, calls by method, and of each bot its chats and the updates it did not confirm."""
    bots = {
        bot.token: {
            "username": bot.username,
            "pending": len(bot.updates.pending),
            "polled": bot.updates.is_polled(),
            "webhook": bot.webhook.url if bot.webhook else "",
            "chats": list(bot.chats),
            "commands": bot.commands,
        }
        for bot in api.bots.values()
    }
    return {"events": len(api.events), "calls": dict(api.calls), "bots": bots}


async def _wait(api: BotApi, count: int = 1, seconds: float = 10.0, **which: Any) -> list[dict[str, Any]]:
    """Wait until `count` events that `which` describes have happened and return them. Raise TimeoutError."""
    await api.until(lambda: len(_events(api, **which)) >= count, seconds)
    return [event.plain() for event in _events(api, **which)]


VERBS: dict[str, Callable[..., Any]] = {
    "bot": _bot,
    "person": _new_person,
    "group": _new_group,
    "change_group": _change_group,
    "fault": _fault,
    "clear_faults": _clear,
    "latency": _latency,
    "limits": _limits,
    "down": lambda api, seconds: api.go_down_for(seconds),
    "forget_presses": lambda api: api.forget_presses(),
    "inject": _inject,
    "repeat": _repeat,
    "malformed": _malformed,
    "messages": _screen,
    "menu": _menu,
    "events": _events,
    "state": _state,
}
