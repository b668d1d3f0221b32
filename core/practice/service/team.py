"""The team: members, their roles, and the owner who can't be the last to go."""

from __future__ import annotations

from uuid import UUID

from core import audit, clock, db
from core.spec.errors import Refused
from core.spec.scope import Role
from core.tenancy import Member, Scope, changes


def team(scope: Scope) -> list[Member]:
    """The members, in the order in which they joined."""
    rows = scope.rows(Member).where(Member.removed_at.is_null())
    return list(rows.order_by(Member.joined_at, Member.id))


def member_of(scope: Scope, member_id: UUID) -> Member:
    """One member of the team. Raises NotFound."""
    row: Member = scope.one(Member, member_id)
    return row


def change_role(scope: Scope, member_id: UUID, role: Role) -> None:
    """Give a member another role; acts at their next click. Raises Refused("last_owner")."""
    with db.transaction():
        member = member_of(scope, member_id)
        if role != "owner":
            _keep_an_owner(scope, member)
        scope.change(member, role=role)
        changes.announce("account", member.account_id)
        audit.note(scope, "practice.role_changed", member)


def remove_member(scope: Scope, member_id: UUID) -> None:
    """The member no longer reaches this practice. Raises Refused("last_owner")."""
    with db.transaction():
        member = member_of(scope, member_id)
        _keep_an_owner(scope, member)
        scope.change(member, removed_at=clock.now())
        changes.announce("account", member.account_id)
        audit.note(scope, "practice.member_removed", member)


def _keep_an_owner(scope: Scope, leaving: Member) -> None:
    others = [row for row in team(scope) if row.role == "owner" and row.id != leaving.id]
    if leaving.role == "owner" and not others:
        raise Refused("last_owner")
