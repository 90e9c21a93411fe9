"""A dead man's switch: as long as the bell rings, an address elsewhere is asked for; when it is not, that one calls."""

from __future__ import annotations

import logging

import aiohttp

PATIENCE = aiohttp.ClientTimeout(total=5)
_log = logging.getLogger("dondoc.bell")


async def ping(url: str) -> bool:
    """Ask for an address and tell whether it answered well; its failure is no failure of ours.

    The address may hold a key: it is never logged.
    """
    try:
        async with aiohttp.ClientSession(timeout=PATIENCE) as session, session.get(url) as response:
            answered = response.status < 400
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        _log.warning("the dead man's switch was not reached: %s", type(error).__name__)
        return False
    if not answered:
        _log.warning("the dead man's switch answered with an error")
    return answered
