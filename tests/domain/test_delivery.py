"""When to try again, and when to stop."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.delivery import MAX_ATTEMPTS, PATIENCE, Kind, SendOutcome, give_up_at, retry_at, try_again_at
from domain.periods import WorkCalendar
from tests.cast import MONDAY, ZONE

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
NEVER = NOW + timedelta(days=1)
KINDS: tuple[Kind, ...] = ("conversation", "broadcast")


def wait(at: datetime | None) -> float:
    assert at is not None
    return (at - NOW).total_seconds()


def test_a_message_proven_unsent_is_repeated_with_growing_waits() -> None:
    waits = [wait(retry_at(failures, "not_sent", "broadcast", NOW, NEVER)) for failures in range(11)]
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600]
    assert [wait(retry_at(1000, "not_sent", kind, NOW, NEVER)) for kind in KINDS] == [60, 600]


def test_it_is_given_up_when_it_is_too_old_and_tried_a_last_time_just_then() -> None:
    until = NOW + timedelta(seconds=5)
    assert retry_at(9, "not_sent", "broadcast", NOW, until) == until
    assert retry_at(0, "not_sent", "broadcast", until, until) is None
    assert retry_at(0, "not_sent", "broadcast", until, until, timedelta(seconds=1)) is None


def test_an_answer_is_worth_sending_for_an_hour_and_a_reminder_while_offices_are_open() -> None:
    calendar = WorkCalendar(ZONE)
    morning, evening = MONDAY.replace(hour=8), MONDAY.replace(hour=16, minute=20)
    assert give_up_at("conversation", morning, calendar) == morning + PATIENCE
    assert give_up_at("broadcast", morning, calendar) == morning.replace(hour=16, minute=30)
    assert give_up_at("broadcast", evening, calendar) == evening + PATIENCE


def test_the_wait_a_channel_names_is_kept() -> None:
    for failures in (0, 5, 1000):
        assert wait(retry_at(failures, "not_sent", "conversation", NOW, NEVER, timedelta(seconds=35))) == 35
    assert retry_at(0, "not_sent", "conversation", NOW, NEVER, timedelta(0)) == NOW


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("outcome", ["blocked", "refused"])
def test_what_never_will_arrive_is_not_repeated(outcome: SendOutcome, kind: Kind) -> None:
    assert retry_at(0, outcome, kind, NOW, NEVER) is None
    assert retry_at(0, outcome, kind, NOW, NEVER, timedelta(seconds=1)) is None


def test_an_answer_that_may_have_arrived_is_not_repeated_and_a_reminder_once() -> None:
    assert retry_at(0, "ambiguous", "conversation", NOW, NEVER) is None
    assert wait(retry_at(0, "ambiguous", "broadcast", NOW, NEVER)) == 2
    assert retry_at(1, "ambiguous", "broadcast", NOW, NEVER) is None


def test_what_waits_for_a_recipient_that_has_moved_goes_there_at_once() -> None:
    assert retry_at(3, "moved", "conversation", NOW, NOW) == NOW


def test_a_message_that_cannot_be_handled_is_tried_five_times_and_set_aside() -> None:
    waits = [try_again_at(attempt, NOW) for attempt in range(1, MAX_ATTEMPTS + 1)]
    assert [(at - NOW).total_seconds() for at in waits[:-1] if at] == [0.2, 0.8, 3.2, 12.8]
    assert waits[-1] is None
