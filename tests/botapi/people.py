"""People with a phone: what they do reaches the bots as updates; what the bots did is on their screen."""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING, Any

from tests.botapi.entities import typed
from tests.botapi.files import describe, store
from tests.botapi.world import Bot, Chat, Event, Message, World

if TYPE_CHECKING:
    from tests.botapi.groups import Group

BLOCKED = "bot was blocked by the user"
DEACTIVATED = "user is deactivated"


class NoSuchButton(Exception):
    """A person cannot press what is not on the screen."""


class Person:
    """A person. `to` is where: a group, or a bot; without it the private chat with the first bot there is."""

    def __init__(self, world: World, user_id: int, name: str, username: str | None, language: str) -> None:
        self.world = world
        self.id = user_id
        self.name = name
        self.phone = f"+849{user_id % 10**8:08d}"
        self.raw: dict[str, Any] = {"id": user_id, "is_bot": False, "first_name": name, "language_code": language}
        if username:
            self.raw["username"] = username
        self.names = {"first_name": name, "username": username}

    def at(self, bot: Bot | None = None) -> Chat:
        """Return the private chat with a bot; it begins with the first thing the person does in it."""
        bot = bot or self.world.first_bot
        return bot.chats.get(self.id) or Chat(self.id, "private", **self.names)

    def say(self, text: str, reply_to: Message | int | None = None, to: Bot | Group | None = None) -> Message:
        """Send a text."""
        text = text.strip()
        content: dict[str, Any] = {"text": text}
        if entities := typed(text):
            content["entities"] = entities
        return self._send(content, reply_to, to)

    def start(self, payload: str = "", to: Bot | None = None) -> Message:
        """Press Start, or follow a deep link with a payload; this also takes back a block."""
        bot = to or self.world.first_bot
        if self.at(bot).barred.get(bot.id) == BLOCKED:
            self.unblock(bot)
        return self.say(f"/start {payload}".strip(), to=to)

    def press(
        self, button: str, on: Message | int | None = None, to: Bot | Group | None = None, forced: bool = False
    ) -> str | Message:
        """Press a button by its label or data; return the id of the query, or the message a reply keyboard writes.

        Without `on` it is the newest message that has the button. Raise NoSuchButton where none has it, unless
        `forced`: then the data goes out as an old or altered app would send it.
        """
        chat = to if isinstance(to, Chat) else self.at(to)
        if isinstance(on, int):
            on = chat.message(on) or Message(chat, {"message_id": on, "chat": chat.raw, "date": 0}, self._bot(to).id)
        candidates = [on] if on else [message for message in reversed(chat.messages) if message.buttons]
        for message in candidates:
            for wanted in (one for row in message.buttons for one in row):
                if button in (wanted["text"], wanted.get("callback_data")) and "callback_data" in wanted:
                    return self._query(message, wanted["callback_data"], to)
        if forced:
            return self._query(candidates[0], button, to)
        for row in self.reply_keyboard(to) if on is None else []:
            for wanted in row:
                if wanted["text"] == button:
                    return self.share_contact(to=to) if wanted.get("request_contact") else self.say(button, to=to)
        raise NoSuchButton(f"{button!r} is not among {[message.keyboard for message in candidates]}")

    def edit(self, message: Message | int, text: str, to: Bot | Group | None = None) -> Message:
        """Change a text that was sent before."""
        message = self._own(message, to)
        message.change(text=text, entities=typed(text) or None, edit_date=int(self.world.now()))
        self._tell(message.chat, "edited_message", message.raw, to)
        return message

    def send_photo(
        self, data: bytes, caption: str = "", to: Bot | Group | None = None, album: str | None = None
    ) -> Message:
        """Send a picture."""
        return self._send_file("photo", data, "photo.jpg", caption, to, album)

    def send_document(
        self,
        data: bytes,
        name: str = "document.pdf",
        caption: str = "",
        to: Bot | Group | None = None,
        album: str | None = None,
    ) -> Message:
        """Send a file."""
        return self._send_file("document", data, name, caption, to, album)

    def send_album(self, pictures: list[bytes], caption: str = "", to: Bot | Group | None = None) -> list[Message]:
        """Send pictures as one album: an update each, the caption on the first."""
        album = str(self.world.chance.randrange(10**16, 10**17))
        return [self.send_photo(data, "" if at else caption, to, album) for at, data in enumerate(pictures)]

    def send_voice(self, to: Bot | Group | None = None) -> Message:
        """Send a voice message."""
        return self._send({"voice": {"file_id": "voice", "file_unique_id": "voice", "duration": 3}}, None, to)

    def share_contact(self, own: bool = True, to: Bot | Group | None = None) -> Message:
        """Share the own telephone number, or somebody else's card."""
        other = self.world.new_id(is_big=False)
        card = {"phone_number": self.phone, "first_name": self.name, "user_id": self.id}
        if not own:
            card = {"phone_number": f"+849{other % 10**8:08d}", "first_name": "Somebody", "user_id": other}
        return self._send({"contact": card}, None, to)

    def react(self, message: Message | int, *emoji: str, to: Bot | Group | None = None) -> None:
        """Put reactions on a message in place of those before."""
        if isinstance(message, int):
            chat = to if isinstance(to, Chat) else self.at(to)
            message = chat.history[message]
        message.reactions = message.reactions or {}
        before = message.reactions.get(self.id, [])
        message.reactions[self.id] = list(emoji)
        change = {
            "chat": message.chat.raw,
            "message_id": message.id,
            "user": self.raw,
            "date": int(self.world.now()),
            "old_reaction": [{"type": "emoji", "emoji": one} for one in before],
            "new_reaction": [{"type": "emoji", "emoji": one} for one in emoji],
        }
        self._tell(message.chat, "message_reaction", change, to)

    def block(self, bot: Bot | None = None) -> None:
        """Block a bot."""
        self._bar(self._bot(bot), BLOCKED)

    def unblock(self, bot: Bot | None = None) -> None:
        """Take back a block."""
        self._bar(self._bot(bot), None)

    def deactivate(self) -> None:
        """Delete the account."""
        for bot in self.world.bots.values():
            if chat := bot.chats.get(self.id):
                chat.barred[bot.id] = DEACTIVATED

    def messages(self, to: Bot | Group | None = None) -> list[Message]:
        """Return what is on the screen, oldest first."""
        return (to if isinstance(to, Chat) else self.at(to)).messages

    def received(self, to: Bot | Group | None = None) -> list[Message]:
        """Return what is on the screen from bots, oldest first."""
        return [message for message in self.messages(to) if message.is_from_bot]

    def texts(self, to: Bot | Group | None = None) -> list[str]:
        """Return the texts and captions on the screen from bots, oldest first."""
        return [message.text for message in self.received(to)]

    def latest(self, to: Bot | Group | None = None) -> Message | None:
        """Return the newest message from a bot, None where there is none."""
        return next((message for message in reversed(self.messages(to)) if message.is_from_bot), None)

    def reply_keyboard(self, to: Bot | Group | None = None) -> list[list[dict[str, Any]]]:
        """Return the rows of buttons in place of the letters, empty where the letters are there."""
        for message in reversed(self.messages(to)):
            if message.markup and "keyboard" in message.markup:
                rows: list[list[dict[str, Any]]] = message.markup["keyboard"]
                return rows
            if message.markup and message.markup.get("remove_keyboard"):
                break
        return []

    def menu(self, bot: Bot | None = None) -> list[dict[str, str]]:
        """Return the commands the menu of a bot shows in the private chat: of the narrowest scope that has any."""
        bot = self._bot(bot)
        for scope in (f"chat:{self.id}", "all_private_chats", "default"):
            for language in (self.raw["language_code"], ""):
                if found := bot.commands.get(f"{scope}/{language}"):
                    return found
        return []

    def events(self, *kinds: str, to: Bot | Group | None = None) -> list[Event]:
        """Return what happened in the chat, of these kinds or of all."""
        chat_id = to.id if isinstance(to, Chat) else self.id
        name = self._bot(to).username if isinstance(to, Bot) else None
        return [
            event
            for event in self.world.events
            if event.chat_id == chat_id and (not kinds or event.kind in kinds) and name in (None, event.bot)
        ]

    def _bot(self, to: Any) -> Bot:
        return to if isinstance(to, Bot) else self.world.first_bot

    def _own(self, message: Message | int, to: Bot | Group | None) -> Message:
        if isinstance(message, int):
            chat = to if isinstance(to, Chat) else self.at(to)
            message = chat.history[message]
        if message.author != self.id:
            raise PermissionError("a person edits only what is their own")
        return message

    def _send(self, content: dict[str, Any], reply_to: Message | int | None, to: Bot | Group | None) -> Message:
        chat = to if isinstance(to, Chat) else self._enter(self._bot(to))
        if isinstance(reply_to, int):
            reply_to = chat.history[reply_to]
        if reply_to:
            content["reply_to_message"] = {k: v for k, v in reply_to.raw.items() if k != "reply_to_message"}
        message = chat.write(self.raw, self.world.now(), **content)
        bot = self._bot(to)
        self.world.log("said", bot, chat.id, message.id, message.text)
        self._tell(chat, "message", message.raw, to)
        return message

    def _send_file(
        self, kind: str, data: bytes, name: str, caption: str, to: Bot | Group | None, album: str | None
    ) -> Message:
        bots = frozenset(to.bots if isinstance(to, Chat) else [self._bot(to).id])
        mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
        content: dict[str, Any] = {kind: describe(store(self.world, kind, data, name, mime, bots))}
        if caption:
            content["caption"] = caption
        if album:
            content["media_group_id"] = album
        return self._send(content, None, to)

    def _enter(self, bot: Bot) -> Chat:
        chat = bot.chats.get(self.id)
        if chat is None:
            chat = bot.chats[self.id] = self.at(bot)
        if bot.id in chat.barred:
            raise PermissionError(chat.barred[bot.id])
        return chat

    def _tell(self, chat: Chat, kind: str, what: dict[str, Any], to: Bot | Group | None) -> None:
        if chat.kind == "private":
            self._bot(to).updates.add(kind, what, chat.id)
            return
        chat.tell(kind, what)  # type: ignore[attr-defined]

    def _query(self, message: Message, data: str, to: Bot | Group | None) -> str:
        bot = next((bot for bot in self.world.bots.values() if bot.id == message.author), self._bot(to))
        query = str(self.world.chance.randrange(10**17, 10**18))
        bot.queries[query] = (self.world.now(), message.chat.id)
        self.world.log("pressed", bot, message.chat.id, message.id, data, query=query)
        what = {
            "id": query,
            "from": self.raw,
            "message": message.raw,
            "chat_instance": str(message.chat.id * 7919 % 10**17),
            "data": data,
        }
        bot.updates.add("callback_query", what, message.chat.id)
        return query

    def _bar(self, bot: Bot, why: str | None) -> None:
        chat = bot.chats.setdefault(self.id, self.at(bot))
        was = bot.id in chat.barred
        chat.barred.pop(bot.id, None)
        if why:
            chat.barred[bot.id] = why
        if was == bool(why):
            return
        states = ({"user": bot.raw, "status": "member"}, {"user": bot.raw, "status": "kicked", "until_date": 0})
        old, new = states if why else states[::-1]
        change = {
            "chat": chat.raw,
            "from": self.raw,
            "date": int(self.world.now()),
            "old_chat_member": old,
            "new_chat_member": new,
        }
        bot.updates.add("my_chat_member", change, chat.id)
