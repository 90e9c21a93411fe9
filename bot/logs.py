"""The log of the program: what it did and where something failed, never anybody's words, numbers or keys."""

from __future__ import annotations

import logging
import re

_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
# What a bot's token looks like, in an address as well; whoever has it is the bot.
_TOKEN = re.compile(r"\d{5,}(?::|%3[Aa])[A-Za-z0-9_-]{30,}")
_BLANK = "[token]"


def set_up(level: str) -> None:
    """Write the program's own log to stderr from `level` on ("debug", "info", …).

    Libraries are heard from "warning" on, whatever the level: at "debug" aiosqlite writes down every statement with
    its values, and so every word of every chat.
    """
    logging.basicConfig(format=_FORMAT)
    for handler in logging.getLogger().handlers:
        if not any(isinstance(known, WithoutTokens) for known in handler.filters):
            handler.addFilter(WithoutTokens())
    logging.getLogger().setLevel(logging.WARNING)
    logging.getLogger("dondoc").setLevel(level.upper())
    # All it does is sound a bell, and all that can go wrong with that is being stopped in the middle of it.
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)


class WithoutTokens(logging.Filter):
    """Blanks tokens in whatever is logged: the message, its arguments, the text of an exception and of a stack.

    Nothing of ours logs one; this is for the day on which a library does.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, without tokens."""
        try:
            message = record.getMessage()
        except Exception:
            message = f"{record.msg} {record.args!r}"  # it cannot be formatted, and the complaint would show it whole
            record.msg, record.args = _TOKEN.sub(_BLANK, message), None
        if _TOKEN.search(message):
            record.msg, record.args = _TOKEN.sub(_BLANK, message), None
        if record.exc_info and not record.exc_text:
            text = logging.Formatter().formatException(record.exc_info)
            if _TOKEN.search(text):
                record.exc_text = text  # a formatter takes this in place of its own
        if record.exc_text:
            record.exc_text = _TOKEN.sub(_BLANK, record.exc_text)
        if record.stack_info:
            record.stack_info = _TOKEN.sub(_BLANK, record.stack_info)
        return True
