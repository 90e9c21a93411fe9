"""Comfort where a messenger has it: questions edited in place, pages of choices, reactions, menus; and other events."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest

from bot.app import App
from bot.channels.simulator import WITH_ALL, Simulator
from bot.rehearsal import drain, travel
from domain.messages import Address, Contact, Incoming, Outgoing, ReceivedFile
from handlers.prompts import PAGE, Offer, chosen, compose, make_prompt, named, page_turned
from storage import people
from storage.database import Database
from tests.bot.stage import clock, program, rows, say

NUMBERS = count()
LAN, STRANGER = Address("simulator", "lan"), Address("simulator", "khach")


async def comfortable(database: Database, situation: str = "xa_vu_duong") -> tuple[App, Simulator]:
    """Return a program whose phones can do everything."""
    app = await program(database, situation)
    phones = Simulator(WITH_ALL)
    app.channels = [phones]
    return app, phones


async def happen(app: App, phones: Simulator, **what: object) -> list[str]:
    """Let something happen and return what is said about it."""
    before = len(phones.heard)
    values = {
        "sender": LAN,
        "external_id": f"odd-{next(NUMBERS)}",
        "sent_at": app.clock.now(),
        "message_id": "m1",
        **what,
    }
    phones.put(Incoming(**values))  # type: ignore[arg-type]
    await drain(app)
    return [heard.outgoing.text for heard in phones.heard[before:]]


def on_phone(phones: Simulator, who: str = "lan") -> list[Outgoing]:
    """Return what somebody sees, the oldest first."""
    return list(phones.shown(who).values())


async def test_a_question_answered_by_a_press_becomes_the_receipt_and_the_next_one_follows(database: Database) -> None:
    app, phones = await comfortable(database)
    await say(app, "lan", "nhập")
    await say(app, "lan", "[Chưa có số liệu]")
    question, following = on_phone(phones)[-2:]
    assert "chưa có" in question.text.casefold()
    assert question.choices == ()
    assert "2/" in following.text
    assert following.choices
    assert "chưa có số liệu" not in following.text.casefold().partition("\n")[0]


async def test_a_press_that_only_moves_on_changes_the_question_itself(database: Database) -> None:
    app, phones = await comfortable(database)
    await say(app, "lan", "nhập")
    before = len(on_phone(phones))
    await say(app, "lan", "[Bỏ qua]")
    assert len(on_phone(phones)) == before
    assert "2/" in on_phone(phones)[-1].text
    await say(app, "lan", "[Quay lại]")
    assert len(on_phone(phones)) == before
    assert "1/" in on_phone(phones)[-1].text


async def test_a_typed_answer_leaves_what_was_asked_as_it_is(database: Database) -> None:
    app, phones = await comfortable(database)
    await say(app, "lan", "nhập")
    asked = on_phone(phones)[-1]
    await say(app, "lan", "66,5")
    assert on_phone(phones)[-2] == asked
    assert "66,5 %" in on_phone(phones)[-1].text


async def test_a_durable_choice_leaves_its_message_as_it_is(database: Database) -> None:
    app, phones = await comfortable(database)
    await say(app, "lan", "/viec")
    listed = on_phone(phones)[-1]
    await say(app, "lan", "[Nhập số liệu]")
    assert on_phone(phones)[-2] == listed


async def test_an_old_choice_changes_nothing_on_the_phone(database: Database) -> None:
    app, phones = await comfortable(database)
    await say(app, "lan", "nhập")
    message_id, asked = next(reversed(phones.shown("lan").items()))
    await say(app, "lan", "66,5")
    phones.press("lan", asked.choices[-1].token, app.clock.now(), message_id)
    await drain(app)
    assert phones.shown("lan")[message_id] == asked
    assert "hết hiệu lực" in on_phone(phones)[-1].text


def test_many_choices_are_shown_in_pages_and_every_one_can_be_reached() -> None:
    offers = [Offer(f"a{number}", words=f"xã {number}") for number in range(2 * PAGE + 3)]
    [message] = compose(["Xã nào?"], offers, True, "1f", WITH_ALL)
    prompt = make_prompt("1f", offers, True)
    labels = [choice.label for choice in message.choices]
    assert labels[:PAGE] == [offer.words for offer in offers[:PAGE]]
    pages = [message.choices]
    while pages[-1][-1].token == f"1f:p{len(pages)}":
        pages.append(page_turned(prompt, pages[-1][-1].token))
    assert [len(page) for page in pages] == [PAGE + 1, PAGE + 2, 3 + 1]
    assert [choice.label for choice in pages[1]][-2:] == ["‹ Trang trước", "Trang sau ›"]
    shown = [choice.label for page in pages for choice in page if ":p" not in choice.token]
    assert shown == [offer.words for offer in offers]
    assert page_turned(prompt, pages[1][-2].token) == pages[0]


@pytest.mark.parametrize("token", ["1f:p99", "1f:p-1", "1f:p", "1f:pp1", "2f:p1", "1f:p१", "p1", "1f:p" + "9" * 50])
def test_an_invented_page_is_none(token: str) -> None:
    prompt = make_prompt("1f", [Offer(f"a{number}", words=str(number)) for number in range(30)], True)
    assert page_turned(prompt, token) == ()
    assert page_turned(None, token) == ()


@pytest.mark.parametrize(
    ("typed", "meant"), [("xã Yên A", "a"), ("xa yen a", "a"), ("xã Yên ạ", "short"), ("xã Yên A ạ", "a"), ("2 ạ", "a")]
)
def test_a_name_that_ends_as_courtesy_does_is_still_that_name(typed: str, meant: str) -> None:
    offers = [Offer("short", words="xã Yên"), Offer("a", words="xã Yên A")]
    assert chosen(make_prompt("1f", offers, True), typed) == meant
    assert named(typed, offers) == (meant if not typed[0].isdigit() else None)


async def test_a_page_is_turned_in_place_and_its_choices_work(database: Database) -> None:
    app, phones = await comfortable(database, "xa_vu_duong")
    await travel(app, clock(app), app.calendar.next_opening(app.clock.now()))
    for pressed in ("Không thuộc đơn vị tôi", "Mục 1", "Bỏ qua"):
        await say(app, "lan", f"[{pressed}]")
    await say(app, "thu", "[Giao cơ quan khác]")
    before = len(on_phone(phones, "thu"))
    await say(app, "thu", "[Trang sau ›]")
    shown = on_phone(phones, "thu")
    assert len(shown) == before
    assert shown[-1].choices[0].label not in ("‹ Trang trước", "Trang sau ›")
    await say(app, "thu", f"[{shown[-1].choices[0].label}]")
    assert shown[-1].choices[0].label in on_phone(phones, "thu")[-1].text


async def test_a_list_whose_choices_last_is_shown_whole(database: Database) -> None:
    app, phones = await comfortable(database, "tinh_nhieu_xa")
    await say(app, "binh", "/status")
    assert len(on_phone(phones, "binh")[-1].choices) == 10
    assert all(choice.token.startswith("go:") for choice in on_phone(phones, "binh")[-1].choices)


async def test_thanks_get_a_reaction_where_there_are_any(database: Database) -> None:
    app, phones = await comfortable(database)
    await say(app, "lan", "cảm ơn")
    last = phones.heard[-1].outgoing
    assert (last.reaction, last.text) == ("👍", "Dạ.")
    assert last.reacts_to is not None


async def test_whoever_joins_gets_the_menu_of_their_role(database: Database) -> None:
    app, phones = await comfortable(database)
    for who, role, names in (
        ("hoa", "officer", ["viec", "sua", "huy", "giahan", "toi", "help"]),
        ("tam", "leader", ["status", "tralai", "duyet", "khoa", "quytac", "lichnhac", "danhba", "toi", "help"]),
    ):
        code = await invited(app, role)
        await say(app, who, f"MỜI {code}")
        await say(app, who, "[Đồng ý]")
        [menu] = [heard.outgoing.menu for heard in phones.heard if heard.who == who and heard.outgoing.menu]
        assert [command.name for command in menu] == names


async def invited(app: App, role: str) -> str:
    """Invite somebody and return the code."""
    code = "7K4M29QX" if role == "officer" else "8K4M29QX"
    async with app.database.transaction() as tx:
        [agency] = await tx.all("SELECT id, unit_id FROM agencies ORDER BY id LIMIT 1")
        agency_id = agency["id"] if role == "officer" else None
        ends = app.clock.now() + timedelta(days=7)
        await people.invite(tx, code, role, "Ai đó", agency["unit_id"], agency_id, ends, app.clock.now())  # type: ignore[arg-type]
    return code


async def test_an_edited_message_changes_no_figure_and_says_how_to(database: Database) -> None:
    app, phones = await comfortable(database)
    await say(app, "lan", "nhập")
    await say(app, "lan", "66,5")
    before = await rows(database, "SELECT value FROM submissions")
    [said] = await happen(app, phones, kind="edited", text="65,5")
    assert "/sua" in said
    assert await rows(database, "SELECT value FROM submissions") == before
    await say(app, "lan", "[Bỏ qua]")
    assert any("3/" in message.text for message in on_phone(phones)), "the question still stood"


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ({"file": ReceivedFile("photo", "f1")}, "không còn tải được"),
        ({"contact": Contact("0912345678", own=True)}, "không được lưu"),
        ({"unread": True}, "chưa dùng được"),
    ],
)
async def test_what_cannot_be_read_is_said_to_be_unread_and_the_question_stands(
    database: Database, what: dict[str, object], why: str
) -> None:
    app, phones = await comfortable(database)
    await say(app, "lan", "nhập")
    [said] = await happen(app, phones, **what)
    assert why in said
    await say(app, "lan", "66,5")
    assert await rows(database, "SELECT value FROM submissions") == [{"value": "66.5"}]
    assert "Để tham gia" in (await happen(app, phones, sender=STRANGER, **what))[0]


async def test_the_words_that_come_with_a_picture_are_what_was_said(database: Database) -> None:
    app, phones = await comfortable(database)
    await say(app, "lan", "nhập")
    await happen(app, phones, file=ReceivedFile("photo", "f1"), text="66,5")
    assert await rows(database, "SELECT value FROM submissions") == [{"value": "66.5"}]


async def test_who_blocks_us_is_unreachable_until_they_let_us_in_again(database: Database) -> None:
    app, phones = await comfortable(database)
    status = "SELECT status FROM addresses WHERE external_id = 'lan'"
    assert await happen(app, phones, kind="blocked") == []
    assert await rows(database, status) == [{"status": "unreachable"}]
    assert await happen(app, phones, kind="unblocked") == []
    assert await rows(database, status) == [{"status": "reachable"}]
    assert await happen(app, phones, kind="blocked", sender=STRANGER) == []
    await happen(app, phones, kind="blocked")
    await say(app, "lan", "/viec")
    assert await rows(database, status) == [{"status": "reachable"}]


@pytest.mark.parametrize("text", ["/status", "/help", "66,5", "7K4M-29QX"])
async def test_in_a_group_nothing_is_done_but_to_show_the_way(database: Database, text: str) -> None:
    app, phones = await comfortable(database)
    group = Address("simulator", "-5")
    [said] = await happen(app, phones, sender=group, text=text, group=True)
    assert "tin nhắn riêng" in said
    assert await rows(database, "SELECT * FROM submissions") == []
    assert await rows(database, "SELECT wrong_codes FROM addresses WHERE external_id = '-5'") == []
