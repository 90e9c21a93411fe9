"""Say at the end what was survived, with the seed that repeats it."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite("tests.crash.proof", "tests.crash.ledger")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print one line an engine."""
    for report in terminalreporter.stats.get("passed", ()):
        for name, text in getattr(report, "user_properties", ()):
            if name == "crash" and report.when == "call":
                terminalreporter.write_line(f"crash: {text}")
