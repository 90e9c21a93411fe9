"""config.example.toml says what bot/config.py does, line for line."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from bot.config import Settings, load
from tests.docs.pages import ROOT

EXAMPLE = ROOT / "config.example.toml"


def defaults(settings: BaseModel) -> dict[str, Any]:
    """The settings as the TOML file nests them."""
    return {
        name: defaults(value) if isinstance(value, BaseModel) else value
        for name, value in ((name, getattr(settings, name)) for name in type(settings).model_fields)
    }


def test_the_example_holds_every_setting_with_its_default_and_no_other() -> None:
    assert tomllib.loads(EXAMPLE.read_text(encoding="utf-8")) == defaults(Settings())


def test_the_example_is_accepted_as_it_is(tmp_path: Path) -> None:
    copied = tmp_path / "config.toml"
    copied.write_bytes(EXAMPLE.read_bytes())
    settings = load(copied)
    assert settings.calendar == Settings().calendar
    assert settings.storage.url == f"sqlite:///{tmp_path / 'dondoc.db'}"


def test_every_setting_is_explained_above_it() -> None:
    explained = False
    for line in EXAMPLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            explained = True
        elif "=" in line:
            assert explained, line
        else:
            explained = False
