"""A Bot API on the loopback interface: what the tests of the Telegram channel talk to.

`BotApi` runs in a test's event loop; `process.Process` is the same in a process of its own. People (`api.person`) write
and press; what bots did is on their screens, in `api.events` and in `api.calls`; `api.faults` makes things go wrong.
"""

from tests.botapi.server import BotApi

__all__ = ["BotApi"]
