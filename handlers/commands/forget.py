"""/xoadulieu: withdraw, and be forgotten; see handlers/flows/me.py."""

from __future__ import annotations

from handlers.commands.base import Command

_WORDS = ("xóa dữ liệu", "xóa dữ liệu của tôi", "rút lại đồng ý")
COMMAND = Command("xoadulieu", None, None, aliases=("xoa_du_lieu", "xóadữliệu"), words=_WORDS, entrance="forget")
