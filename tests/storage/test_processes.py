"""Two programs on one database, as when a command is run beside the bot: neither loses what the other wrote."""

from __future__ import annotations

import asyncio
import sys

from storage.database import Database, connect
from tests.storage.counters import add_counter, count

_INCREMENTS = 30
# Reads, and writes only if nobody wrote since: the pattern that loses updates where transactions begin as readers.
_PROCESS = """
import asyncio, sys
from storage.database import connect

async def main():
    database = await connect(sys.argv[1])
    print("ready", flush=True)
    sys.stdin.readline()
    done = 0
    while done < int(sys.argv[2]):
        async with database.transaction() as tx:
            seen = (await tx.one("SELECT fold FROM units WHERE name = 'a'"))["fold"]
            done += await tx.run(
                "UPDATE units SET fold = :new WHERE name = 'a' AND fold = :seen", new=str(int(seen) + 1), seen=seen
            )
    await database.close()

asyncio.run(main())
"""


async def test_processes_that_count_together_lose_nothing(database_url: str, database: Database) -> None:
    async with database.transaction() as tx:
        await add_counter(tx, "a")
    pipe = asyncio.subprocess.PIPE
    started = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", _PROCESS, database_url, str(_INCREMENTS), stdin=pipe, stdout=pipe, stderr=pipe
        )
        for _ in range(3)
    ]
    for process in started:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
    said = await asyncio.gather(*(process.communicate(b"go\n") for process in started))
    assert [errors.decode() for _, errors in said] == ["", "", ""]
    assert await count(database, "a") == 3 * _INCREMENTS


async def test_a_writer_waits_for_one_of_another_connection(sqlite_url: str) -> None:
    one, other = await connect(sqlite_url), await connect(sqlite_url)
    began = asyncio.Event()

    async def second() -> None:
        await began.wait()
        async with other.transaction() as tx:
            row = await tx.one("SELECT COUNT(*) AS n FROM units")
            assert row is not None
            await add_counter(tx, f"after {row['n']}")

    waiting = asyncio.create_task(second())
    async with one.transaction() as tx:
        await add_counter(tx, "a")
        began.set()
        await tx.all("SELECT 1")
    await waiting
    assert await count(one, "after 1") == 0
    await one.close()
    await other.close()


_DYING = """
import asyncio, sys
from storage.database import connect

async def main():
    database = await connect(sys.argv[1])
    async with database.transaction() as tx:
        await tx.all("SELECT 1")
    sys.exit(3)

asyncio.run(main())
"""


async def test_a_program_that_dies_without_closing_ends(database_url: str) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _DYING, database_url, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(30):
        await process.communicate()
    assert process.returncode == 3
