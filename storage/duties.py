"""Duties: what an agency owes by when, the lines in them, and the claim of those to be reminded of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.cycles import Owing
from domain.model import AgencyKind, DutyLine
from storage import snoozes
from storage.database import Row, Transaction
from storage.permissions import agencies_of_members
from storage.rows import SENT_BACK, TARGET_COLUMNS, planned_day, read_target
from storage.snoozes import WAKES
from storage.values import instant, read_day, read_figure, read_instant, read_optional_instant

LINE = (
    f"SELECT l.id, l.duty_id, l.position, l.status, i.name AS indicator, s.title AS section, {TARGET_COLUMNS},"
    " d.due_on, d.cut_off, d.closing, p.closes_after, p.confirmed_by, a.name AS agency, u.id AS unit_id,"
    " u.name AS unit_name, b.value, COALESCE(l.verdict, b.verdict) AS verdict,"
    " b.recorded_at, l.submission_id, l.target_id, l.promised_on,"
    f" {SENT_BACK} AS returned, e.value AS previous, e.as_of AS previous_as_of,"
    " (SELECT COUNT(*) FROM evidence g WHERE g.line_id = l.id AND g.status = 'attached') AS evidence,"
    " p.number AS plan_number, p.title AS plan_title"
    " FROM duty_lines l JOIN duties d ON d.id = l.duty_id JOIN plans p ON p.id = d.plan_id AND p.status = 'active'"
    " JOIN agencies a ON a.id = d.agency_id"
    " JOIN units u ON u.id = a.unit_id JOIN targets t ON t.id = l.target_id JOIN indicators i ON i.id = t.indicator_id"
    " LEFT JOIN sections s ON s.id = i.section_id LEFT JOIN submissions b ON b.id = l.submission_id"
    " LEFT JOIN submissions e ON e.id = (SELECT k.submission_id FROM duty_lines k JOIN duties f ON f.id = k.duty_id"
    f" WHERE k.target_id = l.target_id AND {planned_day('f')} < {planned_day('d')} AND k.status = 'reported'"
    f" ORDER BY {planned_day('f')} DESC LIMIT 1)"
)
_MINE = f"d.agency_id IN {agencies_of_members('report')}"
_RINGS = f"(d.next_reminder_at <= :now OR {WAKES})"
LOOK_AT = 64  # duties due, at most, whose communes are tried first
_ORDER = " ORDER BY d.due_on, l.duty_id, l.position"


@dataclass(frozen=True, slots=True)
class DueDuty:
    """A duty to be reminded of, with the lines still missing.

    Its own `bell` rings if `at_step`; if not, it was claimed for the `woken` alone: those who have put it off until
    now. The `asleep` have put it off until later. `kind` says what sort of agency owes it; `steps` are those of its
    plan, where it has its own.
    """

    id: int
    agency: str
    due: date
    lines: tuple[DutyLine, ...]
    agency_id: int
    kind: AgencyKind
    bell: datetime
    steps: tuple[int, ...] | None = None
    at_step: bool = True
    woken: frozenset[int] = frozenset()
    asleep: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class DueUnit:
    """All the duties of one commune that are to be reminded of now."""

    unit_id: int
    unit_name: str
    duties: tuple[DueDuty, ...]


def read_line(row: Row) -> DutyLine:
    """Return the line in a row selected with `LINE`."""
    return DutyLine(
        id=row["id"],
        duty_id=row["duty_id"],
        position=row["position"],
        indicator=row["indicator"],
        section=row["section"] or "",
        target=read_target(row),
        due=read_day(row["due_on"]),
        agency=row["agency"],
        unit_id=row["unit_id"],
        unit_name=row["unit_name"],
        status=row["status"],
        value=read_figure(row["value"]),
        verdict=row["verdict"],
        reported_at=read_optional_instant(row["recorded_at"]),
        submission_id=row["submission_id"],
        previous=read_figure(row["previous"]),
        promised=_day(row["promised_on"]),
        evidence=row["evidence"],
        plan=row["plan_number"] or row["plan_title"] or "",
        target_id=row["target_id"],
        returned=row["returned"] or "",
        closing=row["closing"],
        closes_after=row["closes_after"],
        confirmed_by=row["confirmed_by"],
        cut_off=_day(row["cut_off"]),
        previous_as_of=_day(row["previous_as_of"]),
    )


def _day(text: str | None) -> date | None:
    return read_day(text) if text else None


async def create(
    tx: Transaction,
    plan_id: int,
    agency_id: int,
    owing: Owing,
    target_ids: Sequence[tuple[int, int]],
    first_reminder_at: datetime,
    now: datetime,
) -> int:
    """Store one duty with a line for each (position, target id); returns its id."""
    duty_id = await tx.key(
        "INSERT INTO duties"
        " (plan_id, agency_id, period, due_on, cut_off, asked_from, created_at, next_reminder_at)"
        " VALUES (:plan_id, :agency_id, :period, :due_on, :cut_off, :asked_from, :now, :next) RETURNING id",
        plan_id=plan_id,
        agency_id=agency_id,
        period=owing.period,
        due_on=owing.due.isoformat(),
        cut_off=owing.cut_off.isoformat() if owing.cut_off != owing.due else None,
        asked_from=owing.asked_from.isoformat() if owing.asked_from else None,
        now=instant(now),
        next=instant(first_reminder_at),
    )
    add_lines(tx, duty_id, target_ids)
    return duty_id


def add_lines(tx: Transaction, duty_id: int, target_ids: Sequence[tuple[int, int]]) -> None:
    """Queue adding a line to a duty for each (position, target id)."""
    for position, target_id in target_ids:
        tx.later(
            "INSERT INTO duty_lines (duty_id, target_id, position) VALUES (:duty_id, :target_id, :position)",
            duty_id=duty_id,
            target_id=target_id,
            position=position,
        )


async def lines_of(
    tx: Transaction, person_id: int, until: date | None = None, asked: date | None = None
) -> list[DutyLine]:
    """Return the lines a person's agencies owe, those reported too, nearest due day first.

    Only those due up to `until` if it is given; if `asked` is, only those whose figures are asked for on that day: the
    reports of later periods are not yet.
    """
    rows = await tx.all(
        f"{LINE} WHERE {_MINE} AND d.due_on <= :until AND COALESCE(d.asked_from, '') <= :asked{_ORDER}",
        person_id=person_id,
        until=until.isoformat() if until else "9999-12-31",
        asked=asked.isoformat() if asked else "9999-12-31",
    )
    return [read_line(row) for row in rows]


async def line_of(tx: Transaction, person_id: int, line_id: int) -> DutyLine | None:
    """Return one line if it is owed by an agency the person answers for; None otherwise."""
    return (await line_and_next(tx, person_id, line_id, line_id)).get(line_id)


async def line_and_next(tx: Transaction, person_id: int, line_id: int, next_id: int) -> dict[int, DutyLine]:
    """Return, by id, a line and the one that comes after it, as far as the person's agencies owe them."""
    rows = await tx.all(
        f"{LINE} WHERE {_MINE} AND l.id IN (:line_id, :next_id)",
        person_id=person_id,
        line_id=line_id,
        next_id=next_id,
    )
    return {row["id"]: read_line(row) for row in rows}


def hold(tx: Transaction, duty_id: int) -> None:
    """Queue taking the lock of a duty, before one of its lines is changed in this transaction.

    Without it, two officers who report the last two lines at the same moment each see the other's still missing,
    and nobody closes the duty.
    """
    tx.hold("duties", duty_id)


def hold_all(tx: Transaction, lines: Iterable[DutyLine]) -> None:
    """Queue taking the locks of the duties of some lines in the order of their ids, before any of them is changed.

    Taken in the order of a list, two people with different lists could each wait for the other.
    """
    for duty_id in sorted({line.duty_id for line in lines}):
        hold(tx, duty_id)


def settle(tx: Transaction, duty_id: int, remind_at: datetime) -> None:
    """Queue closing a duty whose every line is reported: it is no longer reminded of. See `hold`.

    One that was closed and has a line without a figure again is opened again, to be reminded of at `remind_at`.
    """
    lacking = "EXISTS (SELECT 1 FROM duty_lines l WHERE l.duty_id = duties.id AND l.status <> 'reported')"
    tx.later(
        f"UPDATE duties SET status = CASE WHEN {lacking} THEN 'open' ELSE 'complete' END,"
        f" next_reminder_at = CASE WHEN {lacking} THEN COALESCE(next_reminder_at, :remind_at) END WHERE id = :id",
        id=duty_id,
        remind_at=instant(remind_at),
    )


def promise(tx: Transaction, line: DutyLine, day: date, at: datetime) -> None:
    """Queue noting by which day a line is promised, and reminding of its duty at `at`.

    Where other lines of the duty lack a figure too and nothing is promised for them, their reminder is not put off.
    """
    hold(tx, line.duty_id)
    tx.later("UPDATE duty_lines SET promised_on = :day WHERE id = :id", day=day.isoformat(), id=line.id)
    open_ends = (
        "EXISTS (SELECT 1 FROM duty_lines l WHERE l.duty_id = duties.id AND l.status <> 'reported'"
        " AND l.promised_on IS NULL)"
    )
    tx.later(
        f"UPDATE duties SET next_reminder_at = CASE WHEN next_reminder_at < :at AND {open_ends}"
        " THEN next_reminder_at ELSE :at END WHERE id = :id AND status = 'open'",
        at=instant(at),
        id=line.duty_id,
    )


def extend(tx: Transaction, duty_id: int, day: date, at: datetime) -> None:
    """Queue giving a duty until a later day, reminding of it next at `at`; the plan's own day is kept beside it."""
    tx.later(
        "UPDATE duties SET extended_from = COALESCE(extended_from, due_on), due_on = :day,"
        " next_reminder_at = CASE WHEN status = 'open' THEN :at END WHERE id = :id",
        day=day.isoformat(),
        at=instant(at),
        id=duty_id,
    )


def close(tx: Transaction, duty_id: int) -> None:
    """Queue closing the figures a duty has, whatever becomes of its due day."""
    tx.later("UPDATE duties SET closing = 'closed' WHERE id = :id", id=duty_id)


async def claim_due(tx: Transaction, now: datetime) -> DueUnit | None:
    """Lock a commune with open duties due for a reminder and return these; None when nothing is due.

    The lock is on the commune, so that one person's duties end up in one digest however many processes ring. Looked at
    first are only the communes of the duties that are due longest: all of them, for each of thousands, takes minutes.
    """
    looked_at = 0
    most = LOOK_AT
    while True:
        candidates = await tx.all(
            "SELECT a.unit_id FROM (SELECT agency_id FROM duties WHERE next_reminder_at <= :now"
            " ORDER BY next_reminder_at, id LIMIT :most) next JOIN agencies a ON a.id = next.agency_id"
            " UNION SELECT a.unit_id FROM (SELECT duty_id FROM snoozes WHERE until <= :now ORDER BY until LIMIT :most)"
            " next JOIN duties d ON d.id = next.duty_id AND d.status = 'open' JOIN agencies a ON a.id = d.agency_id"
            " ORDER BY unit_id",
            now=instant(now),
            most=most,
        )
        for candidate in candidates:
            unit = await tx.one("SELECT id, name FROM units WHERE id = :id $LOCK", id=candidate["unit_id"])
            # Another bell may have been done with this commune just before its lock was ours: then look for the next.
            if unit is not None and (duties := await due_in(tx, unit["id"], now)):
                return DueUnit(unit["id"], unit["name"], duties)
        if len(candidates) == looked_at:  # all there are, and others are at them
            return None
        looked_at, most = len(candidates), most * 8


async def due_in(tx: Transaction, unit_id: int, until: datetime) -> tuple[DueDuty, ...]:
    """Return the open duties of a commune that somebody is to be reminded of up to `until`, by due day."""
    due = {"unit_id": unit_id, "now": instant(until)}
    duties = await tx.all(
        "SELECT d.id, d.due_on, d.next_reminder_at, d.agency_id, p.steps, a.name AS agency, a.kind FROM agencies a"
        f" JOIN duties d ON d.agency_id = a.id JOIN plans p ON p.id = d.plan_id WHERE a.unit_id = :unit_id AND {_RINGS}"
        " ORDER BY d.due_on, d.id",
        **due,
    )
    if not duties:
        return ()
    lines: dict[int, list[DutyLine]] = defaultdict(list)
    for row in await tx.all(
        f"{LINE} WHERE a.unit_id = :unit_id AND {_RINGS} AND l.status <> 'reported'{_ORDER}", **due
    ):
        lines[row["duty_id"]].append(read_line(row))
    woken, asleep = await snoozes.of_unit(tx, unit_id, until)
    return tuple(
        DueDuty(
            row["id"],
            row["agency"],
            read_day(row["due_on"]),
            tuple(lines[row["id"]]),
            row["agency_id"],
            row["kind"],
            read_instant(row["next_reminder_at"]),
            read_steps(row["steps"]),
            at_step=row["next_reminder_at"] <= due["now"],
            woken=frozenset(woken[row["id"]]),
            asleep=frozenset(asleep[row["id"]]),
        )
        for row in duties
    )


def read_steps(text: str | None) -> tuple[int, ...] | None:
    """Return the steps of a plan's own, as stored."""
    return None if text is None else tuple(map(int, text.split()))


async def overdue_in(tx: Transaction, unit_id: int, today: date) -> DueUnit:
    """Return the open duties of a commune past their due day, with what is missing."""
    asked = {"unit_id": unit_id, "today": today.isoformat()}
    late = "a.unit_id = :unit_id AND d.due_on < :today AND d.status = 'open'"
    lines: dict[int, list[DutyLine]] = defaultdict(list)
    for row in await tx.all(f"{LINE} WHERE {late} AND l.status <> 'reported'{_ORDER}", **asked):
        lines[row["duty_id"]].append(read_line(row))
    duties = await tx.all(
        "SELECT d.id, d.due_on, d.next_reminder_at, d.agency_id, a.name, a.kind, u.name AS unit_name FROM duties d"
        f" JOIN agencies a ON a.id = d.agency_id JOIN units u ON u.id = a.unit_id WHERE {late} ORDER BY d.due_on, d.id",
        **asked,
    )
    found = [
        DueDuty(
            row["id"],
            row["name"],
            read_day(row["due_on"]),
            tuple(lines[row["id"]]),
            row["agency_id"],
            row["kind"],
            read_instant(row["next_reminder_at"]),
        )
        for row in duties
        if lines[row["id"]]
    ]
    return DueUnit(unit_id, duties[0]["unit_name"] if duties else "", tuple(found))


def note_reminded(tx: Transaction, duty_id: int, now: datetime) -> None:
    """Queue noting that somebody was told of a duty; its next reminder stays."""
    tx.later("UPDATE duties SET reminded_at = :now WHERE id = :id AND status = 'open'", id=duty_id, now=instant(now))


def remind_next(tx: Transaction, duty_id: int, at: datetime, reminded_at: datetime | None) -> None:
    """Queue moving a duty's next reminder; `reminded_at` only when somebody was told."""
    tx.later(
        "UPDATE duties SET next_reminder_at = :at, reminded_at = COALESCE(:reminded_at, reminded_at)"
        " WHERE id = :id AND status = 'open'",
        id=duty_id,
        at=instant(at),
        reminded_at=instant(reminded_at) if reminded_at else None,
    )


def hold_unit(tx: Transaction, unit_id: int) -> None:
    """Queue taking the lock under which a commune is reminded, as `claim_due` does, but waiting for it."""
    tx.hold("units", unit_id)


def put_back(tx: Transaction, duty_id: int, at: datetime, *, told: bool) -> None:
    """Queue reminding of a duty at `at`, if it is not due before; unless `told`, it does not count as reminded."""
    tx.later(
        "UPDATE duties SET next_reminder_at = CASE WHEN next_reminder_at < :at THEN next_reminder_at ELSE :at END,"
        f" reminded_at = {'reminded_at' if told else 'NULL'} WHERE id = :id AND status = 'open'",
        id=duty_id,
        at=instant(at),
    )


async def never_reminded(tx: Transaction, agency_id: int) -> list[tuple[int, date]]:
    """Return the open duties of an agency that nobody was ever told of, with their due days."""
    rows = await tx.all(
        "SELECT id, due_on FROM duties WHERE agency_id = :agency_id AND status = 'open' AND reminded_at IS NULL"
        " ORDER BY id",
        agency_id=agency_id,
    )
    return [(row["id"], read_day(row["due_on"])) for row in rows]


async def next_bell(tx: Transaction) -> datetime | None:
    """Return the earliest instant at which somebody is to be reminded of some duty."""
    row = await tx.one(
        "SELECT MIN(at) AS at FROM (SELECT MIN(next_reminder_at) AS at FROM duties WHERE status = 'open' UNION ALL"
        " SELECT MIN(z.until) FROM snoozes z JOIN duties d ON d.id = z.duty_id AND d.status = 'open') s"
    )
    return read_optional_instant(row["at"]) if row else None
