"""Messages come out of a row as they went in."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from domain.messages import Address, Attachment, Choice, Contact, Incoming, MenuCommand, Outgoing, ReceivedFile
from storage.payloads import pack_incoming, pack_outgoing, read_incoming, read_outgoing
from storage.values import instant
from tests.cast import MONDAY

letters = some.characters(exclude_characters="\0", exclude_categories=["Cs"])
words = some.text(letters, max_size=20)
maybe = some.none() | some.text(letters, min_size=1, max_size=8)


@given(
    some.builds(
        Incoming,
        sender=some.just(Address("telegram", "7")),
        external_id=some.just("1:2"),
        sent_at=some.just(MONDAY),
        text=words,
        token=maybe,
        kind=some.sampled_from(["said", "edited", "blocked", "unblocked"]),
        message_id=maybe,
        reply_to=maybe,
        file=some.none() | some.builds(ReceivedFile, some.sampled_from(["photo", "document"]), words, words),
        album=maybe,
        contact=some.none() | some.builds(Contact, words, some.booleans()),
        unread=some.booleans(),
        group=some.booleans(),
    )
)
def test_what_a_person_did_is_read_as_it_was_written(message: Incoming) -> None:
    written = pack_incoming(message)
    assert read_incoming(message.sender, message.external_id, instant(message.sent_at), written) == message


@given(
    some.builds(
        Outgoing,
        text=words,
        choices=some.tuples() | some.tuples(some.builds(Choice, words, words)),
        replaces=maybe,
        reaction=maybe,
        reacts_to=maybe,
        attachments=some.tuples() | some.tuples(some.builds(Attachment, some.just("photo"), words, words)),
        menu=some.none() | some.tuples() | some.tuples(some.builds(MenuCommand, words, words)),
    )
)
def test_a_message_to_send_is_read_as_it_was_written(outgoing: Outgoing) -> None:
    assert read_outgoing(pack_outgoing(outgoing)) == outgoing


def test_what_no_database_takes_is_left_out_wherever_it_stands() -> None:
    odd = "a\0\ud83d"
    file = ReceivedFile("photo", odd, odd)
    message = Incoming(Address("telegram", "7"), "1", MONDAY, odd, odd, file=file, contact=Contact(odd, True))
    found = read_incoming(message.sender, "1", instant(MONDAY), pack_incoming(message))
    assert found == Incoming(
        message.sender, "1", MONDAY, "a?", "a?", file=ReceivedFile("photo", "a?", "a?"), contact=Contact("a?", True)
    )


def test_what_an_earlier_version_wrote_is_still_read() -> None:
    said = read_incoming(Address("simulator", "lan"), "1", instant(MONDAY), '{"text":"66,5","token":null}')
    assert said == Incoming(Address("simulator", "lan"), "1", MONDAY, "66,5")
    assert read_outgoing('{"text":"Chào","choices":[["a","Có"]]}') == Outgoing("Chào", (Choice("a", "Có"),))
