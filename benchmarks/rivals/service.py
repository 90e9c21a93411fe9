"""The Bot API of all bots and the people in it, as a process: a line of JSON in, a line of JSON out.

People answer the next question as soon as they have it, inside this process: what they cost is the same for all bots.
"""

from __future__ import annotations

import asyncio
import json
import sys
from time import perf_counter
from typing import Any

from benchmarks.rivals import talk
from tests.botapi.people import Person
from tests.botapi.server import BotApi
from tests.botapi.world import Bot

SILENCE = 5.0  # seconds without any message of a bot after which a play is over, however it stands
_SENT = frozenset({"sent", "edited"})


class Speaker:
    """A person who says what they were given, the next thing as soon as the last was answered.

    `wanted` is what must be said to them each time, None where that does not matter; at anything else they fall silent.
    """

    def __init__(self, person: Person, bot: Bot, sayings: list[str], wanted: list[str] | None) -> None:
        self._person = person
        self._bot = bot
        self._sayings = sayings
        self._wanted = wanted
        self.heard = 0
        self.astray = False

    @property
    def is_done(self) -> bool:
        """Whether the last thing said was answered."""
        return self.heard == len(self._sayings)

    def say(self) -> None:
        """Say the next thing."""
        self._person.say(self._sayings[self.heard], to=self._bot)

    def hear(self, text: str) -> None:
        """Take an answer, and say the next thing if it was the right one."""
        if self.is_done or self.astray:
            return
        if self._wanted is not None and text != self._wanted[self.heard]:
            self.astray = True
            return
        self.heard += 1
        if not self.is_done:
            # After the call has been answered, as on a phone: not while it is still being served.
            asyncio.get_running_loop().call_soon(self.say)


class Service(BotApi):
    """The Bot API, with people who listen."""

    def __init__(self) -> None:
        super().__init__()
        self._speakers: dict[tuple[str, int], Speaker] = {}
        self._heard_at = 0.0

    def log(
        self,
        kind: str,
        bot: Bot,
        chat_id: int,
        message_id: int | None = None,  # noqa: ARG002
        text: str | None = None,
        **more: Any,  # noqa: ARG002
    ) -> None:
        """Let whom a message is for hear it; nothing is kept, for nobody looks at it later."""
        speaker = self._speakers.get((bot.username, chat_id))
        if kind in _SENT and speaker is not None:
            self._heard_at = perf_counter()
            speaker.hear(text or "")
        if self._watchers:
            self.wake()

    async def play(self, bot: Bot, speakers: list[tuple[int, Speaker]]) -> dict[str, Any]:
        """Let people speak until all are done, and return what was answered in how many seconds."""
        self._speakers = {(bot.username, chat): speaker for chat, speaker in speakers}
        all_done = [speaker for _, speaker in speakers]
        started = self._heard_at = perf_counter()
        for speaker in all_done:
            speaker.say()
        while perf_counter() - self._heard_at < SILENCE:
            if all(speaker.is_done for speaker in all_done):
                break
            await asyncio.sleep(0.02)
        self._speakers = {}
        return {
            "replies": sum(speaker.heard for speaker in all_done),
            "seconds": self._heard_at - started,
            "lost": sum(not speaker.is_done for speaker in all_done),
        }


def _small(person: Person, bot: Bot, talks: int) -> Speaker:
    """Return somebody who has the small conversation so many times in a row."""
    sayings: list[str] = []
    wanted: list[str] = []
    for number in range(talks):
        comment = f"không có gì thêm, lần {number + 1}"
        sayings += [talk.START, person.name, str(number), comment]
        summary = talk.SUMMARY.format(name=person.name, number=number, comment=comment)
        wanted += [talk.NAME, talk.NUMBER, talk.COMMENT, summary]
    return Speaker(person, bot, sayings, wanted)


async def obey(service: Service, asked: dict[str, Any]) -> Any:
    """Do what was asked and return its result."""
    service.latency = asked.get("latency", service.latency)
    bot = service.bot(asked["bot"])
    match asked["verb"]:
        case "polled":
            return await service.until(bot.updates.is_polled, 60)
        case "small":
            people = [service.person(f"Nguyễn Thị {number}", number) for number in range(1, asked["chats"] + 1)]
            return await service.play(bot, [(one.id, _small(one, bot, asked["talks"])) for one in people])
        case "report":
            speakers = []
            for chat, sayings in asked["sayings"].items():
                person = service.person(f"Trần Văn {chat}", int(chat))
                speakers.append((person.id, Speaker(person, bot, sayings, None)))
            return await service.play(bot, speakers)
    raise LookupError(asked["verb"])


async def main() -> None:
    """Print the port, then obey line by line until there is no more."""
    async with Service() as service:
        print(service.port, flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            print(json.dumps(await obey(service, json.loads(line))), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
