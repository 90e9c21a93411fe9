"""One outgoing message as calls of the Bot API."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from telegram.error import BadRequest, TelegramError

from bot.channels.base import SendError
from bot.channels.telegram.api import Api
from bot.channels.telegram.errors import FloodWait, NotSent
from bot.channels.telegram.layout import CAPTION_LIMIT, TEXT_LIMIT, keyboard, split, units
from bot.channels.telegram.outcomes import has_no_text, is_gone, is_unchanged, send_error
from bot.channels.telegram.uploads import albums, chat_action, check, upload
from domain.messages import TOKEN_MAX_BYTES, Address, Attachment, Choice, Outgoing

# A lease of the outbox is 60 seconds; a text that takes longer would be sent by somebody else as well.
LONGEST_TEXT = 50.0
LONGEST_UPLOAD = 300.0
# How the rest of a message is waited for, of which the first part is on the phone already.
_WAITS = (0.5, 1.0, 2.0, 4.0)
_LONGEST_WAIT = 10.0

Sleep = Callable[[float], Awaitable[None]]


async def send(api: Api, address: Address, outgoing: Outgoing, folder: Path, sleep: Sleep = asyncio.sleep) -> str:
    """Send one message and return the id of the message it became; raises `SendError`.

    `folder` is where relative paths of attachments begin. What goes in several calls (a long text, several files) is
    repeated from where it failed, for some seconds; after that it is "ambiguous", for a part of it has arrived.
    """
    _check(outgoing)
    sizes = await asyncio.to_thread(check, outgoing.attachments, folder) if outgoing.attachments else {}
    delivery = _Delivery(api, address.id, folder, sizes, sleep)
    failure: SendError | None = None
    try:
        async with asyncio.timeout(LONGEST_UPLOAD if outgoing.attachments else LONGEST_TEXT):
            await delivery.run(outgoing)
    except TelegramError as error:
        failure = send_error(error, repeatable=delivery.repeatable, partly=delivery.arrived)
    except TimeoutError:
        unsure = delivery.arrived or not delivery.repeatable
        failure = SendError("ambiguous" if unsure else "not_sent", "took_too_long")
    if failure is not None:
        raise failure
    return delivery.message_id


def _check(outgoing: Outgoing) -> None:
    """Raise what the Bot API would refuse, before any part of it goes out."""
    for choice in outgoing.choices:
        if not 1 <= len(choice.token.encode()) <= TOKEN_MAX_BYTES:  # Bot API: callback_data, 1-64 bytes
            raise SendError("refused", "token")
        if not choice.label.strip():
            raise SendError("refused", "label")
    text = bool(outgoing.text.strip())
    other = outgoing.menu is not None or outgoing.reaction is not None or outgoing.replaces is not None
    if not (text or outgoing.attachments or other):
        raise SendError("refused", "empty")
    if outgoing.choices and not text and len(outgoing.attachments) > 1:
        raise SendError("refused", "no_text")  # an album carries no keyboard


class _Delivery:
    """The calls for one message, and how far they got.

    `arrived` says that something is on the phone that must not get there again; `repeatable` is about the call that
    was made last.
    """

    def __init__(self, api: Api, chat: str, folder: Path, sizes: dict[str, int], sleep: Sleep) -> None:
        self._api = api
        self._chat = chat
        self._folder = folder
        self._sizes = sizes
        self._sleep = sleep
        self.arrived = False
        self.repeatable = True
        self.message_id = ""

    async def run(self, outgoing: Outgoing) -> None:
        """Do all that the message asks for: first what may be repeated, then what may not."""
        if outgoing.menu is not None:
            await self._set_menu(outgoing)
        if outgoing.reaction is not None and await self._react(outgoing.reaction, outgoing.reacts_to):
            return  # its words are for where there can be none
        if outgoing.replaces is not None and await self._edit(outgoing.replaces, outgoing):
            await self._send_files(outgoing.attachments)
        elif outgoing.attachments:
            await self._send_with_files(outgoing)
        elif outgoing.text.strip():
            await self._send_text(outgoing.text, outgoing.choices)

    async def _set_menu(self, outgoing: Outgoing) -> None:
        commands = [{"command": one.name, "description": one.description} for one in outgoing.menu or ()]
        scope = {"scope": {"type": "chat", "chat_id": self._chat}}
        if commands:
            await self._repeat("setMyCommands", {**scope, "commands": commands})
        else:
            await self._repeat("deleteMyCommands", scope)

    async def _react(self, emoji: str, message_id: str | None) -> bool:
        """React to a message; False where that cannot be."""
        if message_id is None:
            return False
        reaction = [{"type": "emoji", "emoji": emoji}] if emoji else []
        try:
            await self._repeat("setMessageReaction", {"message_id": message_id, "reaction": reaction})
        except BadRequest:
            return False  # not every chat allows every reaction, and none is worth a failure
        return True

    async def _edit(self, message_id: str, outgoing: Outgoing) -> bool:
        """Edit a message of ours; False where a new one must go instead."""
        text, markup = outgoing.text.strip(), keyboard(outgoing.choices)
        if units(text) > TEXT_LIMIT:
            return False
        target = {"message_id": message_id, "reply_markup": markup}
        try:
            if not text:
                await self._repeat("editMessageReplyMarkup", target)
            else:
                await self._edit_words(target, text)
        except BadRequest as error:
            # Whatever the Bot API has against the edit, the words must arrive; buttons alone are nothing to send anew.
            if text and not is_unchanged(error):
                return False
            if not (is_unchanged(error) or is_gone(error)):
                raise
        self.message_id = message_id
        return True

    async def _edit_words(self, target: dict[str, Any], text: str) -> None:
        try:
            await self._repeat("editMessageText", {**target, "text": text, **_PLAIN})
        except BadRequest as error:
            if not has_no_text(error) or units(text) > CAPTION_LIMIT:
                raise
            await self._repeat("editMessageCaption", {**target, "caption": text})

    async def _send_with_files(self, outgoing: Outgoing) -> None:
        """Send files with their text: as a caption where it is one, above them otherwise.

        The keyboard stands under the last message of all, and an album carries none: then the text comes last.
        """
        text, files = outgoing.text.strip(), outgoing.attachments
        if outgoing.choices and len(files) > 1:
            await self._send_files(files)
            await self._send_text(text, outgoing.choices)
        elif units(text) <= CAPTION_LIMIT:
            await self._send_files(files, text, outgoing.choices)
        else:
            await self._send_text(text, ())
            await self._send_files(files, "", outgoing.choices)

    async def _send_text(self, text: str, choices: tuple[Choice, ...]) -> None:
        parts = split(text)
        for number, part in enumerate(parts, 1):
            markup = keyboard(choices) if number == len(parts) else None
            await self._once("sendMessage", {"text": part, "reply_markup": markup, **_PLAIN})

    async def _send_files(
        self, files: tuple[Attachment, ...], caption: str = "", choices: tuple[Choice, ...] = ()
    ) -> None:
        for album in albums(files):
            await self._api.attempt("sendChatAction", {"chat_id": self._chat, "action": chat_action(album)}, 5.0)
            await upload(self._once, album, self._folder, self._sizes, caption, keyboard(choices))
            caption = ""

    async def _repeat(self, method: str, parameters: dict[str, Any]) -> None:
        """Make a call that may be made again."""
        self.repeatable = True
        in_chat = parameters if "scope" in parameters else {"chat_id": self._chat, **parameters}
        await self._patiently(method, in_chat)

    async def _once(self, method: str, parameters: dict[str, Any]) -> None:
        """Make a call that puts something on the phone, and keep the id of what it put there."""
        self.repeatable = False
        result = await self._patiently(method, {"chat_id": self._chat, **parameters})
        self.arrived = True
        first = result[0] if isinstance(result, list) and result else result
        found = first.get("message_id") if isinstance(first, dict) else None
        self.message_id = str(found) if type(found) is int else ""

    async def _patiently(self, method: str, parameters: dict[str, Any]) -> Any:
        """Make a call; where a part of the message has arrived, again while it is certain that it had no effect."""
        for wait in _WAITS:
            try:
                return await self._api.call(method, parameters)
            except (NotSent, FloodWait) as error:
                asked = float(error.seconds) if isinstance(error, FloodWait) else 0.0
                if not self.arrived or asked > _LONGEST_WAIT:
                    raise
                await self._sleep(max(wait, asked))
        return await self._api.call(method, parameters)


_PLAIN = {"link_preview_options": {"is_disabled": True}}  # and no parse_mode: nobody's words are mark-up
