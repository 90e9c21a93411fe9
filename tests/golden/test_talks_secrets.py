"""Whole talks over the Bot API, heard at their loudest: no token, number or words in a log or a description."""

from __future__ import annotations

import asyncio
import gc
import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.golden.test_talks import FOLDER
from tests.talk import Stage, play
from tests.talk_lines import parse
from tests.talk_telegram import TelegramStage

TALKS = ("report/mat_va_ca_nhan", "join/lan_dau", "join/ma_sai", "buttons/nut_cu", "buttons/nut_bia_dat")
# The program never lets these be heard below "warning" (`bot.logs.set_up`, `bot.channels.telegram`): at "debug" they
# write down every statement and call with its values.
NEVER_LOUD = ("aiosqlite", "telegram")
SHORT = 4  # answers as "ok" are in every log by accident
OURS = ("bot.", "handlers.", "storage.", "telegram.")
# What carries words to where they are read or sent, and is described only in a debugger. Calls of aiohttp, too,
# describe themselves by the address, which has the token in it: that nobody logs them is what the log shows.
CARRIERS = frozenset({"Incoming", "Outgoing", "Heard", "Claimed", "Leased", "Turn", "RequestParameter"})


@pytest.fixture
def loud() -> Iterator[io.StringIO]:
    """What is logged at "debug" by everybody, without the filter that blanks what looks like a token."""
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s %(pathname)s"))
    root = logging.getLogger()
    names = [name for name in logging.root.manager.loggerDict if not name.startswith(NEVER_LOUD)]
    loggers = [root, *map(logging.getLogger, names)]
    levels = {logger: logger.level for logger in loggers}
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    quiet = logging.getLogger("aiosqlite")
    levels[quiet] = quiet.level
    quiet.setLevel(logging.WARNING)
    root.addHandler(handler)
    yield heard
    root.removeHandler(handler)
    for logger, level in levels.items():
        logger.setLevel(level)


def private(stage: TelegramStage, talk: Path) -> set[str]:
    """Return what nobody may find: the token, telephone numbers, codes, and all that was said by anybody."""
    said = {line.text for line in parse(talk.read_text(encoding="utf-8")) if line.kind == "said"}
    words = {text for text in said if not text.startswith(("[", "/"))}
    words |= {line for heard in stage.heard for line in heard.outgoing.text.splitlines()}
    words |= {choice.label for heard in stage.heard for choice in heard.outgoing.choices}
    numbers = {part for person in stage.api.people.values() for part in (person.phone, person.phone[3:])}
    token = {stage.api.token, stage.api.token.partition(":")[2]}
    known = token | numbers | {"0912345678", "7K4M29QX", "7K4M-29QX"}
    return known | {text for text in words if len(text) > SHORT}


async def go_wrong(stage: TelegramStage) -> None:
    """Let happen what makes programs write into logs: calls that fail, answers nobody can read, refusals, contacts."""
    api = stage.api
    lan = api.person("lan")
    api.faults.add("http", method="getUpdates", code=502)
    for kind in ("drop", "cut", "garbage", "error"):
        api.faults.add(kind, method="sendMessage", code=400)
        lan.say("đang tổng hợp gấp lắm")
        await stage.work(stage.app)
    lan.share_contact()
    api.malformed("wrong_types", lan)
    await stage.work(stage.app)


def descriptions(others: set[int]) -> Iterator[str]:
    """Return how everything of the program that is alive describes itself, and the tasks it is at.

    `others` are the ids of what was alive before: what other tests have left behind is none of this program's.
    """
    for task in asyncio.all_tasks():
        yield f"{task!r} {task.get_name()}"
    for thing in gc.get_objects():
        kind = type(thing)
        if id(thing) not in others and str(kind.__module__).startswith(OURS) and kind.__name__ not in CARRIERS:
            yield f"{thing!r} {thing}"


@pytest.mark.parametrize("name", TALKS)
async def test_a_whole_talk_tells_nothing(name: str, database_url: str, loud: io.StringIO) -> None:
    talk = FOLDER / f"{name}.talk"
    gc.collect()
    others = {id(thing) for thing in gc.get_objects()}
    stage = TelegramStage(database_url)
    described: list[str] = []

    async def look(_: Stage) -> None:
        await go_wrong(stage)
        described.extend(descriptions(others))

    await play(talk, stage, look)
    logged = loud.getvalue().casefold()
    assert "getupdates: failed" in logged
    assert "telegram(polling)" in "\n".join(described).casefold()
    for where, text in (("log", logged), ("description", "\n".join(described).casefold())):
        found = {secret for secret in private(stage, talk) if secret.casefold() in text}
        assert found == set(), f"in a {where}"
