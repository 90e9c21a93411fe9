"""The conversation with python-telegram-bot's stock means: ConversationHandler, PicklePersistence, httpx."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from telegram import Update
from telegram.ext import (
    Application,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    PicklePersistence,
    filters,
)

from benchmarks.rivals.talk import COMMENT, NAME, NUMBER, SUMMARY, Given, given

_NAME, _NUMBER, _COMMENT = range(3)
_Context = ContextTypes.DEFAULT_TYPE


async def _start(update: Update, context: _Context) -> int:  # noqa: ARG001
    await update.message.reply_text(NAME)
    return _NAME


async def _name(update: Update, context: _Context) -> int:
    context.user_data["name"] = update.message.text
    await update.message.reply_text(NUMBER)
    return _NUMBER


async def _number(update: Update, context: _Context) -> int:
    context.user_data["number"] = update.message.text
    await update.message.reply_text(COMMENT)
    return _COMMENT


async def _comment(update: Update, context: _Context) -> int:
    context.user_data["comment"] = update.message.text
    await update.message.reply_text(SUMMARY.format(**context.user_data))
    return ConversationHandler.END


def application(told: Given) -> Application[Any, Any, Any, Any, Any, Any]:
    """Return the bot as the library's own example of a conversation has it."""
    words = filters.TEXT & ~filters.COMMAND
    built = (
        Application.builder()
        .token(told.token)
        .base_url(f"{told.url}/bot")
        .base_file_url(f"{told.url}/file/bot")
        .persistence(PicklePersistence(filepath=Path(told.folder) / "conversations.pickle"))
        .concurrent_updates(told.concurrent)
        .build()
    )
    states = {
        _NAME: [MessageHandler(words, _name)],
        _NUMBER: [MessageHandler(words, _number)],
        _COMMENT: [MessageHandler(words, _comment)],
    }
    entry = [CommandHandler("start", _start)]
    built.add_handler(
        ConversationHandler(entry_points=entry, states=states, fallbacks=[], name="talk", persistent=True)
    )
    return built


if __name__ == "__main__":
    application(given()).run_polling(allowed_updates=Update.ALL_TYPES)
