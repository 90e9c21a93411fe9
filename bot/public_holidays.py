"""The public holidays of Viet Nam, as values, from the package `holidays`.

Labour Code 2019, Article 112, with the lunar days, those moved off a weekend (Article 111.3) and the swaps the package
knows. What is decided each year by the Prime Minister may be missing there: the settings add to it and take away.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

FIRST_YEAR, LAST_YEAR = 2020, 2040
_CULTURE = "Vietnam Cultural Day"


@lru_cache(maxsize=2)
def public_holidays(*, culture_day_off: bool) -> tuple[frozenset[date], frozenset[date]]:
    """Return the days off, and the weekend days worked in exchange, of the years for which reminders are planned.

    24/11 is a day off only with `culture_day_off`: the package knows it from 2026 on by a resolution of the Party
    (NQ 80-NQ/TW), which the National Assembly had still to make law.
    """
    from holidays import country_holidays

    known = country_holidays("VN", years=range(FIRST_YEAR, LAST_YEAR + 1), language="en_US")
    off = frozenset(day for day, name in known.items() if culture_day_off or not _only_culture(name))
    return off, frozenset(known.weekend_workdays)


def _only_culture(names: str) -> bool:
    return all(name.startswith(_CULTURE) for name in names.split("; "))
