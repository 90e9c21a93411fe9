"""/toi: what is kept about me; see handlers/flows/me.py."""

from __future__ import annotations

from handlers.commands.base import Command

_WORDS = ("tôi", "thông tin của tôi", "lưu gì về tôi")
COMMAND = Command("toi", None, None, aliases=("tôi",), words=_WORDS, entrance="me")
