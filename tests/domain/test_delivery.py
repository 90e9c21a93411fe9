"""When to try again, and when to stop."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.delivery import MAX_ATTEMPTS, MAX_SENDS, SendOutcome, retry_at, try_again_at

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)


def test_a_message_proven_unsent_is_repeated_with_growing_waits_and_then_given_up() -> None:
    waits = [retry_at(attempt, "not_sent", NOW) for attempt in range(1, MAX_SENDS + 1)]
    assert [(at - NOW).total_seconds() for at in waits[:-1] if at] == [2, 4, 8, 16, 32, 64, 128]
    assert waits[-1] is None


def test_no_wait_is_longer_than_ten_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("domain.delivery.MAX_SENDS", 30)
    assert retry_at(20, "not_sent", NOW) == NOW + timedelta(minutes=10)


def test_the_wait_a_channel_names_is_kept() -> None:
    assert retry_at(1, "not_sent", NOW, timedelta(seconds=35)) == NOW + timedelta(seconds=35)
    assert retry_at(5, "not_sent", NOW, timedelta(0)) == NOW
    assert retry_at(MAX_SENDS, "not_sent", NOW, timedelta(seconds=35)) is None


@pytest.mark.parametrize("outcome", ["ambiguous", "blocked", "refused"])
def test_what_may_have_arrived_or_never_will_is_not_repeated(outcome: SendOutcome) -> None:
    assert retry_at(1, outcome, NOW) is None
    assert retry_at(1, outcome, NOW, timedelta(seconds=1)) is None


def test_a_message_that_cannot_be_handled_is_tried_five_times_and_set_aside() -> None:
    waits = [try_again_at(attempt, NOW) for attempt in range(1, MAX_ATTEMPTS + 1)]
    assert [(at - NOW).total_seconds() for at in waits[:-1] if at] == [0.2, 0.8, 3.2, 12.8]
    assert waits[-1] is None
