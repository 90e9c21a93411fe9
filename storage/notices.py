"""Notices: who can be told of a commune's duties, who was told when, and that nobody is told twice on one day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.messages import Address
from domain.rounds import Contact, Heard, Notice
from domain.rungs import Rung
from storage.database import Row, Transaction
from storage.values import instant, read_day

_RUNGS: dict[str, Rung] = {"primary": "officer", "alternate": "alternate", "head": "head"}
_REACHED_AT = (
    " LEFT JOIN addresses x ON x.id ="
    " (SELECT MIN(y.id) FROM addresses y WHERE y.person_id = p.id AND y.status = 'reachable')"
    " LEFT JOIN absences b ON b.id = (SELECT MAX(c.id) FROM absences c WHERE c.person_id = p.id"
    " AND c.status = 'planned' AND c.first_day <= :today AND c.last_day >= :today)"
)
_COLUMNS = "p.id AS person_id, p.name, x.channel, x.external_id, b.id AS absence_id, b.stand_in_id"


@dataclass(frozen=True, slots=True)
class People:
    """Who can be told of the duties of one commune, and how: contacts by agency, leaders, names and addresses."""

    contacts: Mapping[int, Sequence[Contact]]
    leaders: Sequence[Contact]
    names: Mapping[int, str]
    addresses: Mapping[int, Address]


@dataclass(frozen=True, slots=True)
class Earlier:
    """That somebody was told of a duty."""

    duty_id: int
    person_id: int
    name: str
    rung: Rung
    day: date


async def people_of(tx: Transaction, unit_id: int, today: date) -> People:
    """Return everybody who may have to be told of a commune's duties on a day."""
    rows = await tx.all(
        f"SELECT m.agency_id, m.role, {_COLUMNS} FROM agencies a JOIN memberships m ON m.agency_id = a.id"
        f" JOIN people p ON p.id = m.person_id{_REACHED_AT} WHERE a.unit_id = :unit_id"
        f" UNION ALL SELECT NULL, g.role, {_COLUMNS} FROM grants g JOIN people p ON p.id = g.person_id{_REACHED_AT}"
        " WHERE g.unit_id = :unit_id AND g.role = 'leader' ORDER BY 3",
        unit_id=unit_id,
        today=today.isoformat(),
    )
    names = {row["person_id"]: row["name"] for row in rows}
    addresses = _addresses(rows)
    away = {row["person_id"] for row in rows if row["absence_id"] is not None}
    if others := {row["stand_in_id"] for row in rows if row["stand_in_id"] is not None} - set(names):
        for row in await _somebody(tx, others, today):
            names[row["person_id"]] = row["name"]
            away |= {row["person_id"]} if row["absence_id"] is not None else set()
            addresses |= _addresses([row])
    contacts: dict[int, list[Contact]] = defaultdict(list)
    leaders: list[Contact] = []
    for row in rows:
        stand_in = row["stand_in_id"]
        contact = Contact(
            row["person_id"],
            _RUNGS.get(row["role"], "leader"),
            reachable=row["external_id"] is not None,
            away=row["absence_id"] is not None,
            stand_in=stand_in if stand_in in addresses and stand_in not in away else None,
        )
        (leaders if row["agency_id"] is None else contacts[row["agency_id"]]).append(contact)
    return People(contacts, leaders, names, addresses)


def _addresses(rows: Iterable[Row]) -> dict[int, Address]:
    return {
        row["person_id"]: Address(row["channel"], row["external_id"]) for row in rows if row["external_id"] is not None
    }


async def _somebody(tx: Transaction, ids: Iterable[int], today: date) -> list[Row]:
    found = []
    for person_id in sorted(ids):
        row = await tx.one(
            f"SELECT {_COLUMNS} FROM people p{_REACHED_AT} WHERE p.id = :id", id=person_id, today=today.isoformat()
        )
        found += [row] if row else []
    return found


async def heard_by(tx: Transaction, unit_id: int, today: date) -> Heard:
    """Return on which days of the last week and today those who may be told in a commune were sent digests."""
    rows = await tx.all(
        "SELECT s.person_id, s.day FROM digests s WHERE s.day > :since AND s.person_id IN"
        " (SELECT m.person_id FROM agencies a JOIN memberships m ON m.agency_id = a.id WHERE a.unit_id = :unit_id"
        " UNION SELECT g.person_id FROM grants g WHERE g.unit_id = :unit_id"
        " UNION SELECT b.stand_in_id FROM agencies a JOIN memberships m ON m.agency_id = a.id"
        " JOIN absences b ON b.person_id = m.person_id AND b.last_day >= :today WHERE a.unit_id = :unit_id)",
        unit_id=unit_id,
        since=(today - timedelta(days=7)).isoformat(),
        today=today.isoformat(),
    )
    days: dict[int, set[date]] = defaultdict(set)
    for row in rows:
        days[row["person_id"]].add(read_day(row["day"][:10]))
    return Heard({person_id: frozenset(found) for person_id, found in days.items()})


async def told_of(tx: Transaction, unit_id: int, until: datetime) -> list[Earlier]:
    """Return who was told of the open duties of a commune whose bell rings up to `until`, in the order of the days."""
    rows = await tx.all(
        "SELECT n.duty_id, n.person_id, p.name, n.rung, n.day FROM agencies a JOIN duties d ON d.agency_id = a.id"
        " JOIN notices n ON n.duty_id = d.id JOIN people p ON p.id = n.person_id"
        " WHERE a.unit_id = :unit_id AND d.next_reminder_at <= :until ORDER BY n.day, n.duty_id, n.person_id",
        unit_id=unit_id,
        until=instant(until),
    )
    return [
        Earlier(row["duty_id"], row["person_id"], row["name"], row["rung"], read_day(row["day"][:10])) for row in rows
    ]


def add(tx: Transaction, person_id: int, unit_id: int, day: str, notices: Iterable[Notice], now: datetime) -> None:
    """Queue noting that a person is sent a digest and what it tells them of.

    `day` is an ISO day, with the hour where that is when they asked for it. The transaction fails with `Outdated` when
    they are sent one of that day already, about another commune.
    """
    tx.expect(
        "INSERT INTO digests (person_id, day, unit_id, queued_at) VALUES (:person_id, :day, :unit_id, :now)"
        " ON CONFLICT (person_id, day) DO NOTHING",
        person_id=person_id,
        day=day,
        unit_id=unit_id,
        now=instant(now),
    )
    for notice in notices:
        tx.later(
            "INSERT INTO notices (duty_id, person_id, day, rung) VALUES (:duty_id, :person_id, :day, :rung)"
            " ON CONFLICT (duty_id, person_id, day) DO NOTHING",
            duty_id=notice.duty_id,
            person_id=person_id,
            day=day,
            rung=notice.rung,
        )


async def take_back(tx: Transaction, person_id: int, day: str) -> dict[int, list[int]]:
    """Forget that a person was told, for they were not; return the open duties they owe, and who else was told of each.

    A digest to a head or a leader is forgotten as well, but its duties are not returned: their officers know.
    """
    found: dict[int, list[int]] = defaultdict(list)
    for row in await tx.all(
        "SELECT n.duty_id, o.person_id FROM notices n JOIN duties d ON d.id = n.duty_id AND d.status = 'open'"
        " LEFT JOIN notices o ON o.duty_id = n.duty_id AND o.day = n.day AND o.person_id <> n.person_id"
        " AND o.rung IN ('officer', 'alternate')"
        " WHERE n.person_id = :person_id AND n.day = :day AND n.rung IN ('officer', 'alternate')"
        " ORDER BY n.duty_id, o.person_id",
        person_id=person_id,
        day=day,
    ):
        found[row["duty_id"]] += [] if row["person_id"] is None else [row["person_id"]]
    for table in ("notices", "digests"):
        tx.later(
            f"DELETE FROM {table} WHERE person_id = :person_id AND day = :day",
            person_id=person_id,
            day=day,
        )
    return found
