"""/moi: invite somebody; see handlers/flows/invite.py."""

from __future__ import annotations

from handlers.commands.base import Command

_WORDS = ("mời", "mời người đứng đầu", "cấp mã mời", "mã mời mới")
COMMAND = Command("moi", None, "invite", aliases=("mời",), words=_WORDS, entrance="invite")
