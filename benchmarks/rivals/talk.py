"""The conversation all bots play: three questions and a summary, word for word the same."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

START = "/start"
NAME = "Tên anh/chị là gì?"
NUMBER = "Số liệu của kỳ này là bao nhiêu?"
COMMENT = "Anh/chị có ghi chú gì không?"
SUMMARY = "Đã ghi: {name}, {number}, {comment}."


@dataclass(frozen=True, slots=True)
class Given:
    """What a bot is told on its command line."""

    token: str
    url: str
    folder: str
    concurrent: bool


def given() -> Given:
    """Read the command line of a bot."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--token", required=True)
    parser.add_argument("--url", required=True, help="of the Bot API, before /bot<token>/")
    parser.add_argument("--folder", required=True, help="for what the bot keeps")
    parser.add_argument("--concurrent", action="store_true", help="python-telegram-bot: concurrent_updates")
    return Given(**vars(parser.parse_args()))
