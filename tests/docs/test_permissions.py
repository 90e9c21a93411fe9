"""docs/permissions.md, the table in the code, the commands and the choices agree; the matrix is walked for real."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import get_args

import pytest

from bot.app import App
from bot.channels.simulator import NAME
from bot.cli import main
from domain.messages import Address
from domain.model import InvitationRole
from domain.permissions import ALLOWED, MEMBERSHIPS, Action, Role
from handlers.commands import COMMANDS
from handlers.flows import ENTRANCES
from handlers.menus import of
from storage import permissions, units
from storage.database import Database
from tests.bot.stage import heard, phones, program, say
from tests.cast import MONDAY, indicator, join, plan, store_duty
from tests.docs.pages import tables

PAGE = "docs/permissions.md"
ROLES: tuple[Role, ...] = get_args(Role)
ACTIONS: tuple[Action, ...] = get_args(Action)
EVERYBODY = "ai đã tham gia cũng dùng được"
REFUSED = ("Lệnh này dành cho lãnh đạo", "Anh/chị chưa là đầu mối", "Anh/chị không có quyền")


def documented() -> dict[str, dict[str, str]]:
    """The table of the page: by action, what stands under each role."""
    return {row["Việc"].strip("`"): row for row in tables(PAGE, "Việc")}


def told() -> dict[str, str]:
    """What the page says each command is for, "/status" and "dondoc invite" by their names."""
    return {
        name: row["Việc"].strip("`") for row in tables(PAGE, "Lệnh") for name in re.findall(r"`([^`]+)`", row["Lệnh"])
    }


def test_the_page_shows_the_table_of_the_code() -> None:
    rows = documented()
    assert set(rows) == set(ACTIONS) == set(ALLOWED)
    for action, row in rows.items():
        assert row["Nghĩa"]
        assert {role for role in ROLES if row[role]} == ALLOWED[action], action  # type: ignore[index]


def test_the_page_explains_every_role() -> None:
    assert {row["Vai trò"].strip("`") for row in tables(PAGE, "Vai trò")} == set(ROLES)


def test_the_page_names_every_command_with_what_it_is_for() -> None:
    commands = {f"/{command.name}": command.action or EVERYBODY for command in COMMANDS.values()}
    groups = [("dondoc", main.app), *((f"dondoc {g.name}", g.typer_instance) for g in main.app.registered_groups)]
    for prefix, group in groups:
        for each in group.registered_commands if group else ():
            assert each.callback is not None
            commands[f"{prefix} {each.name or each.callback.__name__}"] = each.callback.action
    assert told() == commands


def test_every_choice_is_for_an_action_of_the_table() -> None:
    assert {entrance.action for entrance in ENTRANCES.values()} - {None} <= set(ALLOWED)
    assert not set(ENTRANCES) & set(COMMANDS)


@dataclass(frozen=True)
class World:
    """Two provinces with communes, agencies and lines; `roles` says who has which role over which places."""

    units: dict[str, int]
    agencies: dict[str, int]
    lines: dict[str, int]
    roles: dict[str, tuple[InvitationRole, str]]
    people: dict[str, int]


WITHIN = {"A1": ("A", "P"), "A2": ("A", "P"), "B1": ("B", "P"), "C1": ("C", "Q"), "A": ("A", "P"), "B": ("B", "P"),
          "C": ("C", "Q"), "P": ("P",), "Q": ("Q",)}  # fmt: skip


async def settle(database: Database) -> World:
    """Put somebody of every role everywhere."""
    async with database.transaction() as tx:
        provinces = {name: await units.ensure_unit(tx, "province", f"tỉnh {name}", None, MONDAY) for name in "PQ"}
        communes = {
            name: await units.ensure_unit(tx, "commune", f"xã {name}", provinces[above], MONDAY)
            for name, above in (("A", "P"), ("B", "P"), ("C", "Q"))
        }
        agencies = {
            name: await units.ensure_agency(tx, communes[name[0]].id, f"Phòng {name}", "agency", MONDAY)
            for name in ("A1", "A2", "B1", "C1")
        }
    unit_ids = {name: unit.id for name, unit in (provinces | communes).items()}
    roles: dict[str, tuple[InvitationRole, str]] = {}
    for place in (*agencies, *unit_ids):
        for role in get_args(InvitationRole):
            if (role in MEMBERSHIPS) == (place in agencies):
                roles[f"{role}{place}".lower()] = (role, place)
    people = {
        name: await join(database, name, Address(NAME, name), role, unit_ids[place[0]], agencies.get(place))
        for name, (role, place) in roles.items()
    }
    lines = {}
    for number, (name, agency_id) in enumerate(agencies.items()):
        draft = plan(indicator(1, f"Chỉ tiêu của {name}"), sha256=str(number) * 64)
        lines[name] = (await store_duty(database, unit_ids[name[0]], agency_id, draft)).lines[0]
    return World(unit_ids, agencies, lines, roles, people)


def expected(role: InvitationRole, at: str, action: Action, place: str) -> bool:
    """Whether the page lets somebody of a role over `at` do `action` at `place`: read from the page alone."""
    word = "officer" if role == "alternate" else role
    reaches = at == place if role in MEMBERSHIPS else at in WITHIN[place]
    return reaches and bool(documented()[action][word])


async def test_the_matrix_role_by_role_place_by_place(database: Database) -> None:
    world = await settle(database)
    wrong = []
    async with database.transaction() as tx:
        for who, (role, at) in world.roles.items():
            for place in WITHIN:
                if place in world.agencies:
                    by_agency = await permissions.roles_at(tx, world.people[who], agency=world.agencies[place])
                    by_line = await permissions.roles_at(tx, world.people[who], line=world.lines[place])
                    assert by_agency == by_line
                    found = by_agency
                else:
                    found = await permissions.roles_at(tx, world.people[who], unit=world.units[place])
                wrong += [
                    (who, action, place)
                    for action in ACTIONS
                    if bool(ALLOWED[action] & found) != expected(role, at, action, place)
                ]
    assert wrong == []


async def test_what_exists_nowhere_may_be_reached_by_nobody(database: Database) -> None:
    world = await settle(database)
    async with database.transaction() as tx:
        admin = world.people["adminp"]
        assert not await permissions.may(tx, admin, "invite", unit=99999)
        assert not await permissions.may(tx, admin, "invite", agency=99999)
        assert not await permissions.may(tx, admin, "send_back", line=99999)
        with pytest.raises(ValueError, match="one place"):
            await permissions.may(tx, admin, "invite", unit=1, agency=1)
        with pytest.raises(ValueError, match="one place"):
            await permissions.may(tx, admin, "invite")


async def test_communes_are_listed_for_those_who_may_and_nobody_else(database: Database) -> None:
    world = await settle(database)
    communes = {"P": ["xã A", "xã B"], "Q": ["xã C"], "A": ["xã A"], "B": ["xã B"], "C": ["xã C"]}
    async with database.transaction() as tx:
        for who, (role, at) in world.roles.items():
            for action in ACTIONS:
                may = role not in MEMBERSHIPS and documented()[action][role]
                found = [unit.name for unit in await permissions.units_where(tx, world.people[who], action)]
                assert found == (communes[at] if may else []), (who, action)


async def played(database: Database) -> tuple[App, World]:
    """The program in that world."""
    world = await settle(database)
    return await program(database, "chua_co_gi"), world


async def test_every_command_runs_for_those_whom_the_page_names_and_refuses_the_others(database: Database) -> None:
    app, world = await played(database)
    for who in [name for name in world.roles if name.endswith(("a1", "a", "p"))]:
        role, _ = world.roles[who]
        word = "officer" if role == "alternate" else role
        for command in {command.name: command for command in COMMANDS.values()}.values():
            action = told()[f"/{command.name}"]
            await say(app, who, f"/{command.name}")
            answer = heard(app, who)[-1]
            may = action == EVERYBODY or bool(documented()[action][word])
            # The head of an agency reads the status of that agency alone, not of the commune.
            may = may and (command.name, role) != ("status", "head")
            assert answer.startswith(REFUSED) != may, (who, command.name, answer)
            await say(app, who, "/huy")


async def test_a_made_up_button_reaches_nothing_of_another_unit(database: Database) -> None:
    app, world = await played(database)
    for who, token in [
        ("officera1", f"go:revise:{world.lines['A2']}"),
        ("officera1", f"go:revise:{world.lines['C1']}"),
        ("heada1", f"go:revise:{world.lines['C1']}"),
        ("leadera", f"go:report:2026-11-30:{world.units['A']}"),
        ("admina", f"go:status:#{world.units['B']}"),
        ("leaderp", f"go:status:#{world.units['C']}"),
        ("auditora", f"go:status:#{world.units['C']}"),
        ("admina", f"go:revise:{world.lines['A1']}"),
        ("officera1", f"go:return:{world.lines['A1']}"),
        ("heada1", f"go:return:{world.lines['A2']}"),
        ("leadera", f"go:return:{world.lines['B1']}"),
        ("auditorp", f"go:return:{world.lines['A1']}"),
        ("officera1", f"go:lichsu:{world.lines['A2']}"),
        ("auditora", f"go:lichsu:{world.lines['B1']}"),
        ("leaderp", f"go:lichsu:{world.lines['C1']}"),
    ]:
        await say(app, who, "/help")
        phones(app).press(who, token, app.clock.now())
        await say(app, who, "/help")
        answers = "\n".join(heard(app, who))
        for name in ("A2", "B", "C1", "C"):
            assert f"của {name}" not in answers, (who, token, answers)
            assert f"xã {name}:" not in answers, (who, token, answers)
        assert "1/1" not in answers


async def test_the_menu_lists_what_the_page_allows(database: Database) -> None:
    world = await settle(database)
    async with database.transaction() as tx:
        for who, (role, _) in world.roles.items():
            word = "officer" if role == "alternate" else role
            for listed in await of(tx, world.people[who]):
                action = told()[f"/{listed.name}"]
                assert action == EVERYBODY or documented()[action][word], (who, listed.name)
