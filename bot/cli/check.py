"""dondoc check."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from bot import logs
from bot.cli.check_database import look_at_bell, look_at_database
from bot.cli.check_telegram import TelegramCheck
from bot.cli.findings import (
    Finding,
    found,
    look_at_clock,
    look_at_fonts,
    look_at_parts,
    look_at_secrets,
    look_at_settings,
    worst,
)
from bot.cli.terminal import say
from bot.clock import Clock
from bot.config import Settings, source
from bot.failures import where
from bot.lookups import wait_for_no_thread


def run(config: Path | None, *, offline: bool) -> None:
    """Say of each thing the program needs whether it is there, and what to do; exit with 1 where something is not."""
    logs.set_up("error")  # what a library has to warn of is said here in words, or not at all
    if asyncio.run(_run(config, offline=offline)) == "bad":
        sys.exit(1)


async def _run(config: Path | None, *, offline: bool) -> str:
    wait_for_no_thread()
    findings: list[Finding] = []
    try:
        async for finding in _findings(config, offline=offline):
            findings.append(finding)
            say("check", finding=finding)
    except Exception as error:  # what nobody has thought of must not hide what was found
        findings.append(found("bad", "cli/check_failed", where=where(error)))
        say("check", finding=findings[-1])
    say("check_end", worst=worst(findings), bad=sum(finding.level == "bad" for finding in findings))
    return worst(findings)


async def _findings(config: Path | None, *, offline: bool) -> AsyncIterator[Finding]:
    settings, finding = look_at_settings(config)
    yield finding
    if settings is None:
        yield look_at_parts("")
        return
    yield await look_at_database(settings.storage.url)
    bell = await look_at_bell(settings.storage.url, Clock().now(), settings.work_calendar().zone)
    if bell is not None:
        yield bell
    async for finding in _outside(settings, offline=offline):
        yield finding
    yield look_at_secrets(settings, source(config))
    yield look_at_parts(settings.storage.url)
    yield look_at_fonts()


async def _outside(settings: Settings, *, offline: bool) -> AsyncIterator[Finding]:
    clock = Clock()
    here = clock.now().astimezone(settings.work_calendar().zone)
    telegram = TelegramCheck(settings.telegram, here, offline=offline)
    async for finding in telegram.findings():
        yield finding
    yield look_at_clock(settings.calendar, clock.now(), telegram.ahead)
