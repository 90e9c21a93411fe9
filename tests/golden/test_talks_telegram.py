"""Every talk goes as it is written over the loopback Bot API, on both engines."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from tests.golden.test_talks import TALKS
from tests.talk import play
from tests.talk_lines import compare, directions, parse, rewriting
from tests.talk_telegram import TelegramStage


@pytest.mark.parametrize("talk", TALKS, ids=lambda path: f"{path.parent.name}/{path.stem}")
async def test_a_talk_goes_as_written(
    talk: Path, engine: str, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    if rewriting() or directions(parse(talk.read_text(encoding="utf-8")), "phones") == ["plain"]:
        return
    went = await play(talk, TelegramStage(database_url))
    if difference := compare(talk, went, in_turn=False):
        pytest.fail(difference, pytrace=False)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []
