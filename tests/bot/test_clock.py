"""Time does not go back, and moves only where a rehearsal moves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import Clock, MovableClock
from tests.cast import MONDAY


def test_a_clock_set_back_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    readings = iter([MONDAY, MONDAY - timedelta(hours=1), MONDAY + timedelta(seconds=1)])
    clock = Clock()
    monkeypatch.setattr(clock, "_read", lambda: next(readings))
    assert [clock.now() for _ in range(3)] == [MONDAY, MONDAY, MONDAY + timedelta(seconds=1)]


def test_the_clock_of_a_running_program_is_the_time_in_utc() -> None:
    before = datetime.now(UTC)
    assert before <= Clock().now() <= datetime.now(UTC)
    assert Clock().now().tzinfo is UTC


def test_a_movable_clock_stands_until_it_is_moved_and_only_goes_forward() -> None:
    clock = MovableClock(MONDAY)
    assert clock.now() == clock.now() == MONDAY
    clock.move(timedelta(days=3))
    clock.move_to(MONDAY)
    assert clock.now() == MONDAY + timedelta(days=3)


def test_a_running_clock_goes_on_from_where_it_was_put() -> None:
    clock = MovableClock(MONDAY)
    clock.move(timedelta(days=1))
    clock.run()
    first = clock.now()
    assert first <= clock.now() < MONDAY + timedelta(days=1, minutes=1)
    assert first >= MONDAY + timedelta(days=1)
