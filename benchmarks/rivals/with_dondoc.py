"""The conversation with Đôn Đốc as it runs: inbox, outbox, SQLite synchronous=FULL, Telegram by long polling.

Beside the small conversation it has people who owe figures, who report them as they always do.
"""

from __future__ import annotations

import asyncio
import gc
import json
import signal
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from jinja2 import ChoiceLoader, DictLoader

from benchmarks.rivals import talk
from benchmarks.stage import CALENDAR, MONDAY, settle
from bot.app import App
from bot.channels.telegram import Secret, Telegram, TelegramOptions
from bot.running import serve
from domain.conversation import Answer, Done, Flow, Go, Outcome, Step
from domain.messages import Address
from domain.periods import WorkCalendar
from handlers import dispatch
from handlers.flows import FLOWS
from handlers.render import environment
from handlers.turn import Turn
from storage import people, units
from storage.database import Database, connect
from storage.migrate import migrate

FLOW = "small"
REPORTERS = 900_000_000  # ids of those who report; those of the small conversation are below
_WORDS = {
    "small/name.txt": talk.NAME,
    "small/number.txt": talk.NUMBER,
    "small/comment.txt": talk.COMMENT,
    "small/summary.txt": "Đã ghi: {{ given.name }}, {{ given.number }}, {{ given.comment }}.",
}


class Unpaced(Telegram):
    """The channel without the Bot API's limits, in all and to one person, which are not what is measured."""

    def __init__(self, options: TelegramOptions) -> None:
        super().__init__(options)
        self.sends_a_second = None

    def spacing(self, address: Address) -> timedelta:  # noqa: ARG002
        """Return no time at all."""
        return timedelta(0)


async def _ask_name(turn: Turn) -> None:
    turn.say("small/name")


async def _take_name(turn: Turn, answer: Answer) -> Outcome:  # noqa: ARG001
    return Go("number", {"name": answer.text})


async def _ask_number(turn: Turn) -> None:
    turn.say("small/number")


async def _take_number(turn: Turn, answer: Answer) -> Outcome:
    return Go("comment", {**_data(turn), "number": answer.text})


async def _ask_comment(turn: Turn) -> None:
    turn.say("small/comment")


async def _take_comment(turn: Turn, answer: Answer) -> Outcome:
    turn.say("small/summary", given={**_data(turn), "comment": answer.text})
    return Done()


def _data(turn: Turn) -> dict[str, str]:
    return dict(turn.place.data) if turn.place else {}


def register() -> None:
    """Let "/start" begin the small conversation in this process, and the templates know its words."""
    steps = {
        "name": Step(_ask_name, _take_name),
        "number": Step(_ask_number, _take_number),
        "comment": Step(_ask_comment, _take_comment),
    }
    FLOWS[FLOW] = Flow(FLOW, steps)

    async def start(turn: Turn, argument: str) -> None:  # noqa: ARG001
        await dispatch.enter(turn, Go("name"), FLOW)

    dispatch._start = start  # noqa: SLF001 only joining begins with "/start" elsewhere
    words = environment()
    words.loader = ChoiceLoader([DictLoader(_WORDS), words.loader] if words.loader else [DictLoader(_WORDS)])


async def prepare(database: Database, chats: int, communes: int, folder: Path) -> None:
    """Let people join, and write down what those who owe figures will say."""
    async with database.transaction() as tx:
        province = await units.ensure_unit(tx, "province", "tỉnh Ninh Bình", None, MONDAY)
        commune = await units.ensure_unit(tx, "commune", "xã Một", province, MONDAY)
        for chat in range(1, chats + 1):
            code = f"SMALL-{chat}"
            await people.invite(tx, code, "leader", "A", commune.id, None, MONDAY.replace(year=2099), MONDAY)
            invited = await people.find_invitation(tx, code, MONDAY)
            assert invited is not None
            await people.accept(tx, invited, Address(Telegram.name, str(chat)), None, MONDAY)
    officers = await settle(database, Telegram.name, communes, lambda number: str(REPORTERS + number))
    told = {officer.address.id: [saying.text for saying in officer.sayings] for officer in officers}
    (folder / "sayings.json").write_text(json.dumps(told), encoding="utf-8")


async def main() -> None:
    """Serve until SIGTERM, in a folder whose database is there."""
    given = talk.given()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    register()
    database = await connect(f"sqlite:///{given.folder}/dondoc.db")
    # Nobody is reminded meanwhile: a few days around now are days off.
    today = datetime.now(UTC).date()
    quiet = WorkCalendar(CALENDAR.zone, days_off=frozenset(today + timedelta(days=days) for days in range(-2, 3)))
    channel = Unpaced(TelegramOptions(Secret(given.token), given.url, sends_a_second=1000.0))
    gc.freeze()  # as `dondoc run` does
    try:
        # Those who answer here know what they will be asked, and need no second to read it.
        await serve(App(database, quiet, channels=[channel], reading_time=None), stop)
    finally:
        await channel.close()
        await database.close()


async def make(folder: Path, chats: int, communes: int) -> None:
    """Make the database of the bot."""
    database = await connect(f"sqlite:///{folder}/dondoc.db")
    try:
        await migrate(database)
        await prepare(database, chats, communes, folder)
    finally:
        await database.close()


if __name__ == "__main__":
    asyncio.run(main())
