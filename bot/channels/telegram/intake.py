"""Received updates on their way to the record; presses are answered once they are there."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.channels.base import Record
from bot.channels.telegram.api import Api, Me
from bot.channels.telegram.updates import Unreadable, number_of, query_id, read, salvage
from bot.failures import where
from domain.messages import Incoming

ANSWERS_AT_ONCE = 8
ANSWER_TIMEOUT = 10.0  # seconds; a press is not worth more, and its little clock stops by itself
_log = logging.getLogger("dondoc.telegram")


class Intake:
    """Reads updates, records what people did, and answers presses afterwards, never before."""

    def __init__(self, api: Api, me: Me, record: Record, now: Callable[[], datetime]) -> None:
        self._api = api
        self._me = me
        self._record = record
        self._now = now
        self._room = asyncio.Semaphore(ANSWERS_AT_ONCE)
        self._answers: set[asyncio.Task[None]] = set()  # a task nobody holds may be collected before it ends

    async def take(self, updates: Sequence[Any]) -> None:
        """Record what updates say, in one call; raises what `record` raises, and has then answered nobody."""
        if messages := self._messages(updates):
            await self._record(messages)
        self._answer(updates)

    async def take_apart(self, updates: Sequence[Any]) -> None:
        """Record updates one by one, and of one that alone cannot be recorded only that somebody sent it.

        For a batch that failed again and again; raises what `record` raises when it is the database that fails.
        """
        for message in self._messages(updates):
            try:
                await self._record([message])
            except Exception as error:
                await self._record([])  # raises when nothing at all can be recorded
                _log.warning("update %s cannot be recorded: %s", message.external_id, where(error))
                await self._record_bare(message)
        self._answer(updates)

    async def close(self) -> None:
        """Stop answering."""
        for task in self._answers:
            task.cancel()
        await asyncio.gather(*self._answers, return_exceptions=True)

    async def _record_bare(self, message: Incoming) -> None:
        try:
            await self._record([message])  # the database may have been away just now
        except Exception:
            bare = Incoming(message.sender, message.external_id, message.sent_at, unread=True, group=message.group)
            await self._record([replace(bare, kind=message.kind)])

    def _messages(self, updates: Iterable[Any]) -> list[Incoming]:
        now = self._now()
        found = (self._message(update, now) for update in updates)
        return [message for message in found if message is not None]

    def _message(self, update: Any, now: datetime) -> Incoming | None:
        try:
            return read(update, self._me, now)
        except Unreadable as error:
            _log.warning("update %s is unreadable: %s", number_of(update), error.field)
            return salvage(update, self._me, now)

    def _answer(self, updates: Iterable[Any]) -> None:
        for update in updates:
            if query := query_id(update):
                task = asyncio.create_task(self._answer_one(query))
                self._answers.add(task)
                task.add_done_callback(self._answers.discard)

    async def _answer_one(self, query: str) -> None:
        async with self._room:
            await self._api.attempt("answerCallbackQuery", {"callback_query_id": query}, ANSWER_TIMEOUT)
