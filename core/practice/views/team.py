"""The team: who is on it, inviting, roles, removing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, request

from core.accounts import service as accounts
from core.i18n import gettext as _
from core.practice import service
from core.practice.forms import ROLE_CHOICES, MemberForm, RoleForm
from core.spec.errors import Refused
from core.tenancy import Scope
from core.web.pages import page, redirect_to


def team(scope: Scope) -> Response:
    """The members and those who were invited and have not come yet."""
    return _team_page(scope, MemberForm(None))


def _team_page(scope: Scope, form: MemberForm, problem: str = "") -> Response:
    return page(
        "practice/team.html",
        members=service.team(scope),
        waiting=accounts.waiting_members(scope),
        roles=dict(ROLE_CHOICES),
        form=form,
        problem=problem,
        status=422 if form.errors or problem else 200,
    )


def invite_member(scope: Scope) -> Response:
    """Send somebody a link to the team."""
    form = MemberForm(request.form)
    if form.validate():
        try:
            accounts.invite_member(scope, form.email.data, form.name.data, form.role.data)
            return redirect_to("practice.team")
        except Refused:
            form.refuse("email", _("This person is on the team, or was invited too often."))
    return _team_page(scope, form)


def resend_member(scope: Scope, welcome_id: UUID) -> Response:
    """Send the link to the team once more."""
    return _then_team(scope, accounts.resend_welcome, welcome_id)


def revoke_member(scope: Scope, welcome_id: UUID) -> Response:
    """Take the link to the team back."""
    return _then_team(scope, accounts.revoke_welcome, welcome_id)


def change_role(scope: Scope, member_id: UUID) -> Response:
    """Another role for a member."""
    form = RoleForm(request.form if request.method == "POST" else None)
    member = service.member_of(scope, member_id)
    if request.method == "GET":
        form.role.data = member.role
    elif form.validate():
        try:
            service.change_role(scope, member_id, form.role.data)
            return redirect_to("practice.team")
        except Refused:
            form.refuse("role", _("The practice needs an owner. Make somebody else owner first."))
    status = 422 if form.errors else 200
    return page("practice/member.html", form=form, member=member, status=status)


def remove_member(scope: Scope, member_id: UUID) -> Response:
    """Remove a member from the team."""
    return _then_team(scope, service.remove_member, member_id)


def _then_team(scope: Scope, act: Any, *values: Any) -> Response:
    try:
        act(scope, *values)
    except Refused:
        changed = _("This can't be done now: the practice needs an owner, or it changed meanwhile.")
        return _team_page(scope, MemberForm(None), changed)
    return redirect_to("practice.team")
