"""What people write, their numbers and codes stay out of every log."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import logs
from tests.talk import Stage, play
from tests.talk_lines import parse
from tests.talk_simulator import SimulatorStage

GOLDEN = Path(__file__).parent.parent / "golden"
TALKS = ["report/mat_va_ca_nhan", "report/ba_lan_chua_ro", "join/ma_sai", "join/lan_dau", "buttons/nut_bia_dat"]
# Short answers as "ok" are in every log by accident.
SHORT = 4


@pytest.fixture(autouse=True)
def levels_as_before() -> Iterator[None]:
    """Leave the log of the test run as it was."""
    loggers = [logging.getLogger(name) for name in ("", "dondoc", "apscheduler")]
    levels = [logger.level for logger in loggers]
    yield
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.mark.parametrize("talk", TALKS)
async def test_a_whole_talk_leaves_no_words_in_the_log(
    talk: str, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    logs.set_up("debug")
    path = GOLDEN / f"{talk}.talk"
    said = {line.text for line in parse(path.read_text(encoding="utf-8")) if line.kind == "said"}
    private = {text for text in said if len(text) > SHORT and not text.startswith(("[", "/"))}
    private |= {"0912345678", "7K4M29QX", "7K4M-29QX", "tối mật"}
    heard: list[str] = []

    async def keep(stage: Stage) -> None:
        heard.extend(message.outgoing.text for message in stage.heard)

    await play(path, SimulatorStage(database_url), keep)
    logged = "\n".join(record.getMessage() for record in caplog.records).casefold()
    assert heard, "the talk said nothing"
    for text in private | set(heard):
        assert text.casefold() not in logged


async def test_what_is_secret_or_personal_is_in_no_table_once_it_is_handled(database_url: str) -> None:
    found: list[str] = []

    async def look(stage: Stage) -> None:
        async with stage.database.transaction() as tx:
            for table in ("inbox", "outbox", "conversations", "submissions", "audit", "people", "addresses"):
                found.extend(" ".join(map(str, dict(row).values())) for row in await tx.all(f"SELECT * FROM {table}"))

    await play(GOLDEN / "report" / "mat_va_ca_nhan.talk", SimulatorStage(database_url), look)
    kept = "\n".join(found).casefold()
    assert "hồ sơ trực tuyến" in kept
    assert "0912345678" not in kept
    assert "tối mật" not in kept
