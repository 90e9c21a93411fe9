"""What the Bot API answers when it refuses a call."""

from __future__ import annotations

import json
from typing import Any


class ApiError(Exception):
    """A refusal: an HTTP code, the description a client reads, and what it may do about it."""

    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def answer(self) -> dict[str, Any]:
        """Return the JSON object that goes out."""
        answer: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer

    def body(self) -> bytes:
        """Return what goes out, encoded."""
        return json.dumps(self.answer(), ensure_ascii=False, separators=(",", ":")).encode()


def bad(why: str) -> ApiError:
    """Return a 400: the call itself is wrong."""
    return ApiError(400, f"Bad Request: {why}")


def forbidden(why: str) -> ApiError:
    """Return a 403: this chat does not want the bot."""
    return ApiError(403, f"Forbidden: {why}")


def too_many(seconds: int) -> ApiError:
    """Return a 429 that says how many seconds to wait."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


def migrated(chat_id: int) -> ApiError:
    """Return a 400 that names the supergroup a group became."""
    why = "Bad Request: group chat was upgraded to a supergroup chat"
    return ApiError(400, why, {"migrate_to_chat_id": chat_id})
