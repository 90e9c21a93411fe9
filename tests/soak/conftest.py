"""Say at the end what was survived, with the seed that repeats it."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite("tests.crash.ledger", "tests.soak.proof")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print one line a run."""
    for report in terminalreporter.stats.get("passed", ()):
        for name, text in getattr(report, "user_properties", ()):
            if name == "soak" and report.when == "call":
                terminalreporter.write_line(f"soak: {text}")
