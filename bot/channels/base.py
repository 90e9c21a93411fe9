"""What a channel is: a name, what it can do, a way in, a way out and one kind of failure."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path

from domain.delivery import SendOutcome
from domain.messages import Address, Capabilities, Incoming, Outgoing, ReceivedFile

# Stores messages for good. A channel tells its messenger that they were received only after this has returned.
Record = Callable[[Sequence[Incoming]], Awaitable[None]]


class SendError(Exception):
    """A message could not be sent, or it is not known whether it was.

    `outcome`: "not_sent" (safe to repeat), "ambiguous" (it may have arrived), "blocked" (the person cannot be
    reached there any more), "refused" (this message will never be taken), "moved" (the recipient is now known as
    `moved_to`). What shows nothing twice when it is sent twice, as an edit, is "not_sent" whatever became of it.

    `retry_after` is how long the messenger asks to wait. `reason` is a short code for the books, never the words of
    the message.
    """

    def __init__(
        self, outcome: SendOutcome, reason: str, retry_after: timedelta | None = None, moved_to: str | None = None
    ) -> None:
        super().__init__(f"{outcome}: {reason}")
        self.outcome: SendOutcome = outcome
        self.reason = reason
        self.retry_after = retry_after
        self.moved_to = moved_to


class ChannelUnusable(Exception):
    """A channel cannot work until a person puts something right: a refused token, a port in use.

    The program ends, so that its service manager, and with it the admin, learns of it. `code` names what is wrong, as
    in templates/vi/cli/channel.txt; nothing secret is in it.
    """

    def __init__(self, channel: str, code: str) -> None:
        super().__init__(f"{channel}: {code}")
        self.channel = channel
        self.code = code


class ChannelUnreachable(Exception):
    """A question to a messenger got no answer, or none that can be used; later it may.

    `code` is short, for books and logs; no address, token or words are in it.
    """

    def __init__(self, channel: str, code: str) -> None:
        super().__init__(f"{channel}: {code}")
        self.channel = channel
        self.code = code


class FileUnavailable(Exception):
    """A received file cannot be had: "too_big", "gone" (for good), or "not_now" (try again later)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Channel(ABC):
    """One messenger. It never touches the database, never knows a flow, never renders a template.

    `sends_at_once` is how many messages may be on their way at the same time, one a recipient: each takes as long as
    the messenger's server is away. `sends_a_second` is how many in all it takes a second, None for any number.
    `longest_silence` is after how many seconds without a sign of life of `receive` it must have died, None for a
    channel that gives none.
    """

    name: str
    capabilities: Capabilities
    sends_at_once: int = 8
    sends_a_second: float | None = None
    longest_silence: float | None = None

    @abstractmethod
    async def receive(self, record: Record) -> None:
        """Hand on what people send, until cancelled; raises `ChannelUnusable`."""

    @abstractmethod
    async def send(self, address: Address, outgoing: Outgoing) -> str:
        """Send one message and return the messenger's id of it, "" where it has none; raises `SendError`."""

    def spacing(self, address: Address) -> timedelta:  # noqa: ARG002 for channels that have a rule of their own
        """Return the time there must be, in the long run, between two messages to one recipient."""
        return timedelta(0)

    async def show_working(self, address: Address) -> None:  # noqa: B027 most messengers cannot
        """Show a person that an answer is being worked on; failing to is no failure."""

    async def fetch(self, file: ReceivedFile, into: Path, limit: int) -> None:  # noqa: ARG002
        """Save a received file of at most `limit` bytes as `into`; raises `FileUnavailable`."""
        raise FileUnavailable("gone")

    async def close(self) -> None:  # noqa: B027 nothing to close for most
        """Close what is open. `receive` and `send` are not called any more."""
