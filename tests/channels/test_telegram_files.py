"""Received files come whole, within their limit, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.channels.base import FileUnavailable
from bot.channels.telegram import Telegram
from domain.messages import ReceivedFile
from tests.botapi import BotApi
from tests.botapi.people import Person
from tests.channels.telegram_stage import telegram

DATA = bytes(range(256)) * 2000


def sent(lan: Person, size: int | None = None) -> ReceivedFile:
    """Let somebody send a file."""
    return ReceivedFile("document", lan.send_document(DATA).file_id or "", size=size)


async def unavailable(channel: Telegram, file: ReceivedFile, folder: Path, limit: int = len(DATA)) -> str:
    """Fetch what cannot be had, and return why; nothing is left behind."""
    with pytest.raises(FileUnavailable) as caught:
        await channel.fetch(file, folder / "plan.docx", limit)
    assert list(folder.iterdir()) == []
    return caught.value.code


async def test_a_file_is_saved(channel: Telegram, lan: Person, tmp_path: Path) -> None:
    await channel.fetch(sent(lan), tmp_path / "plan.docx", len(DATA))
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("plan.docx", DATA)]


async def test_a_file_over_the_limit_is_not_kept(
    api: BotApi, channel: Telegram, lan: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await unavailable(channel, sent(lan, size=len(DATA)), tmp_path, len(DATA) - 1) == "too_big"
    assert not api.calls
    assert await unavailable(channel, sent(lan), tmp_path, len(DATA) - 1) == "too_big"

    async def untold(*_: object) -> str:
        return str(api.files[file.id].path)

    file = sent(lan)
    monkeypatch.setattr("bot.channels.telegram.files._path", untold)
    assert await unavailable(channel, file, tmp_path, len(DATA) - 1) == "too_big"


@pytest.mark.parametrize(
    ("description", "code"),
    [
        ("file is too big", "too_big"),
        ("wrong file_id or the file is temporarily unavailable", "not_now"),
        ("invalid file_id", "gone"),
    ],
)
async def test_what_the_service_will_not_give(
    api: BotApi, channel: Telegram, lan: Person, tmp_path: Path, description: str, code: str
) -> None:
    api.faults.error(400, method="getFile", description=f"Bad Request: {description}")
    assert await unavailable(channel, sent(lan), tmp_path) == code


async def test_what_fails_on_the_way_may_be_tried_again(
    api: BotApi, channel: Telegram, lan: Person, tmp_path: Path
) -> None:
    file = sent(lan)
    for kind in ("drop", "cut", "garbage"):
        api.faults.add(kind, method="getFile")
        assert await unavailable(channel, file, tmp_path) == "not_now"
    del api.paths[api.files[file.id].path]
    assert await unavailable(channel, file, tmp_path) == "not_now"


async def test_only_our_own_server_may_name_a_file_on_this_machine(
    api: BotApi, channel: Telegram, lan: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here.docx"
    here.write_bytes(DATA)
    file = sent(lan)

    async def local(*_: object) -> str:
        return str(here)

    monkeypatch.setattr("bot.channels.telegram.files._path", local)
    (tmp_path / "into").mkdir()
    assert await unavailable(channel, file, tmp_path / "into") == "gone"
    own = telegram(api, local_api=True)
    await own.fetch(file, tmp_path / "into" / "plan.docx", len(DATA))
    await own.close()
    assert (tmp_path / "into" / "plan.docx").read_bytes() == DATA
