"""What comes in from a person and what goes out to one, whatever the channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


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
class Incoming:
    """One thing a person sent: typed `text`, or the `token` of a choice they pressed.

    `external_id` is the channel's own id of this message; the same id never counts twice.
    """

    sender: Address
    external_id: str
    sent_at: datetime
    text: str = ""
    token: str | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to send."""

    text: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can do. Conversations are written for the weakest; the rest is comfort."""

    max_text: int
    buttons: bool


# What every conversation must work with: plain text of this length, no buttons (Zalo Bot's limits).
WEAKEST = Capabilities(max_text=2000, buttons=False)
TOKEN_MAX_BYTES = 64  # Telegram's limit for callback data, the tightest of the channels met so far
