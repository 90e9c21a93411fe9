"""When to try again: a message that was not sent, and a message that could not be handled."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

SendOutcome = Literal["not_sent", "ambiguous", "blocked", "refused"]
MAX_SENDS = 8
MAX_ATTEMPTS = 5  # then a message is set aside: it must not stop its chat for ever
_FIRST_WAIT = timedelta(seconds=2)
_LONGEST_WAIT = timedelta(minutes=10)


def retry_at(
    attempt: int, outcome: SendOutcome, now: datetime, retry_after: timedelta | None = None
) -> datetime | None:
    """Return when to send again after failed attempt number `attempt` (from 1), or None to give up.

    A proven "not_sent" is repeated with growing waits, or after `retry_after` where the channel names it. An
    "ambiguous" time-out is not: the person may already have the message, and a doubled question confuses.
    "blocked" and "refused" are final.
    """
    if outcome != "not_sent" or attempt >= MAX_SENDS:
        return None
    if retry_after is not None:
        return now + retry_after
    return now + min(_FIRST_WAIT * (1 << (attempt - 1)), _LONGEST_WAIT)


def try_again_at(attempt: int, now: datetime) -> datetime | None:
    """Return when to handle a message again after its failed attempt number `attempt`, or None to set it aside."""
    if attempt >= MAX_ATTEMPTS:
        return None
    return now + timedelta(milliseconds=200) * (1 << 2 * (attempt - 1))
