"""Who may do what: one table, by role. `storage.permissions` says which roles somebody has where; docs/permissions.md
shows the table to people.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal

from domain.model import InvitationRole, MembershipRole

# officer, head: of an agency. leader, admin, auditor: of a unit; those of a province reach its communes.
# operator: whoever sits at the machine, with the command line.
Role = Literal["officer", "head", "leader", "admin", "auditor", "operator"]
Action = Literal[
    "report",
    "confirm",
    "reopen",
    "send_back",
    "extend",
    "close",
    "reassign",
    "remind_now",
    "ask_explanation",
    "read_status",
    "read_schedule",
    "read_contacts",
    "manage_contacts",
    "invite",
    "manage_plan",
    "manage_units",
    "manage_groups",
    "read_audit",
    "operate",
]

ALLOWED: Mapping[Action, frozenset[Role]] = {
    # Of an agency's lines.
    "report": frozenset({"officer", "head"}),
    "confirm": frozenset({"head"}),
    "reopen": frozenset({"head", "admin"}),
    "send_back": frozenset({"head", "leader", "admin"}),
    "extend": frozenset({"leader", "admin"}),
    "close": frozenset({"leader", "admin"}),
    "reassign": frozenset({"admin"}),
    "remind_now": frozenset({"leader", "admin"}),
    "ask_explanation": frozenset({"leader", "admin"}),
    # Of a unit, or of one of its agencies.
    "read_status": frozenset({"head", "leader", "admin", "auditor", "operator"}),
    "read_schedule": frozenset({"leader", "admin", "auditor", "operator"}),
    "read_contacts": frozenset({"leader", "admin", "auditor", "operator"}),
    "manage_contacts": frozenset({"admin", "operator"}),
    "invite": frozenset({"admin", "operator"}),
    "manage_plan": frozenset({"admin", "operator"}),
    "manage_groups": frozenset({"admin"}),
    "read_audit": frozenset({"admin", "auditor", "operator"}),
    # Of the whole installation.
    "manage_units": frozenset({"operator"}),
    "operate": frozenset({"operator"}),
}

# What an invitation into an agency makes of somebody there, and the role that is.
MEMBERSHIPS: Mapping[InvitationRole, MembershipRole] = {"officer": "primary", "alternate": "alternate", "head": "head"}
ROLE_OF_MEMBERSHIP: Mapping[MembershipRole, Role] = {"primary": "officer", "alternate": "officer", "head": "head"}


def allows(roles: Collection[Role], action: Action) -> bool:
    """Tell whether somebody with these roles at a place may do `action` there."""
    return not ALLOWED[action].isdisjoint(roles)


def actions_of(roles: Collection[Role]) -> frozenset[Action]:
    """Return all that somebody with these roles may do where they have them."""
    return frozenset(action for action in ALLOWED if allows(roles, action))
