"""Making invitations: from the chat, from the command line, and the very first one."""

from __future__ import annotations

from datetime import datetime

from domain.model import InvitationRole
from handlers.codes import VALID_FOR, new_code
from storage import audit, people
from storage.database import Transaction


async def make(
    tx: Transaction,
    now: datetime,
    role: InvitationRole,
    name: str,
    unit_id: int,
    agency_id: int | None = None,
    made_by: int | None = None,
) -> str:
    """Store an invitation for seven days and return its code, which is kept only as a hash.

    Without a `name` whoever uses it is asked for theirs. The caller has asked whether `made_by` may.
    """
    code = new_code()
    invited = await people.invite(tx, code, role, name, unit_id, agency_id, now + VALID_FOR, now, made_by)
    place = {"agency": agency_id} if agency_id is not None else {}
    audit.note(tx, "invitation.made", f"invitation:{invited}", now, made_by, unit_id=unit_id, role=role, **place)
    return code
