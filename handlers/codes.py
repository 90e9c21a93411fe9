"""One-time codes as people read, type and pass them on."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta

from domain.vietnamese import fold

# No 0/O, 1/I/L or U: nobody has to ask which one it is. 30^8 codes, five tries an hour an address, seven days.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
VALID_FOR = timedelta(days=7)
_MEANT_AS_CODE = re.compile(rf"(?:ma )?moi [a-z0-9]{{{LENGTH // 2}}} ?[a-z0-9]{{{LENGTH // 2}}}")
_CODE = re.compile(rf"(?:MA)?(?:MOI)?([{ALPHABET}]{{{LENGTH}}})")


def new_code() -> str:
    """Return a fresh one-time code of letters and digits, without its hyphen."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if any(c.isdecimal() for c in code) and any(c.isalpha() for c in code):
            return code


def printed(code: str) -> str:
    """Return a code as people pass it on: "7K4M-29QX"."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def read_code(words: str) -> str | None:
    """Return the code in "MỜI 7K4M-29QX", "moi 7k4m 29qx" or the like; None where there is none."""
    letters = re.sub(r"[^A-Z0-9]", "", fold(words[:64]).upper())
    match = _CODE.fullmatch(letters)
    if match is None or not re.search("[0-9]", match[1]) or not re.search("[A-Z]", match[1]):
        return None
    return match[1]


def meant_as_code(words: str) -> bool:
    """Tell whether a message says that it is a code, whether it can be one or not."""
    return _MEANT_AS_CODE.fullmatch(fold(words[:64])) is not None


def looks_like_code(words: str) -> bool:
    """Tell whether somebody who has joined already is sending another code."""
    return read_code(words) is not None or meant_as_code(words)


def is_invitation(words: str) -> bool:
    """Tell whether a message says itself that it is a code: "MỜI 7K4M-29QX". A figure with its unit never does."""
    return fold(words).startswith(("moi ", "ma moi ")) and looks_like_code(words)
