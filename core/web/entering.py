"""This browser's login: begun, proven again, and ended."""

from __future__ import annotations

from uuid import UUID

from flask import request, session
from flask_login import current_user, login_user, logout_user

from core.tenancy import Account
from core.tenancy.logins import end_login, renew_login, start_login, visit_of
from core.web import kept
from core.web.guard import Viewer, remote_address


def log_in(account: Account, *, is_staff: bool) -> None:
    """Begin a login in this browser; whatever the cookie held before is forgotten."""
    end_current()
    agent = request.headers.get("User-Agent", "")
    token = start_login(account, is_staff=is_staff, address=remote_address(), agent=agent)
    session.clear()
    visit = visit_of(token)
    if visit is not None:
        login_user(Viewer(token, visit.login, visit.account))
    kept.remember(account.id)


def renew() -> None:
    """The password was given again: the login counts as proven, and its cookie is another (A5)."""
    session["_user_id"] = renew_login(current_login_id())


def log_out() -> None:
    """End this browser's login, in the database and in the cookie."""
    end_current()
    logout_user()
    session.clear()


def end_current() -> None:
    if "_user_id" in session and current_user.is_authenticated:
        end_login(current_user.login.id)


def current_login_id() -> UUID:
    """The login of whoever asks; only behind a Route that admits nobody else."""
    found: UUID = current_user.login.id
    return found
