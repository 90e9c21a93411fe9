"""Figures as given: by whom, when, in which words. A new one replaces the old, which is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from domain.messages import Address
from domain.model import DutyLine, FigureValue, Verdict
from storage import audit, duties
from storage.database import Transaction
from storage.values import figure, instant, packed


def record(
    tx: Transaction,
    line: DutyLine,
    person_id: int,
    value: FigureValue,
    verdict: Verdict,
    typed: str,
    reading: dict[str, Any],
    inbox_id: int,
    now: datetime,
    *,
    as_of: date | None = None,
    remind_at: datetime | None = None,
    said_in: str | None = None,
    item: int | None = None,
) -> None:
    """Queue storing a figure as the newest of its line; a `value` of None records "no figure yet", which is never 0.

    The transaction fails with `Outdated` when the line has changed since `line` was read: a colleague was quicker, or
    the plan was amended. One inbox message gives a line one figure at most, so a message handled twice cannot count
    twice.

    `said_in` is the channel's id of the message it was given in, `item` its number in a list there: with them an edit
    of that message finds the figure.

    `as_of` is the last day that the figure takes in.

    A duty that was complete and lacks a figure again is next reminded of at `remind_at`, at once without it.
    """
    duties.hold(tx, line.duty_id)  # the comparison below is made under its lock
    tx.expect(
        "INSERT INTO submissions"
        " (line_id, person_id, value, verdict, typed, reading, recorded_at, replaces_id, inbox_id, as_of, said_in,"
        " item)"
        " SELECT l.id, :person_id, :value, :verdict, :typed, :reading, :now, :replaces_id, :inbox_id, :as_of,"
        " :said_in, :item"
        " FROM duty_lines l"
        " JOIN duties d ON d.id = l.duty_id JOIN plans p ON p.id = d.plan_id AND p.status = 'active'"
        " WHERE l.id = :line_id AND l.target_id = :target_id AND COALESCE(l.submission_id, 0) = :seen",
        line_id=line.id,
        target_id=line.target_id,
        person_id=person_id,
        value=figure(value),
        verdict=verdict,
        typed=typed,
        reading=packed(reading),
        now=instant(now),
        replaces_id=line.submission_id,
        inbox_id=inbox_id,
        as_of=as_of.isoformat() if as_of else None,
        said_in=said_in,
        item=item,
        seen=line.submission_id or 0,
    )
    tx.later(
        "UPDATE duty_lines SET status = :status, verdict = :verdict, promised_on = NULL,"
        " submission_id = (SELECT id FROM submissions WHERE inbox_id = :inbox_id AND line_id = duty_lines.id)"
        " WHERE id = :id",
        id=line.id,
        status="no_data" if value is None else "reported",
        verdict=verdict,
        inbox_id=inbox_id,
    )
    audit.note(
        tx,
        "figure.recorded",
        f"figure:{line.id}:{inbox_id}",
        now,
        person_id,
        unit_id=line.unit_id,
        was=figure(line.value),
        now_is=figure(value),
    )
    duties.settle(tx, line.duty_id, remind_at or now)


async def is_given_by(tx: Transaction, line: DutyLine, person_id: int) -> bool:
    """Tell whether the figure that stands on a line, as it was seen, was given by this person."""
    row = await tx.one(
        "SELECT 1 FROM submissions WHERE id = :id AND person_id = :person_id",
        id=line.submission_id,
        person_id=person_id,
    )
    return row is not None


@dataclass(frozen=True, slots=True)
class Given:
    """A figure that is still the newest of its line, with the words it was given in and its number in their list."""

    line_id: int
    typed: str
    item: int | None


async def given_in(tx: Transaction, sender: Address, message_id: str) -> list[Given]:
    """Return the figures that a message of somebody gave and that no later one has replaced."""
    rows = await tx.all(
        "SELECT b.line_id, b.typed, b.item FROM submissions b JOIN inbox i ON i.id = b.inbox_id"
        " JOIN duty_lines l ON l.submission_id = b.id"
        " WHERE b.said_in = :message_id AND i.channel = :channel AND i.sender = :sender ORDER BY b.item, b.id",
        message_id=message_id,
        channel=sender.channel,
        sender=sender.id,
    )
    return [Given(row["line_id"], row["typed"], row["item"]) for row in rows]
