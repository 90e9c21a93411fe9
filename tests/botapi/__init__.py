"""A Bot API on the loopback interface: what the tests of the Telegram channel talk to."""

from tests.botapi.server import BotApi

__all__ = ["BotApi"]
