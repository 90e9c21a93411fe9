"""What there is on the servers: bots, users, chats, messages, files, and a log of all that happened."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.botapi.errors import ApiError, bad, forbidden, migrated
from tests.botapi.updates import Updates

if TYPE_CHECKING:
    from tests.botapi.webhook import Webhook


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a chat: sent, edited, deleted, answered, action, reaction, commands, said, pressed."""

    at: float
    kind: str
    bot: str
    chat_id: int
    message_id: int | None = None
    text: str | None = None
    more: dict[str, Any] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


class Message:
    """A message as it is now. `raw` is how the Bot API shows it; a change makes a new `raw`, so updates keep theirs."""

    __slots__ = ("author", "chat", "deleted", "markup", "raw", "reactions")

    def __init__(self, chat: Chat, raw: dict[str, Any], author: int, markup: dict[str, Any] | None = None) -> None:
        self.chat = chat
        self.raw = raw
        self.author = author
        self.markup = markup
        self.reactions: dict[int, list[str]] | None = None
        self.deleted = False

    @property
    def id(self) -> int:
        """Its number in its chat."""
        number: int = self.raw["message_id"]
        return number

    @property
    def text(self) -> str:
        """Its text or caption, empty where it has none."""
        words: str = self.raw.get("text") or self.raw.get("caption") or ""
        return words

    @property
    def is_from_bot(self) -> bool:
        """Whether a bot sent it."""
        return bool(self.raw["from"]["is_bot"])

    @property
    def edited(self) -> bool:
        """Whether the phone shows it as edited."""
        return "edit_date" in self.raw

    @property
    def buttons(self) -> list[list[dict[str, Any]]]:
        """The rows of buttons under it."""
        rows: list[list[dict[str, Any]]] = (self.raw.get("reply_markup") or {}).get("inline_keyboard", [])
        return rows

    @property
    def keyboard(self) -> list[list[str]]:
        """The labels of the buttons under it, row by row."""
        return [[button["text"] for button in row] for row in self.buttons]

    @property
    def file_id(self) -> str | None:
        """The file it carries, the largest size of a photo."""
        sized = self.raw.get("document") or (self.raw.get("photo") or [{}])[-1]
        return sized.get("file_id") if isinstance(sized, dict) else None

    @property
    def reaction(self) -> list[str]:
        """The emoji people and bots put on it, in order."""
        return [emoji for given in (self.reactions or {}).values() for emoji in given]

    def change(self, **fields: Any) -> None:
        """Show the message with other fields from now on; None takes a field away."""
        raw = {**self.raw, **fields}
        self.raw = {name: value for name, value in raw.items() if value is not None}

    def plain(self) -> dict[str, Any]:
        """Return what a phone shows of it, as JSON."""
        return {
            "message_id": self.id,
            "from_bot": self.is_from_bot,
            "text": self.text,
            "keyboard": self.keyboard,
            "edited": self.edited,
            "reactions": self.reaction,
            "file_id": self.file_id,
            "raw": self.raw,
        }

    def __repr__(self) -> str:
        return f"<Message {self.id} in {self.chat.id}: {self.text[:60]!r} {self.keyboard}>"


class Chat:
    """A private chat of one bot with one person, or a group for all bots in it."""

    def __init__(self, chat_id: int, kind: str, **names: str | None) -> None:
        self.id = chat_id
        self.kind = kind
        self.raw: dict[str, Any] = {"id": chat_id, "type": kind, **{k: v for k, v in names.items() if v}}
        self.history: dict[int, Message] = {}
        self.next_message = 1
        self.barred: dict[int, str] = {}
        self.became: int | None = None

    @property
    def messages(self) -> list[Message]:
        """What is on the screen, oldest first."""
        return list(self.history.values())

    def admits(self, bot: Bot) -> None:
        """Return if the bot may act here. Raise ApiError 400 for a group that moved on, 403 for a bot not wanted."""
        if self.became:
            raise migrated(self.became)
        if self.barred and (why := self.barred.get(bot.id)):
            raise forbidden(why)

    def message(self, message_id: int) -> Message | None:
        """Return a message that is still there."""
        return self.history.get(message_id)

    def write(self, author: dict[str, Any], at: float, **content: Any) -> Message:
        """Write a message of somebody into the chat and return it."""
        number = self.next_message
        self.next_message = number + 1
        raw = {"message_id": number, "from": author, "chat": self.raw, "date": int(at), **content}
        message = self.history[number] = Message(self, raw, author["id"])
        return message


class Bot:
    """A bot: its token, its chats, its updates, its files and its settings."""

    def __init__(self, token: str, username: str, world: World) -> None:
        self.id = int(token.partition(":")[0])
        self.token = token
        self.username = username
        self.raw: dict[str, Any] = {"id": self.id, "is_bot": True, "first_name": username, "username": username}
        self.chats: dict[int, Chat] = {}
        self.met: set[int] = set()  # people seen in groups, who never wrote to the bot
        self.updates = Updates(world.chance, world.now, world.wake)
        self.queries: dict[str, tuple[float, int]] = {}
        self.commands: dict[str, list[dict[str, str]]] = {}
        self.descriptions: dict[str, str] = {}
        self.webhook: Webhook | None = None
        self.has_privacy = True
        self.logged_out = False

    def chat(self, chat_id: int) -> Chat:
        """Return a chat the bot may act in. Raise ApiError where there is none or it is not wanted there."""
        chat = self.chats.get(chat_id)
        if chat is None:
            if chat_id in self.met:
                raise forbidden("bot can't initiate conversation with a user")
            raise bad("chat not found")
        if chat.barred or chat.became:
            chat.admits(self)
        return chat


class World:
    """Everything there is. Time is `now()`, in seconds, and may be moved by who gives the clock."""

    def __init__(self, seed: int = 1, clock: Callable[[], float] = time.time) -> None:
        self.chance = random.Random(seed)
        self.now = clock
        self.bots: dict[str, Bot] = {}
        self.people: dict[int, Any] = {}
        self.groups: dict[int, Any] = {}
        self.files: dict[str, Any] = {}
        self.paths: dict[str, Any] = {}
        self.events: list[Event] = []
        self.calls: Counter[str] = Counter()
        self._watchers: set[asyncio.Future[None]] = set()

    @property
    def first_bot(self) -> Bot:
        """The bot that is meant where none is named."""
        return next(iter(self.bots.values()))

    def perform(self, bot: Bot, method: str, params: dict[str, Any]) -> Any:
        """Run a call that came another way than over the server."""
        raise NotImplementedError

    def log(
        self, kind: str, bot: Bot, chat_id: int, message_id: int | None = None, text: str | None = None, **more: Any
    ) -> None:
        """Write down what happened and wake who waits for it."""
        self.events.append(Event(self.now(), kind, bot.username, chat_id, message_id, text, more))
        if self._watchers:
            self.wake()

    def wake(self) -> None:
        """Let everybody who waits look again."""
        for watcher in self._watchers:
            if not watcher.done():
                watcher.set_result(None)
        self._watchers.clear()

    async def until(self, is_so: Callable[[], Any], seconds: float = 10.0) -> Any:
        """Wait until `is_so()` is true and return what it returned. Raise TimeoutError after so many seconds."""
        async with asyncio.timeout(seconds):
            while not (found := is_so()):
                watcher = asyncio.get_running_loop().create_future()
                self._watchers.add(watcher)
                await watcher
        return found

    def new_id(self, is_big: bool) -> int:
        """Return an id nobody has; a big one does not fit into 32 bits, as those of newer accounts."""
        while True:
            found = (
                self.chance.randrange(5_000_000_000, 8_000_000_000) if is_big else self.chance.randrange(10**8, 2**31)
            )
            if found not in self.people:
                return found

    def find_group(self, chat_id: int) -> Any:
        """Return a group by its id. Raise ApiError 400 where there is none."""
        if chat_id not in self.groups:
            raise ApiError(400, "Bad Request: chat not found")
        return self.groups[chat_id]
