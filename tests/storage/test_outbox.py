"""Messages to be sent: leased, marked, taken over; each recipient's in order, an answer before a round."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from domain.delivery import Kind
from domain.messages import Address, Choice, Outgoing
from storage import outbox
from storage.database import Database, connect
from tests.cast import HOA, LAN, MONDAY, THU

LATER = MONDAY + outbox.LEASE


async def add(database: Database, to: Address, *texts: str, kind: Kind = "conversation") -> None:
    """Queue messages."""
    async with database.transaction() as tx:
        for text in texts:
            outbox.add(tx, to, Outgoing(text), MONDAY, kind)


async def claim(database: Database, now: datetime = MONDAY, channel: str = "telegram") -> outbox.Leased | None:
    """Lease the next message, as a sender does before it speaks to the network."""
    async with database.transaction() as tx:
        return next(iter(await outbox.claim(tx, channel, now)), None)


async def must_claim(database: Database, now: datetime = MONDAY) -> outbox.Leased:
    """Lease the next message, which has to be there."""
    leased = await claim(database, now)
    assert leased is not None
    return leased


async def mark_sent(database: Database, leased: outbox.Leased, now: datetime = MONDAY) -> None:
    """Mark a message sent."""
    async with database.transaction() as tx:
        outbox.mark_sent(tx, leased, "sent-1", now)


async def send_all(database: Database, now: datetime = MONDAY) -> list[str]:
    """Send what can be sent, and return the texts in the order in which they left."""
    sent = []
    while leased := await claim(database, now):
        sent.append(leased.outgoing.text)
        await mark_sent(database, leased, now)
    return sent


async def test_a_message_leaves_as_it_was_queued(database: Database) -> None:
    outgoing = Outgoing("Số liệu “Hồ sơ”?\n1. Có", (Choice("t:yes", "Có"), Choice("t:no", "Không")))
    async with database.transaction() as tx:
        outbox.add(tx, LAN, outgoing, MONDAY)
    leased = await must_claim(database)
    assert (leased.address, leased.outgoing, leased.attempt) == (LAN, outgoing, 1)


async def test_a_leased_message_is_nobody_elses_until_the_lease_ends(database: Database) -> None:
    await add(database, LAN, "a")
    await must_claim(database)
    assert await claim(database, LATER - timedelta(microseconds=1)) is None
    taken_over = await must_claim(database, LATER)
    assert (taken_over.outgoing.text, taken_over.attempt) == ("a", 2)


async def test_a_sent_message_is_not_sent_again(database: Database) -> None:
    await add(database, LAN, "a")
    await mark_sent(database, await must_claim(database))
    assert await claim(database, LATER) is None


async def test_a_late_mark_of_an_old_lease_changes_nothing(database: Database) -> None:
    await add(database, LAN, "a")
    old = await must_claim(database)
    new = await must_claim(database, LATER)
    await mark_sent(database, old, LATER)
    async with database.transaction() as tx:
        await outbox.mark_unsent(tx, old, "timeout", None)
        row = await tx.one("SELECT status, attempts, external_id FROM outbox")
    assert row is not None
    assert dict(row) == {"status": "sending", "attempts": 2, "external_id": None}
    await mark_sent(database, new, LATER)
    async with database.transaction() as tx:
        await outbox.mark_unsent(tx, new, "timeout", LATER)
        row = await tx.one("SELECT status, reason FROM outbox")
    assert row is not None
    assert dict(row) == {"status": "sent", "reason": None}


async def test_conversation_goes_before_broadcast_and_each_recipients_in_order(database: Database) -> None:
    await add(database, LAN, "round 1", "round 2", kind="broadcast")
    await add(database, LAN, "answer 1", "answer 2")
    await add(database, HOA, "answer 3")
    assert await send_all(database) == ["answer 1", "answer 2", "answer 3", "round 1", "round 2"]


async def test_the_next_to_a_recipient_waits_while_one_is_being_sent(database: Database) -> None:
    await add(database, LAN, "1", "2")
    await add(database, HOA, "3")
    first = await must_claim(database)
    assert (await must_claim(database)).outgoing.text == "3"
    assert await claim(database) is None
    await mark_sent(database, first)
    assert (await must_claim(database)).outgoing.text == "2"


async def test_a_retry_keeps_its_place_and_a_failure_gives_it_up(database: Database) -> None:
    await add(database, LAN, "1", "2")
    retry = MONDAY + timedelta(seconds=2)
    async with database.transaction() as tx:
        [leased] = await outbox.claim(tx, "telegram", MONDAY)
        assert leased is not None
        await outbox.mark_unsent(tx, leased, "no network", retry)
    assert await claim(database) is None
    async with database.transaction() as tx:
        assert await outbox.next_due(tx, "telegram") == retry  # the second is ready, but behind the first
    again = await must_claim(database, retry)
    assert (again.outgoing.text, again.attempt) == ("1", 2)
    async with database.transaction() as tx:
        await outbox.mark_unsent(tx, again, "refused", None)
    assert await send_all(database) == ["2"]


async def test_a_channel_sends_only_its_own(database: Database) -> None:
    await add(database, THU, "zalo")
    assert await claim(database) is None
    assert (await claim(database, channel="zalo")) is not None


async def test_a_key_queues_one_message_however_many_ask(database: Database) -> None:
    async def once() -> None:
        async with database.transaction() as tx:
            outbox.add_digest(tx, LAN, Outgoing("a"), MONDAY, "digest:1:1:2026-11-25:1")

    await asyncio.gather(*(once() for _ in range(8)))
    assert await send_all(database) == ["a"]
    await once()
    assert await send_all(database) == []


async def test_what_waits_for_an_address_nobody_reaches_is_dropped(database: Database) -> None:
    await add(database, LAN, "1", "2")
    await add(database, HOA, "3")
    leased = await must_claim(database)
    async with database.transaction() as tx:
        await outbox.mark_unsent(tx, leased, "blocked", None)
        outbox.drop_queued(tx, LAN, "blocked")
    assert await send_all(database) == ["3"]


async def test_four_senders_send_each_message_once_and_in_order(database_url: str) -> None:
    database = await connect(database_url)
    recipients = [Address("telegram", str(number)) for number in range(10)]
    for turn in range(4):
        for recipient in recipients:
            await add(database, recipient, f"{recipient.id}/{turn}")
    sent: list[str] = []
    together = asyncio.Barrier(4)

    async def send() -> None:
        await together.wait()
        idle = 0
        while idle < 3:
            leased = await claim(database)
            if leased is None:
                idle += 1
                continue
            idle = 0
            sent.append(leased.outgoing.text)
            await mark_sent(database, leased)

    await asyncio.gather(*(send() for _ in range(4)))
    sent += await send_all(database)
    assert len(sent) == len(set(sent)) == 40
    for recipient in recipients:
        own = [text for text in sent if text.startswith(f"{recipient.id}/")]
        assert own == [f"{recipient.id}/{turn}" for turn in range(4)]
    await database.close()


async def test_the_next_bell_is_a_retry_or_the_end_of_a_lease(database: Database) -> None:
    async with database.transaction() as tx:
        assert await outbox.next_due(tx, "telegram") is None
    await add(database, LAN, "a")
    await must_claim(database)
    async with database.transaction() as tx:
        assert await outbox.next_due(tx, "telegram") == LATER


async def test_a_lease_can_be_kept_for_as_long_as_an_upload_takes(database: Database) -> None:
    await add(database, LAN, "1")
    leased = await must_claim(database)
    async with database.transaction() as tx:
        outbox.extend(tx, leased, LATER + timedelta(hours=1))
    assert await claim(database, LATER) is None
    assert await claim(database, LATER + timedelta(hours=1)) is not None
