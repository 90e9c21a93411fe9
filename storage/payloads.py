"""Messages as text in a row. What most of them lack is left out, so that a plain one costs no more than its words."""

from __future__ import annotations

from typing import Any

from domain.messages import Address, Attachment, Choice, Contact, Incoming, MenuCommand, Outgoing, ReceivedFile
from storage.values import packed, read_instant, unpacked

_PLAIN_IN = ("kind", "message_id", "reply_to", "album", "unread", "group")
_PLAIN_OUT = ("replaces", "reaction", "reacts_to")


def pack_incoming(message: Incoming) -> str:
    """Return what a person did as text; who, when and its id are columns of their own."""
    held: dict[str, Any] = {"text": message.text, "token": message.token}
    if message.kind != "said":
        held["kind"] = message.kind
    held |= {name: value for name in _PLAIN_IN[1:] if (value := getattr(message, name))}
    if (file := message.file) is not None:
        held["file"] = [file.kind, file.id, file.name, file.size, file.media_type]
    if message.contact is not None:
        held["contact"] = [message.contact.phone, message.contact.own]
    return packed({name: _storable(value) for name, value in held.items()})


def _storable(value: Any) -> Any:
    """Return a value without what no database takes: NUL, and halves of characters cut in two.

    Left in, one such message would keep everything received with it, and all that comes after, from being recorded.
    """
    if isinstance(value, list):
        return [_storable(each) for each in value]
    if not isinstance(value, str):
        return value
    return value.encode("utf-8", "replace").decode().replace("\0", "")


def read_incoming(sender: Address, external_id: str, sent_at: str, payload: str) -> Incoming:
    """Return the message that `pack_incoming` wrote."""
    held = unpacked(payload)
    plain = {name: held[name] for name in _PLAIN_IN if name in held}
    if file := held.get("file"):
        plain["file"] = ReceivedFile(*file)
    if contact := held.get("contact"):
        plain["contact"] = Contact(*contact)
    return Incoming(sender, external_id, read_instant(sent_at), held["text"], held["token"], **plain)


def pack_outgoing(outgoing: Outgoing) -> str:
    """Return a message to send as text."""
    held: dict[str, Any] = {
        "text": outgoing.text,
        "choices": [[choice.token, choice.label] for choice in outgoing.choices],
    }
    held |= {name: value for name in _PLAIN_OUT if (value := getattr(outgoing, name)) is not None}
    if outgoing.once:
        held["once"] = True
    if outgoing.attachments:
        held["attachments"] = [[each.kind, each.path, each.name] for each in outgoing.attachments]
    if outgoing.menu is not None:
        held["menu"] = [[command.name, command.description] for command in outgoing.menu]
    return packed(held)


def read_outgoing(payload: str) -> Outgoing:
    """Return the message that `pack_outgoing` wrote."""
    held = unpacked(payload)
    plain = {name: held[name] for name in _PLAIN_OUT if name in held}
    if "once" in held:
        plain["once"] = True
    if "attachments" in held:
        plain["attachments"] = tuple(Attachment(*each) for each in held["attachments"])
    if "menu" in held:
        plain["menu"] = tuple(MenuCommand(*each) for each in held["menu"])
    return Outgoing(held["text"], tuple(Choice(token, label) for token, label in held["choices"]), **plain)
