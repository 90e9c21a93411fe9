"""Messages as they came in: each once, a chat's in order, one chat never in another's way."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from datetime import timedelta

from domain.conversation import Place
from domain.messages import Incoming
from storage import conversations, inbox
from storage.database import Database, connect
from tests.cast import HOA, LAN, MONDAY, THU, message, settle_in

SECOND = timedelta(seconds=1)
CHANNELS = ("telegram", "zalo")


async def record(database: Database, *messages: Incoming) -> None:
    """Record messages as they arrive."""
    async with database.transaction() as tx:
        inbox.record(tx, messages, MONDAY)


async def take(database: Database) -> str | None:
    """Claim one message, finish it, and return its words; None when nothing is ready."""
    async with database.transaction() as tx:
        claimed = await inbox.claim(tx, MONDAY, CHANNELS)
        if claimed is None:
            return None
        inbox.finish(tx, claimed.id, MONDAY)
        return claimed.message.text


async def test_a_message_comes_back_as_it_was_sent(database: Database) -> None:
    sent = message(LAN, "1", "66,5 %", token="t:1")
    await record(database, sent)
    async with database.transaction() as tx:
        claimed = await inbox.claim(tx, MONDAY, CHANNELS)
    assert claimed is not None
    assert claimed.message == sent
    assert (claimed.attempts, claimed.person_id, claimed.flow, claimed.prompt) == (0, None, None, None)


async def test_a_claim_brings_all_that_is_known_of_the_sender(database: Database) -> None:
    cast = await settle_in(database)
    await record(database, message(LAN, "1", "66,5"))
    async with database.transaction() as tx:
        conversations.save(tx, LAN, Place("report", "figure", {"lines": [1]}), {"choices": []}, "t1", MONDAY)
    async with database.transaction() as tx:
        claimed = await inbox.claim(tx, MONDAY, CHANNELS)
    assert claimed is not None
    assert (claimed.person_id, claimed.person_name) == (cast.lan, "Lan")
    assert (claimed.flow, claimed.step, claimed.data) == ("report", "figure", {"lines": [1]})
    assert (claimed.prompt, claimed.last_choice, claimed.conversed_at) == ({"choices": []}, "t1", MONDAY)


async def test_the_same_id_is_recorded_once_even_after_it_was_done(database: Database) -> None:
    await record(database, message(LAN, "1", "a"), message(LAN, "1", "again"))
    assert await take(database) == "a"
    await record(database, message(LAN, "1", "a"))
    assert await take(database) is None


async def test_the_same_id_on_another_channel_is_another_message(database: Database) -> None:
    await record(database, message(LAN, "1", "a"), message(type(LAN)("zalo", LAN.id), "1", "b"))
    assert [await take(database) for _ in range(3)] == ["a", "b", None]


async def test_only_messages_of_the_channels_asked_for_are_claimed(database: Database) -> None:
    await record(database, message(LAN, "1", "a"), message(THU, "2", "b"))
    for channels, expected in (((), None), (("simulator",), None), (("zalo",), "b"), (CHANNELS, "a")):
        async with database.transaction() as tx:
            claimed = await inbox.claim(tx, MONDAY, channels)
        assert (claimed and claimed.message.text) == expected
    async with database.transaction() as tx:
        assert await inbox.next_due(tx, "simulator") is None


async def test_two_receivers_at_once_record_a_message_once(database: Database) -> None:
    await asyncio.gather(*(record(database, message(LAN, "1", "a")) for _ in range(8)))
    assert [await take(database) for _ in range(2)] == ["a", None]


async def test_a_message_done_keeps_no_words(database: Database) -> None:
    await record(database, message(LAN, "1", "tin riêng"))
    await take(database)
    async with database.transaction() as tx:
        row = await tx.one("SELECT status, payload FROM inbox")
    assert row is not None
    assert dict(row) == {"status": "done", "payload": ""}


async def test_what_was_claimed_and_not_finished_waits_again(database: Database) -> None:
    await record(database, message(LAN, "1", "a"))
    async with database.transaction() as tx:
        assert await inbox.claim(tx, MONDAY, CHANNELS)
    assert await take(database) == "a"


async def test_eight_workers_keep_the_order_of_every_chat(database: Database) -> None:
    chats = [type(LAN)("telegram", str(number)) for number in range(20)]
    for turn in range(4):
        await record(database, *(message(chat, f"{chat.id}-{turn}", str(turn)) for chat in chats))
    handled: dict[str, list[str]] = defaultdict(list)
    together = asyncio.Barrier(8)

    async def work() -> None:
        await together.wait()
        idle = 0
        while idle < 3:
            async with database.transaction() as tx:
                claimed = await inbox.claim(tx, MONDAY, CHANNELS)
                if claimed is None:
                    idle += 1
                    continue
                idle = 0
                handled[claimed.message.sender.id].append(claimed.message.text)
                inbox.finish(tx, claimed.id, MONDAY)

    await asyncio.gather(*(work() for _ in range(8)))
    assert handled == {chat.id: ["0", "1", "2", "3"] for chat in chats}
    assert await take(database) is None


async def test_a_second_worker_takes_another_chat_and_not_the_next_message_of_the_first(postgres_url: str) -> None:
    database = await connect(postgres_url)
    await record(database, message(LAN, "1", "a"), message(LAN, "2", "b"), message(HOA, "3", "c"))
    async with database.transaction() as first, database.transaction() as second, database.transaction() as third:
        claimed = [await inbox.claim(tx, MONDAY, CHANNELS) for tx in (first, second, third)]
    assert [found.message.text if found else None for found in claimed] == ["a", "c", None]
    await database.close()


async def test_a_postponed_message_holds_its_own_chat_back_and_no_other(database: Database) -> None:
    await record(database, message(LAN, "1", "a"), message(LAN, "2", "b"), message(HOA, "3", "c"))
    async with database.transaction() as tx:
        claimed = await inbox.claim(tx, MONDAY, CHANNELS)
        assert claimed is not None
        inbox.postpone(tx, claimed.id, MONDAY + SECOND, "ValueError")
    assert [await take(database) for _ in range(2)] == ["c", None]
    async with database.transaction() as tx:
        again = await inbox.claim(tx, MONDAY + SECOND, CHANNELS)
        assert again is not None
        assert (again.message.text, again.attempts) == ("a", 1)
        inbox.finish(tx, again.id, MONDAY)
    assert await take(database) == "b"


async def test_a_message_set_aside_frees_its_chat_and_keeps_its_words_for_the_admin(database: Database) -> None:
    await record(database, message(LAN, "1", "a"), message(LAN, "2", "b"))
    async with database.transaction() as tx:
        claimed = await inbox.claim(tx, MONDAY, CHANNELS)
        assert claimed is not None
        assert await inbox.set_aside(tx, claimed.id, MONDAY, "ValueError")
    async with database.transaction() as tx:
        assert not await inbox.set_aside(tx, claimed.id, MONDAY, "ValueError")
    assert [await take(database) for _ in range(2)] == ["b", None]


async def test_the_next_bell_is_the_earliest_message_that_can_be_had(database: Database) -> None:
    async with database.transaction() as tx:
        assert await inbox.next_due(tx, LAN.channel) is None
    await record(database, message(LAN, "1", "a"), message(LAN, "2", "ready, but behind the first"))
    async with database.transaction() as tx:
        assert await inbox.next_due(tx, LAN.channel) == MONDAY
    async with database.transaction() as tx:
        claimed = await inbox.claim(tx, MONDAY, CHANNELS)
        assert claimed is not None
        inbox.postpone(tx, claimed.id, MONDAY + SECOND, "ValueError")
    async with database.transaction() as tx:
        assert await inbox.next_due(tx, LAN.channel) == MONDAY + SECOND


async def test_an_offer_nobody_asked_for_does_not_disturb_a_form(database: Database) -> None:
    async with database.transaction() as tx:
        conversations.save(tx, LAN, Place("report", "figure"), {"choices": ["form"]}, None, MONDAY)
        for address in (LAN, HOA):
            conversations.offer(tx, address, {"choices": ["digest"]}, MONDAY)
    await record(database, message(LAN, "1"), message(HOA, "2"))
    async with database.transaction() as tx:
        lan = await inbox.claim(tx, MONDAY, CHANNELS)
        assert lan is not None
        inbox.finish(tx, lan.id, MONDAY)
        hoa = await inbox.claim(tx, MONDAY, CHANNELS)
    assert hoa is not None
    assert (lan.prompt, hoa.prompt) == ({"choices": ["form"]}, {"choices": ["digest"]})


async def test_a_message_is_not_seen_before_an_older_one_of_its_chat(postgres_url: str) -> None:
    database = await connect(postgres_url)
    begun, go = asyncio.Event(), asyncio.Event()

    async def slowly() -> None:
        async with database.transaction() as tx:
            inbox.record(tx, [message(LAN, "1", "a")], MONDAY)
            await tx.one("SELECT 1")
            begun.set()
            await go.wait()

    first = asyncio.create_task(slowly())
    await begun.wait()
    second = asyncio.create_task(record(database, message(LAN, "2", "b")))
    await record(database, message(HOA, "3", "c"))  # another chat waits for nobody
    async with asyncio.timeout(20):
        while not second.done() and not await waiting_for_locks(database):
            pass
    assert [await take(database) for _ in range(2)] == ["c", None]
    go.set()
    await asyncio.gather(first, second)
    assert [await take(database) for _ in range(3)] == ["a", "b", None]
    await database.close()


async def waiting_for_locks(database: Database) -> int:
    """Count the transactions that wait for another."""
    async with database.transaction() as tx:
        return len(await tx.all("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"))
