"""Updates as no documentation promises them: a service that grows sends such things one day."""

from __future__ import annotations

from typing import Any

from tests.botapi.people import Person
from tests.botapi.world import Bot, World

KINDS = ("no_date", "no_chat", "unknown_update", "unknown_content", "wrong_types", "huge_text", "empty", "null")


def strange_update(kind: str, person: Person) -> dict[str, Any]:
    """Return an update of one of KINDS, without its number."""
    message: dict[str, Any] = {
        "message_id": 900_000,
        "from": person.raw,
        "chat": {"id": person.id, "type": "private", **{k: v for k, v in person.names.items() if v}},
        "date": int(person.world.now()),
        "text": "?",
    }
    found: dict[str, dict[str, Any]] = {
        "no_date": {"message": {k: v for k, v in message.items() if k != "date"}},
        "no_chat": {"message": {k: v for k, v in message.items() if k != "chat"}},
        "unknown_update": {"thought_reader": {"from": person.raw, "thoughts": ["?"]}},
        "unknown_content": {"message": {**{k: v for k, v in message.items() if k != "text"}, "hologram": {"depth": 3}}},
        "wrong_types": {"message": {**message, "date": "yesterday", "chat": [person.id], "text": {"a": 1}}},
        "huge_text": {"message": {**message, "text": "ạ" * 1_000_000}},
        "empty": {},
        "null": {"message": None},
    }
    return found[kind]


def inject(world: World, update: dict[str, Any], bot: Bot | None = None) -> dict[str, Any]:
    """Deliver an update as it is, numbered where it has no number, whatever the bot asked for; return it."""
    bot = bot or world.first_bot
    update = {"update_id": bot.updates.next_id, **update}
    bot.updates.put(update)
    return update
