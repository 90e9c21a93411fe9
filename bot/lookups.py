"""Threads that nobody waits for: a look-up of a name may hang for half a minute, and a program must be able to end."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any


class _Daemons(ThreadPoolExecutor):
    """Runs each call in a thread of its own that ends with the process.

    asyncio waits at its end for all threads of its own executor, those that look up a host without a network too.
    """

    def submit(self, call: Callable[..., Any], /, *values: Any, **named: Any) -> Future[Any]:
        """Start a call, as every executor does."""
        future: Future[Any] = Future()

        def work() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = call(*values, **named)
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(result)

        threading.Thread(target=work, name="beside the loop", daemon=True).start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002
        """End at once, whatever still runs."""
        super().shutdown(wait=False)


def wait_for_no_thread() -> None:
    """Let the running loop end although a thread beside it hangs."""
    asyncio.get_running_loop().set_default_executor(_Daemons(max_workers=1))
