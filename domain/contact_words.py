"""What an agency and a post are called, as typed or written in a list of contacts."""

from __future__ import annotations

from domain.vietnamese import clean

LONGEST_AGENCY = 120  # letters
LONGEST_POST = 80
_LEAST = 3


def read_agency_name(typed: str) -> str | None:
    """Return the name of an agency with single spaces; None for what cannot be one.

    It begins with a letter: a spreadsheet takes other beginnings for a formula.
    """
    name = clean(typed).strip(" ,;.")
    return name if _LEAST <= len(name) <= LONGEST_AGENCY and name[0].isalpha() else None


def read_post(typed: str) -> str | None:
    """Return the name of a post with single spaces; None for what cannot be one, as what holds figures."""
    post = clean(typed).strip(" ,;.")
    fits = 2 <= len(post) <= LONGEST_POST and post[0].isalpha()
    return post if fits and not any(letter.isdecimal() for letter in post) else None
