"""The registry of commands. A command is one file here, and names in it the action that its users must be allowed."""

from __future__ import annotations

from domain.vietnamese import fold
from handlers.commands import (
    cancel,
    close,
    confirm,
    contacts,
    decide,
    evidence,
    extend,
    forget,
    form,
    help,  # noqa: A004 - the command is called /help
    history,
    invite,
    me,
    newcomers,
    record,
    revise,
    rules,
    schedule,
    send_back,
    speak,
    status,
    tasks,
)
from handlers.commands.base import Command
from handlers.render import meanings

_ALL = (
    status.COMMAND,
    tasks.COMMAND,
    revise.COMMAND,
    form.COMMAND,
    evidence.COMMAND,
    extend.COMMAND,
    speak.COMMAND,
    send_back.COMMAND,
    decide.COMMAND,
    close.COMMAND,
    confirm.COMMAND,
    invite.COMMAND,
    newcomers.COMMAND,
    rules.COMMAND,
    contacts.COMMAND,
    record.COMMAND,
    schedule.COMMAND,
    history.COMMAND,
    me.COMMAND,
    forget.COMMAND,
    cancel.COMMAND,
    help.COMMAND,
)

# Every name a command is typed by after "/", without marks.
COMMANDS: dict[str, Command] = {fold(name): command for command in _ALL for name in (command.name, *command.aliases)}

# Whole messages that mean a command, without marks and without "/"; the value is what a durable choice would say.
WORDS: dict[str, str] = {
    fold(word): f"{command.name}:" for command in _ALL for word in (command.name, *command.aliases, *command.words)
} | {fold(word): "report:" for word in ("nhập", "nhập số liệu", "bắt đầu", "báo cáo", "gửi số liệu", "tiếp tục")}
WORDS |= {fold(words): f"duyet:{verdict}" for words, verdict in (("đồng ý", "granted"), ("không đồng ý", "refused"))}
WORDS |= {fold(word): "revise:" for word in ("gửi lại số này", "gửi lại số", "gửi lại")}
# What a digest or a notice offers, typed where its choices are no longer those offered last.
_OFFERED = {"snooze": "snooze", "not_mine": "notmine", "reassign": "reassign"}
WORDS |= {fold(word): f"{flow}:" for choice, flow in _OFFERED.items() for word in meanings(choice)}
