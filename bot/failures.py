"""Say where something failed without repeating what anybody wrote."""

from __future__ import annotations

import traceback


def where(error: BaseException) -> str:
    """Return an error's type and the innermost lines of ours it passed through, e.g. "ValueError at report.py:12".

    The message of an exception may quote a chat, a phone number or a token, so it is left out of logs and rows.
    """
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    places = " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__} at {places}" if places else type(error).__name__
