"""Which database is used is shown without what opens it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.common import shown_url


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("sqlite:///dondoc.db", "dondoc.db"),
        (f"sqlite:///{Path.cwd()}/thu.db", "thu.db"),
        ("postgresql://lan:m@t-khau@localhost:5432/dondoc?password=x", "PostgreSQL localhost:5432/dondoc"),
        ("postgres://localhost/dondoc", "PostgreSQL localhost/dondoc"),
    ],
)
def test_neither_user_nor_password_is_shown(url: str, shown: str) -> None:
    assert shown_url(url) == shown
