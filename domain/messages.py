"""What comes in from a person and what goes out to one, whatever the channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Address:
    """Where a person is reached: a channel's name and the id that channel knows them by."""

    channel: str
    id: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer offered with a message. `token` comes back when it is pressed: at most 64 bytes of ASCII."""

    token: str
    label: str


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A file somebody sent, still at the messenger: `id` fetches it. `size` is in bytes, None where not told."""

    kind: Literal["photo", "document"]
    id: str
    name: str = ""
    size: int | None = None
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """A phone number shared by a tap. Only an `own` one, vouched for by the messenger, says who somebody is."""

    phone: str
    own: bool


# "edited": `text` is the new text of a message sent before, `message_id`; "blocked": its sender will get nothing more.
# "fetched": nobody did anything, but a file they sent is there now, or is not to be had.
IncomingKind = Literal["said", "edited", "blocked", "unblocked", "fetched"]


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing a person did: typed `text`, pressed the choice of a `token`, sent a file, edited or blocked.

    `external_id` is the channel's own id of this event; the same id never counts twice. `message_id` is the channel's
    id of the message it is about: the one typed or edited, or the one a choice was pressed on. `unread` says that it
    was of a sort no flow reads (a sticker, a voice message). `group` is set when others read along.
    """

    sender: Address
    external_id: str
    sent_at: datetime
    text: str = ""
    token: str | None = None
    kind: IncomingKind = "said"
    message_id: str | None = None
    reply_to: str | None = None
    file: ReceivedFile | None = None
    album: str | None = None
    contact: Contact | None = None
    unread: bool = False
    group: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to send: `path` lies in the data folder, `name` is what the person sees.

    A `path` "qr:TEXT" is no file: the channel draws that text as a QR code.
    """

    kind: Literal["photo", "document"]
    path: str
    name: str


@dataclass(frozen=True, slots=True)
class MenuCommand:
    """A command a messenger lists for a chat: `name` without its stroke, of a-z, 0-9 and "_"."""

    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One thing to send: a message, a new text for the one that it `replaces`, a reaction, or a chat's menu.

    `replaces` is the id of a message of ours; without `text` only its choices change. A channel that cannot, or may no
    longer, edit sends a new message instead. `reaction` is an emoji put on the message `reacts_to` of the other side;
    where that cannot be, `text` is sent in its place.
    """

    text: str = ""
    choices: tuple[Choice, ...] = ()
    replaces: str | None = None
    reaction: str | None = None
    reacts_to: str | None = None
    attachments: tuple[Attachment, ...] = ()
    menu: tuple[MenuCommand, ...] | None = None
    once: bool = False  # nothing of it is left here once it is sent: it holds a code, or goes to nobody known

    @property
    def is_comfort(self) -> bool:
        """Tell whether nobody misses anything when this never arrives: a menu, a reaction, another page of choices."""
        return self.menu is not None or self.reaction is not None or (self.replaces is not None and not self.text)


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can do. Conversations are written for the weakest; the rest is comfort."""

    max_text: int
    buttons: bool
    edits: bool = False
    reactions: bool = False
    menus: bool = False
    files: bool = False
    start_link: str = ""  # what a one-time code is put behind to make a link that brings it along; "" without links


# What every conversation must work with: plain text of this length, no buttons (Zalo Bot's limits).
WEAKEST = Capabilities(max_text=2000, buttons=False)
TOKEN_MAX_BYTES = 64  # Telegram's limit for callback data, the tightest of the channels met so far
