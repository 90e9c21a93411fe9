"""What a channel is: a name, what it can do, a way in, a way out and one kind of failure."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from domain.delivery import SendOutcome
from domain.messages import Address, Capabilities, Incoming, Outgoing

# Stores messages for good. A channel tells its messenger that they were received only after this has returned.
Record = Callable[[Sequence[Incoming]], Awaitable[None]]


class SendError(Exception):
    """A message could not be sent, or it is not known whether it was.

    `outcome`: "not_sent" (safe to repeat), "ambiguous" (it may have arrived), "blocked" (the person cannot be
    reached there any more), "refused" (this message will never be taken). `retry_after` is how long the messenger
    asks to wait. `reason` is a short code for the books, never the words of the message.
    """

    def __init__(self, outcome: SendOutcome, reason: str, retry_after: timedelta | None = None) -> None:
        super().__init__(f"{outcome}: {reason}")
        self.outcome: SendOutcome = outcome
        self.reason = reason
        self.retry_after = retry_after


class Channel(ABC):
    """One messenger. It never touches the database, never knows a flow, never renders a template.

    `sends_at_once` is how many messages may be on their way at the same time, one a recipient: each takes as long as
    the messenger's server is away.
    """

    name: str
    capabilities: Capabilities
    sends_at_once: int = 8

    @abstractmethod
    async def receive(self, record: Record) -> None:
        """Hand on what people send, until cancelled."""

    @abstractmethod
    async def send(self, address: Address, outgoing: Outgoing) -> str:
        """Send one message and return the messenger's id of it; raises `SendError`."""
