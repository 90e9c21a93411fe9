"""Time does not go back, and moves only where a rehearsal moves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import Clock, MovableClock
from tests.cast import MONDAY


def test_a_clock_set_back_goes_on_at_half_its_pace_until_it_is_right_again(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    passed, wrong = 0.0, timedelta()
    monkeypatch.setattr(clock, "_ticks", lambda: 1000 + passed)
    monkeypatch.setattr(clock, "_read", lambda: MONDAY + timedelta(seconds=passed) + wrong)
    assert clock.now() == MONDAY
    wrong = timedelta(minutes=-10)
    seen = [clock.now()]
    for minute in range(1, 31):
        passed = 60.0 * minute
        seen.append(clock.now())
    assert seen[0] == MONDAY
    assert seen == sorted(seen)
    assert seen[10] == MONDAY + timedelta(minutes=5)
    assert seen[20] == MONDAY + timedelta(minutes=10) == MONDAY + timedelta(minutes=20) + wrong
    assert seen[30] == MONDAY + timedelta(minutes=30) + wrong


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
