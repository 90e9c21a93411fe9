"""What a failed call means for the message it was to send."""

from __future__ import annotations

import re
from datetime import timedelta

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, TelegramError

from bot.channels.base import SendError
from bot.channels.telegram.errors import FloodWait, NotSent, Unknown, code_of

# What the Bot API says, and the short code we keep. The first that is part of its words counts.
_FORBIDDEN = (
    ("blocked by the user", "bot_blocked"),
    ("deactivated", "deactivated"),
    ("kicked", "kicked"),
    ("not a member", "not_member"),
    ("can't initiate", "not_started"),
    ("deleted", "deleted"),
)
# These come as 400, but say that nobody is there, or that the bot may not write there.
_UNREACHABLE = (
    ("chat not found", "chat_not_found"),
    ("user not found", "chat_not_found"),
    ("peer_id_invalid", "chat_not_found"),
    ("input_user_deactivated", "deactivated"),
    ("chat_write_forbidden", "no_rights"),
    ("not enough rights to send", "no_rights"),
    ("have no rights to send", "no_rights"),
)
_REFUSED = (
    ("request entity too large", "too_large"),
    ("too big", "too_large"),
    ("too long", "too_long"),
    ("is empty", "empty"),
    ("must be non-empty", "empty"),
    ("wrong file identifier", "file"),
    ("button_data_invalid", "token"),
)
_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid", "message identifier")
_WRONG_PHOTO = ("photo_invalid_dimensions", "image_process_failed", "photo_save_file_invalid", "photo_ext_invalid")
_CONSTANT = re.compile(r"[a-z]+(?:_[a-z0-9]+)+")  # an error of Telegram's own, of which no word is anybody's


def is_unchanged(error: BadRequest) -> bool:
    """Tell whether an edit was refused because the message already is as wanted."""
    return "message is not modified" in error.message.lower()


def is_gone(error: BadRequest) -> bool:
    """Tell whether an edit was refused because the message cannot be edited, now or ever."""
    return any(part in error.message.lower() for part in _GONE)


def has_no_text(error: BadRequest) -> bool:
    """Tell whether an edit was refused because the message is a file, with a caption in place of a text."""
    return "no text in the message" in error.message.lower()


def is_no_photo(error: BadRequest) -> bool:
    """Tell whether a file was refused as a photo; it may still go as a document."""
    return any(part in error.message.lower() for part in _WRONG_PHOTO)


def send_error(error: TelegramError, *, repeatable: bool, partly: bool) -> SendError:
    """Return how a message fared whose call failed.

    `repeatable` says that the call shows nothing twice when made twice: then not to know is as good as not sent.
    `partly` says that a part of the message is already on the phone: then the whole must not go again.
    """
    found = _alone(error, repeatable)
    if partly and found.outcome in ("not_sent", "moved"):
        return SendError("ambiguous", f"partly_sent_{found.reason}")
    return found


def _alone(error: TelegramError, repeatable: bool) -> SendError:
    if isinstance(error, ChatMigrated):
        return SendError("moved", "migrated", moved_to=str(error.new_chat_id))
    if isinstance(error, FloodWait):
        return SendError("not_sent", "flood_wait", timedelta(seconds=error.seconds))
    if isinstance(error, Forbidden):
        return SendError("blocked", _find(_FORBIDDEN, error.message) or "forbidden")
    if isinstance(error, BadRequest):  # to the library a kind of NetworkError, so it comes before that
        if reason := _find(_UNREACHABLE, error.message):
            return SendError("blocked", reason)
        words = error.message.lower()
        constant = words if _CONSTANT.fullmatch(words) and len(words) <= 64 else None
        return SendError("refused", _find(_REFUSED, error.message) or constant or "bad_request")
    if isinstance(error, InvalidToken):
        return SendError("not_sent", "token")
    if isinstance(error, NotSent):
        return SendError("not_sent", error.code)
    if isinstance(error, Unknown):
        return SendError("not_sent" if repeatable else "ambiguous", error.code)
    return SendError("not_sent" if repeatable else "ambiguous", code_of(error))


def _find(table: tuple[tuple[str, str], ...], message: str) -> str | None:
    words = message.lower()
    return next((code for part, code in table if part in words), None)
