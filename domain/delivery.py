"""When to try again: a message that was not sent, and a message that could not be handled."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from domain.periods import WorkCalendar

SendOutcome = Literal["not_sent", "ambiguous", "blocked", "refused", "moved"]
Kind = Literal["conversation", "broadcast"]
MAX_ATTEMPTS = 5  # then a message is set aside: it must not stop its chat for ever
PATIENCE = timedelta(hours=1)  # whoever asked has gone on to something else by then
LONGEST_RETRY = timedelta(hours=12)  # however long a messenger asks for
_FIRST_WAIT = timedelta(seconds=2)
_LONGEST_WAIT: dict[Kind, timedelta] = {"conversation": timedelta(minutes=1), "broadcast": timedelta(minutes=10)}


def give_up_at(kind: Kind, queued_at: datetime, calendar: WorkCalendar) -> datetime:
    """Return until when a message is worth sending: an answer for an hour, a reminder while offices are open that day.

    It is its age that counts and not how often it was tried: a network that is down for ten minutes, or for a
    morning, must not cost a commune its reminders.
    """
    soon = queued_at + PATIENCE
    return soon if kind == "conversation" else max(soon, calendar.closing(calendar.today(queued_at)))


def retry_at(
    failures: int,
    outcome: SendOutcome,
    kind: Kind,
    now: datetime,
    until: datetime,
    retry_after: timedelta | None = None,
) -> datetime | None:
    """Return when to send again what has failed `failures` times before this time, or None to give up.

    A proven "not_sent" is repeated with growing waits until `until`, or after `retry_after` where the channel names
    it. "moved" is sent to where the recipient is now. "ambiguous" means that the person may already have the message:
    a broadcast is repeated once, for a reminder lost is worse than one seen twice; an answer is not, for a doubled
    question confuses, and whoever misses it writes again. "blocked" and "refused" are final.
    """
    if outcome == "moved":
        return now
    safe = outcome == "not_sent" or (outcome == "ambiguous" and kind == "broadcast" and failures == 0)
    if not safe or now >= until:
        return None
    if retry_after is not None:
        return now + min(retry_after, LONGEST_RETRY)
    return min(now + min(_FIRST_WAIT * (1 << min(failures, 10)), _LONGEST_WAIT[kind]), until)


def try_again_at(attempt: int, now: datetime) -> datetime | None:
    """Return when to handle a message again after its failed attempt number `attempt`, or None to set it aside."""
    if attempt >= MAX_ATTEMPTS:
        return None
    return now + timedelta(milliseconds=200) * (1 << 2 * (attempt - 1))
