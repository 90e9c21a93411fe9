"""Withdrawing: what is known of a person goes; figures stay with their agency, given by nobody in particular."""

from __future__ import annotations

from storage.database import Transaction

NOBODY = "đã rút"
_OF_ADDRESS = (
    "EXISTS (SELECT 1 FROM addresses a WHERE a.person_id = :person_id AND a.channel = {table}.channel"
    " AND a.external_id = {table}.{column})"
)
# Where a chat is known by its address, and in which column.
_CHATS = {
    "conversations": "external_id",
    "applications": "external_id",
    "inbox": "sender",
    "outbox": "recipient",
}


def forget(tx: Transaction, person_id: int) -> None:
    """Queue erasing a person's name, accounts, roles and messages, and their name in what others were sent."""
    for table, column in _CHATS.items():
        tx.later(f"DELETE FROM {table} WHERE {_OF_ADDRESS.format(table=table, column=column)}", person_id=person_id)
    # What others were told of them has been read; what still waits to be sent names them once.
    tx.later(
        "UPDATE outbox SET payload = '' WHERE status IN ('sent', 'failed')"
        " AND payload LIKE '%' || (SELECT name FROM people WHERE id = :person_id) || '%'",
        person_id=person_id,
    )
    tx.later("UPDATE absences SET stand_in_id = NULL WHERE stand_in_id = :person_id", person_id=person_id)
    tx.later("UPDATE files SET sender = '', remote_id = '' WHERE person_id = :person_id", person_id=person_id)
    for table in ("pairings", "addresses", "memberships", "grants", "snoozes", "absences"):
        tx.later(f"DELETE FROM {table} WHERE person_id = :person_id", person_id=person_id)
    tx.later("UPDATE invitations SET name = :nobody, post = NULL WHERE used_by = :id", nobody=NOBODY, id=person_id)
    tx.later("UPDATE people SET name = :nobody WHERE id = :id", nobody=NOBODY, id=person_id)


async def only_admin_of(tx: Transaction, person_id: int) -> list[str]:
    """Return the names of the units that have no other admin than this person."""
    rows = await tx.all(
        "SELECT u.name FROM grants g JOIN units u ON u.id = g.unit_id WHERE g.person_id = :person_id"
        " AND g.role = 'admin' AND NOT EXISTS (SELECT 1 FROM grants o WHERE o.unit_id = g.unit_id AND o.role = 'admin'"
        " AND o.person_id <> g.person_id) ORDER BY u.name",
        person_id=person_id,
    )
    return [row["name"] for row in rows]
