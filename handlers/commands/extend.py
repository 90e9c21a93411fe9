"""/giahan: ask for more time, in one message ("/giahan 5/12 vì …") or step by step."""

from __future__ import annotations

from handlers.commands.base import Command

_WORDS = ("xin gia hạn", "gia hạn")
COMMAND = Command(
    "giahan", None, "report", aliases=("giahạn",), words=_WORDS, refusal="tasks/not_an_officer", entrance="extend"
)
