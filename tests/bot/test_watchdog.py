"""A program that hangs is ended, so that it is started again; one that is well is left alone."""

from __future__ import annotations

import logging
import socket
import threading
from pathlib import Path

import pytest

from bot.watchdog import EXIT_STATUS, Pulse, Watchdog, notify


class Watch:
    """A clock that is moved by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_who_gave_no_sign_of_life_for_too_long_is_named() -> None:
    watch = Watch()
    pulse = Pulse(watch)
    pulse.expect("worker", 60)
    pulse.expect("bell", 90)
    watch.now = 61
    assert pulse.silent() == ["worker"]
    pulse.beat("worker")
    pulse.beat("somebody nobody expects")
    watch.now = 91
    assert pulse.silent() == ["bell"]
    watch.now = 1000
    assert pulse.silent() == ["worker", "bell"]


def test_a_program_that_hangs_is_ended_with_a_status_that_is_not_zero(caplog: pytest.LogCaptureFixture) -> None:
    watch = Watch()
    pulse = Pulse(watch)
    pulse.expect("worker", 60)
    ended = threading.Event()
    statuses: list[int] = []

    def end(status: int) -> None:
        statuses.append(status)
        ended.set()

    with caplog.at_level(logging.CRITICAL), Watchdog(pulse, end, look_every=0.001):
        assert not ended.wait(0.02)
        watch.now = 61
        assert ended.wait(5)
    assert statuses == [EXIT_STATUS]
    assert EXIT_STATUS != 0
    assert "worker" in caplog.text


def test_systemd_is_told_where_it_listens(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(path)
        listening.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", path)
        with Watchdog(Pulse(), lambda _: None, look_every=0.001):
            assert [listening.recv(99), listening.recv(99)] == [b"READY=1", b"WATCHDOG=1"]
        told = b""
        while told != b"STOPPING=1":
            told = listening.recv(99)


@pytest.mark.parametrize("address", ["", "/nowhere/notify", "@nobody-listens-here"])
def test_a_systemd_that_does_not_listen_disturbs_nobody(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    notify("READY=1")
