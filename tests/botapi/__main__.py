"""Run the Bot API as a process of its own: `python -m tests.botapi --port 0` prints its port, then serves."""

from __future__ import annotations

import argparse
import asyncio
import signal

from tests.botapi.server import TOKEN, BotApi


async def serve(port: int, token: str, seed: int) -> None:
    """Serve until SIGTERM or SIGINT."""
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    async with BotApi(token, port, seed) as api:
        print(api.port, flush=True)
        await ended.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.botapi", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    parser.add_argument("--token", default=TOKEN, help="of the first bot")
    parser.add_argument("--seed", type=int, default=1, help="of ids and of faults by chance")
    given = parser.parse_args()
    asyncio.run(serve(given.port, given.token, given.seed))
